"""With a WeChat that really cuts, repeats and counts, the customer sees each answer exactly once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.channels.wechat.simulator.account import Mode
from bot.channels.wechat.simulator.phone import UNAVAILABLE
from bot.channels.wechat.simulator.push import Patience
from bot.conversations.messages import Author, Button, Draft, State
from bot.staff.models import Agent
from bot.storage.database import Database
from tests.channels.wechat.simulated import World, simulated
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms
from tests.staff.people import hire

CUT_S, PASSIVE_S = 2.0, 1.2
"""WeChat's 5 s and our 4.5 s, in a hurry, for the tests whose subject is time."""
PATIENT_CUT_S, PATIENT_PASSIVE_S = 30.0, 4.5
"""For all others: a machine that stands still for some seconds must not look like a late answer."""
NewWorld = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture
def world_of(db: Database, clock: FakeClock, sms: FakeSms, dialogue: FakeDialogue) -> NewWorld:
    """Makes a world with a patient WeChat, unless told otherwise."""

    def make(
        at_once: int = 1, cut_s: float = PATIENT_CUT_S, passive_s: float = PATIENT_PASSIVE_S
    ) -> AbstractAsyncContextManager[World]:
        patience = Patience(reply_s=cut_s, at_once=at_once)
        return simulated(db, clock, sms, dialogue, patience=patience, wechat_passive_s=passive_s)

    return make


@pytest.fixture
async def world(world_of: NewWorld) -> AsyncIterator[World]:
    async with world_of() as world:
        yield world


async def seen_once(world: World, *texts: str) -> None:
    """The phone shows each text exactly once, and never that the account is out of service."""
    whole = "\n".join(await world.shown())
    assert [whole.count(text) for text in texts] == [1] * len(texts), whole
    assert UNAVAILABLE not in whole


# Time


@pytest.mark.parametrize(
    "thinking_s", [0, PASSIVE_S - 0.1, PASSIVE_S + 0.05, CUT_S - 0.05, CUT_S + 0.1, 3 * CUT_S + 0.3]
)
@pytest.mark.parametrize("at_once", [1, 2])
async def test_however_long_the_bot_thinks(world_of: NewWorld, thinking_s: float, at_once: int) -> None:
    async with world_of(at_once, CUT_S, PASSIVE_S) as world:
        world.dialogue.before_answer = lambda _text: asyncio.sleep(thinking_s)
        await world.user.text("慢慢想")
        await _handled(world)
        await seen_once(world, "您说的是：慢慢想")
        assert [text for _, text in world.dialogue.asked] == ["慢慢想"]


@pytest.mark.parametrize("at_once", [1, 2])
@pytest.mark.parametrize("lost", [1, 2])
async def test_an_answer_that_is_lost_on_its_way_comes_with_the_next_try(
    world_of: NewWorld, at_once: int, lost: int
) -> None:
    async with world_of(at_once) as world:
        world.simulator.patience.lost_answers = lost
        await world.user.text("你好")
        await seen_once(world, "您说的是：你好")
        assert [text for _, text in world.dialogue.asked] == ["你好"]


async def test_impatient_customers_get_every_answer_once(world_of: NewWorld) -> None:
    async with world_of(1, CUT_S, PASSIVE_S) as world:
        world.dialogue.before_answer = lambda _text: asyncio.sleep(0.4)
        await asyncio.gather(*(world.user.text(f"第{number}问") for number in range(4)))
        await _handled(world)
        await seen_once(world, *(f"您说的是：第{number}问" for number in range(4)))


@pytest.mark.parametrize("mode", list(Mode))
async def test_in_every_mode(world: World, mode: Mode) -> None:
    world.simulator.account.mode = mode
    await world.user.text("你好")
    await seen_once(world, "您说的是：你好")


# The quota


async def test_what_does_not_fit_is_held_and_comes_first(world: World, clock: FakeClock) -> None:
    await world.user.text("你好")
    for number in range(8):
        await _tell(world, f"第{number}条通知。")
        await world.shown()
    assert world.user.phone.quota.left == 0
    whole = "\n".join(await world.shown())
    assert "第4条" in whole
    assert "第5条" not in whole
    clock.advance(days=3)
    await world.user.text("在吗")
    await seen_once(world, *(f"第{number}条通知。" for number in range(8)), "您说的是：在吗")
    whole = "\n".join(await world.shown())
    assert whole.index("第7条通知。") < whole.index("您说的是：在吗")


async def test_after_48_hours_nothing_is_tried(world: World, clock: FakeClock) -> None:
    await world.user.text("你好")
    clock.advance(days=2)
    await _tell(world, "您的投诉已受理。")
    await asyncio.sleep(0.3)
    assert "您的投诉已受理。" not in "\n".join(world.user.phone.texts())
    await world.user.text("在吗")
    await seen_once(world, "您的投诉已受理。", "您说的是：在吗")


