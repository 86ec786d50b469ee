"""Following, leaving, scanning, tapping; and everything that is said without text."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot.channels.wechat.topics import load_topics
from bot.conversations.messages import Author, Draft, State
from bot.handoff.errors import AlreadyClaimedError, NotYoursError
from bot.handoff.tables import handoffs
from bot.settings import Settings
from bot.storage.database import Database
from tests.channels.wechat.pushes import OPENID, event, message
from tests.channels.wechat.workers import Worker, worker
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.wechat import FakeWechat
from tests.staff.people import hire


@pytest.fixture
async def bank(db: Database, clock: FakeClock, dialogue: FakeDialogue) -> AsyncIterator[Worker]:
    async with worker(db, clock, dialogue, FakeWechat()) as bank:
        yield bank


def asked(dialogue: FakeDialogue) -> list[str]:
    return [text for _, text in dialogue.asked]


async def state(bank: Worker) -> State:
    return (await bank.gateway.log.get(await bank.conversation_id())).state


async def outcome(bank: Worker) -> str | None:
    """How the handoff ended."""
    async with bank.gateway.foundation.db.read() as connection:
        return await connection.scalar(select(handoffs.c.outcome))


async def queue(bank: Worker, dialogue: FakeDialogue) -> str:
    """The user asks for a person."""
    dialogue.will_hand_off("转人工")
    await bank.wechat.said(message("text", Content="转人工"))
    return await bank.conversation_id()


# Following


async def test_who_follows_is_welcomed_by_a_machine_that_says_what_it_can_do(bank: Worker) -> None:
    welcome = await bank.wechat.said(event("subscribe", EventKey=""))
    assert re.search("智能客服.*机器", welcome)
    assert all(word in welcome for word in ("查余额", "挂失", "投诉", "转人工", "1"))


async def test_an_offer_of_the_welcome_is_taken_by_its_number(bank: Worker, dialogue: FakeDialogue) -> None:
    await bank.wechat.said(event("subscribe", EventKey=""))
    await bank.wechat.said(message("text", Content="回复3"))
    assert asked(dialogue) == ["/report_lost_card"]


async def test_who_follows_by_a_code_gets_to_its_topic(bank: Worker, dialogue: FakeDialogue) -> None:
    dialogue.will_say("/file_complaint", "请说说您遇到的问题。")
    said = await bank.wechat.said(event("subscribe", EventKey="qrscene_complaint", Ticket="t"))
    assert "欢迎" in said
    assert said.endswith("请说说您遇到的问题。")
    assert asked(dialogue) == ["/file_complaint"]


async def test_an_unknown_scene_is_an_ordinary_welcome(bank: Worker, dialogue: FakeDialogue) -> None:
    assert "欢迎" in await bank.wechat.said(event("subscribe", EventKey="qrscene_branch-17"))
    assert asked(dialogue) == []


# Scanning and tapping


@pytest.mark.parametrize("name", ["SCAN", "CLICK"])
@pytest.mark.parametrize("topic", sorted(load_topics()))
async def test_every_topic_is_opened_as_if_it_had_been_said(
    bank: Worker, dialogue: FakeDialogue, name: str, topic: str
) -> None:
    await bank.wechat.said(event(name, EventKey=topic))
    assert asked(dialogue) == [load_topics()[topic].payload]
    assert (await bank.transcript())[0] == (Author.CUSTOMER, load_topics()[topic].says)


@pytest.mark.parametrize(("name", "words"), [("SCAN", "智能客服"), ("CLICK", "菜单")])
@pytest.mark.parametrize("key", ["", "gone", "/request_human", "余额"])
async def test_an_unknown_key_is_answered_and_runs_nothing(
    bank: Worker, dialogue: FakeDialogue, name: str, words: str, key: str
) -> None:
    assert words in await bank.wechat.said(event(name, EventKey=key))
    assert asked(dialogue) == []


async def test_a_tap_while_waiting_reaches_the_agent(bank: Worker, dialogue: FakeDialogue) -> None:
    await queue(bank, dialogue)
    assert await bank.wechat.said(event("CLICK", EventKey="balance")) == ""
    assert (await bank.transcript())[-1] == (Author.CUSTOMER, "查余额")
    assert asked(dialogue) == ["转人工"]


async def test_a_tap_opens_three_pushes_for_a_minute(bank: Worker, clock: FakeClock) -> None:
    await bank.wechat.said(event("CLICK", EventKey="balance"))
    conversation_id = await bank.conversation_id()
    assert (await bank.channel.delivery.reach(conversation_id)).left == 3
    clock.advance(seconds=61)
    assert (await bank.channel.delivery.reach(conversation_id)).left == 0


async def test_a_tap_on_a_menu_of_replies_opens_no_five_pushes(bank: Worker) -> None:
    await bank.wechat.said(message("text", Content="查余额", bizmsgmenuid="1"))
    assert (await bank.channel.delivery.reach(await bank.conversation_id())).left == 3


def test_topics_are_intents_of_the_domain() -> None:
    intents = yaml.safe_load(Settings(_env_file=None).domain_file.read_text(encoding="utf-8"))["intents"]
    assert {topic.payload.removeprefix("/") for topic in load_topics().values()} <= set(intents)


# Leaving


async def test_who_leaves_ends_the_conversation_without_a_word(bank: Worker) -> None:
    await bank.wechat.said(message("text", Content="你好"))
    answer = await bank.wechat.push(event("unsubscribe", EventKey=""))
    assert answer.text == "success"
    assert await state(bank) is State.CLOSED
    assert (await bank.transcript())[-1] == (Author.CUSTOMER, "[已取消关注]")
    assert (await bank.channel.receiver.users.of(OPENID)).unfollowed_at is not None
    assert (await bank.channel.delivery.reach(await bank.conversation_id())).left == 0


async def test_who_leaves_the_queue_waits_no_more(bank: Worker, dialogue: FakeDialogue) -> None:
    conversation_id = await queue(bank, dialogue)
    assert await bank.gateway.handoff.position(conversation_id) == 1
    await bank.wechat.push(event("unsubscribe", EventKey=""))
    assert await bank.gateway.handoff.position(conversation_id) is None
    assert (await state(bank), await outcome(bank)) == (State.CLOSED, "leave")
    lin = await hire(bank.gateway, "lin")
    with pytest.raises(AlreadyClaimedError):
        await bank.gateway.handoff.claim(conversation_id, lin)


async def test_who_leaves_an_agent_can_be_told_nothing_more(bank: Worker, dialogue: FakeDialogue) -> None:
    conversation_id = await queue(bank, dialogue)
    lin = await hire(bank.gateway, "lin")
    await bank.gateway.handoff.claim(conversation_id, lin)
    await bank.wechat.push(event("unsubscribe", EventKey=""))
    assert (await state(bank), await outcome(bank)) == (State.CLOSED, "leave")
    with pytest.raises(NotYoursError):
        await bank.gateway.handoff.reply(conversation_id, lin, "1", "您好")
    with pytest.raises(NotYoursError):
        await bank.gateway.handoff.close(conversation_id, lin)


async def test_leaving_twice_is_leaving_once(bank: Worker) -> None:
    fields = event("unsubscribe", EventKey="")
    for _ in range(2):
        assert (await bank.wechat.push(fields)).text == "success"
    assert await bank.transcript() == [(Author.CUSTOMER, "[已取消关注]")]


async def test_who_comes_back_is_welcomed_and_told_what_was_missed(bank: Worker) -> None:
    await bank.wechat.said(message("text", Content="你好"))
    await bank.wechat.push(event("unsubscribe", EventKey="", at=1795406400))
    async with bank.gateway.log.change(await bank.conversation_id()) as change:
        await change.append(Draft(Author.SYSTEM, "您的投诉已办结。"))
    await bank.channel.delivery.push(await bank.conversation_id())
    assert bank.api.texts(OPENID) == []
    said = await bank.wechat.said(event("subscribe", EventKey="", at=1795406460))
    assert said.index("您的投诉已办结。") < said.index("欢迎")
    assert "取消关注" not in said
    assert await state(bank) is State.BOT
    assert (await bank.channel.receiver.users.of(OPENID)).unfollowed_at is None


async def test_who_writes_follows_even_if_nobody_told(bank: Worker) -> None:
    await bank.wechat.push(event("unsubscribe", EventKey=""))
    assert await bank.wechat.said(message("text", Content="你好")) == "您说的是：你好"
    assert (await bank.channel.receiver.users.of(OPENID)).unfollowed_at is None


# Without text


async def test_a_recognised_voice_is_a_text(bank: Worker, dialogue: FakeDialogue) -> None:
    said = await bank.wechat.said(message("voice", MediaId="m", Format="amr", Recognition="查一下余额。"))
    assert said == "您说的是：查一下余额。"


@pytest.mark.parametrize(
    ("fields", "mark", "words"),
    [
        (message("voice", MediaId="m", Format="amr"), "[语音]", "请输入文字"),
        (message("voice", MediaId="m", Format="amr", Recognition=" "), "[语音]", "请输入文字"),
        (message("image", MediaId="m", PicUrl="http://p"), "[图片]", "图片收到了"),
        (message("video", MediaId="m", ThumbMediaId="t"), "[视频]", "视频收到了"),
        (message("shortvideo", MediaId="m", ThumbMediaId="t"), "[视频]", "视频收到了"),
        (
            message("location", Location_X="31", Location_Y="121", Scale=16, Label="世纪大道1号"),
            "[位置]世纪大道1号",
            "位置收到了",
        ),
        (message("link", Title="中奖了", Description="", Url="https://u"), "[链接]中奖了 https://u", "链接收到了"),
        (message("file", Title="合同"), "[其他消息]", "请用文字"),
        (message("text", Content="【收到不支持的消息类型，暂无法显示】"), "[其他消息]", "请用文字"),
        (message("text", Content=" \n"), "[空消息]", "请输入"),
        (message("text", Content="长" * 2001), "[过长的消息]", "2000字以内"),
    ],
)
async def test_everything_else_is_acknowledged_without_the_bot(
    bank: Worker, dialogue: FakeDialogue, fields: dict[str, Any], mark: str, words: str
) -> None:
    assert words in await bank.wechat.said(fields)
    assert words in await bank.wechat.said(fields)
    assert [text for author, text in await bank.transcript() if author is Author.CUSTOMER] == [mark]
    assert asked(dialogue) == []


async def test_a_picture_goes_to_the_agent_who_is_there(bank: Worker, dialogue: FakeDialogue) -> None:
    await queue(bank, dialogue)
    assert await bank.wechat.said(message("image", MediaId="m-1", PicUrl="http://p/1")) == ""
    last = (await bank.log())[-1]
    assert (last.author, last.text) == (Author.CUSTOMER, "[图片]")
    assert last.metadata["image"] == {"media_id": "m-1", "pic_url": "http://p/1"}


async def test_a_flood_is_answered_with_a_request_for_patience(
    db: Database, clock: FakeClock, dialogue: FakeDialogue
) -> None:
    async with worker(db, clock, dialogue, FakeWechat(), messages_per_minute=2) as bank:
        said = [await bank.wechat.said(message("text", Content="喂")) for _ in range(3)]
    assert said[:2] == ["您说的是：喂"] * 2
    assert said[2] == bank.gateway.texts("utter_too_many")
    assert len(dialogue.asked) == 2