async def test_who_unfollowed_is_not_written_to(world: World) -> None:
    await world.user.text("你好")
    await world.user.unfollow()
    before = world.user.phone.texts()
    await _tell(world, "您的投诉已受理。")
    await asyncio.sleep(0.3)
    assert world.user.phone.texts() == before


# The access token


async def test_a_token_that_WeChat_no_longer_knows_is_replaced(world: World) -> None:  # noqa: N802
    await world.user.text("你好")
    await _tell(world, "第一条通知。")
    await seen_once(world, "第一条通知。")
    world.simulator.tokens.revoke()
    await _tell(world, "第二条通知。")
    await seen_once(world, "第一条通知。", "第二条通知。")


# People


async def test_agents_reply_as_they_type(world: World) -> None:
    conversation_id, lin = await _taken(world)
    await world.gateway.handoff.reply(conversation_id, lin, "a1", "您好，我是林晓。")
    await world.gateway.handoff.reply(conversation_id, lin, "a2", "请问有什么可以帮您？")
    await seen_once(world, "您好，我是林晓。", "请问有什么可以帮您？")
    await world.user.text("我的卡丢了")
    said = await world.gateway.log.messages(conversation_id)
    assert said[-1].text == "我的卡丢了"


async def test_the_survey_is_answered_by_number(world: World) -> None:
    conversation_id, lin = await _taken(world)
    await world.gateway.handoff.close(conversation_id, lin)
    await seen_once(world, "请为这次服务打个分")
    await world.user.text("回复5")
    await seen_once(world, "谢谢您的评价")
    assert (await world.gateway.log.get(conversation_id)).state is State.CLOSED


async def test_a_picture_reaches_the_agent(world: World) -> None:
    conversation_id, _ = await _taken(world)
    await world.user.picture(b"\x89PNG\r\n\x1a\n", "image/png")
    said = await world.gateway.log.messages(conversation_id)
    assert (said[-1].author, "image" in said[-1].metadata) == (Author.CUSTOMER, True)


# What else a user can do


async def test_following_is_welcomed_by_a_machine_that_says_so(world: World) -> None:
    await world.user.follow()
    whole = "\n".join(await world.shown())
    assert "智能客服" in whole
    assert UNAVAILABLE not in whole


async def test_a_voice_is_understood_when_WeChat_recognises_it(world: World) -> None:  # noqa: N802
    await world.user.voice("上个月花了多少钱")
    await seen_once(world, "您说的是：上个月花了多少钱")


async def test_without_recognition_the_customer_is_asked_to_write(world: World) -> None:
    world.simulator.account.recognises_voice = False
    await world.user.voice("上个月花了多少钱")
    await seen_once(world, "文字")
    assert world.dialogue.asked == []


async def test_a_tapped_choice_is_understood(world: World) -> None:
    await world.user.text("你好")
    buttons = (Button("查余额", "/check_balance"), Button("查明细", "/check_transactions"))
    async with world.gateway.log.change(await world.conversation_id()) as change:
        await change.append(Draft(Author.BOT, "要查什么？", buttons=buttons))
    await seen_once(world, "要查什么？")
    menu = world.user.phone.bubbles[-1]
    assert menu.kind == "msgmenu"
    await world.user.choose(menu.content["items"][1])
    assert world.dialogue.asked[-1][1] == "/check_transactions"


@pytest.mark.parametrize("what", ["picture", "location", "link", "video"])
async def test_everything_else_is_acknowledged(world: World, what: str) -> None:
    match what:
        case "picture":
            await world.user.picture(b"\x89PNG\r\n\x1a\n", "image/png")
        case "location":
            await world.user.location("上海市黄浦区人民广场", 31.23, 121.47)
        case "link":
            await world.user.link("存款利率", "https://news.example.com/")
        case "video":
            await world.user.video()
    (answer,) = await world.shown()
    assert answer != UNAVAILABLE


async def _tell(world: World, text: str) -> None:
    async with world.gateway.log.change(await world.conversation_id()) as change:
        await change.append(Draft(Author.SYSTEM, text))


async def _taken(world: World) -> tuple[str, Agent]:
    """The customer has asked for a person, and 林 has taken the conversation."""
    lin = await hire(world.gateway, "lin")
    world.dialogue.will_hand_off("转人工")
    await world.user.text("转人工")
    conversation_id = await world.conversation_id()
    await world.gateway.handoff.claim(conversation_id, lin)
    return conversation_id, lin


async def _handled(world: World) -> None:
    """Every message of the customer has been answered."""
    async with asyncio.timeout(10):
        while await world.gateway.log.unhandled(await world.conversation_id()):
            await asyncio.sleep(0.02)
