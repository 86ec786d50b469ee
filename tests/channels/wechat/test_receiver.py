"""Each push is dealt with once, on however many workers it arrives; every try gets the same answer; none is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.channels.wechat.inbound import push_of
from bot.channels.wechat.inbox import Inbox
from bot.conversations.messages import Author, Draft
from bot.conversations.rasa import Answer
from bot.storage.database import Database
from tests.channels.wechat.pushes import OPENID, event, message
from tests.channels.wechat.workers import Worker, worker
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.wechat import FakeWechat

PASSIVE_S = 1.2
"""Instead of 4.5 s."""


@pytest.fixture
async def pair(db: Database, clock: FakeClock, dialogue: FakeDialogue) -> AsyncIterator[tuple[Worker, Worker]]:
    api = FakeWechat()
    async with (
        worker(db, clock, dialogue, api, wechat_passive_s=PASSIVE_S) as one,
        worker(db, clock, dialogue, api, wechat_passive_s=PASSIVE_S) as other,
    ):
        yield one, other


@pytest.fixture
def bank(pair: tuple[Worker, Worker]) -> Worker:
    return pair[0]


def takes(dialogue: FakeDialogue, seconds: float) -> None:
    """Every answer takes this long from now on."""
    dialogue.before_answer = lambda _text: asyncio.sleep(seconds)


def asked(dialogue: FakeDialogue) -> list[str]:
    return [text for _, text in dialogue.asked]


def waiting_for(thought: asyncio.Event) -> Callable[[str], Awaitable[None]]:
    """No answer before this."""

    async def wait(_text: str) -> None:
        await thought.wait()

    return wait


async def nobody_there() -> bool:
    return True


async def somebody_there() -> bool:
    return False


# Several tries of one push


async def test_tries_one_after_another_get_the_same_reply(pair: tuple[Worker, Worker], dialogue: FakeDialogue) -> None:
    fields = message("text", Content="查余额")
    said = [await each.wechat.said(fields) for each in (*pair, *pair)]
    assert said == ["您说的是：查余额"] * 4
    assert asked(dialogue) == ["查余额"]
    assert pair[0].api.shown == {}


async def test_tries_at_once_on_two_workers_are_one_message(
    pair: tuple[Worker, Worker], dialogue: FakeDialogue
) -> None:
    takes(dialogue, 0.1)
    fields = message("text", Content="查余额")
    said = await asyncio.gather(*(each.wechat.said(fields) for each in pair for _ in range(4)))
    assert said == ["您说的是：查余额"] * 8
    assert asked(dialogue) == ["查余额"]
    assert await pair[0].transcript() == [(Author.CUSTOMER, "查余额"), (Author.BOT, "您说的是：查余额")]
    assert pair[0].api.shown == {}


async def test_first_words_at_once_on_two_workers_meet_one_user(pair: tuple[Worker, Worker]) -> None:
    await asyncio.gather(*(each.wechat.said(message("text", Content="在吗")) for each in pair for _ in range(3)))
    users = await asyncio.gather(*(each.channel.receiver.users.of(OPENID) for each in pair))
    assert users[0] == users[1]
    assert [text for author, text in await pair[0].transcript() if author is Author.CUSTOMER] == ["在吗"] * 6


@pytest.mark.parametrize("name", ["subscribe", "CLICK", "SCAN"])
async def test_an_event_counts_once(pair: tuple[Worker, Worker], dialogue: FakeDialogue, name: str) -> None:
    fields = event(name, EventKey="qrscene_balance" if name == "subscribe" else "balance")
    said = await asyncio.gather(*(each.wechat.said(fields) for each in pair for _ in range(2)))
    assert len(set(said)) == 1
    assert asked(dialogue) == ["/check_balance"]


async def test_the_same_tap_a_second_later_is_another(bank: Worker, dialogue: FakeDialogue) -> None:
    for at in (1795406400, 1795406401):
        await bank.wechat.said(event("CLICK", EventKey="balance", at=at))
    assert asked(dialogue) == ["/check_balance"] * 2


async def test_the_budget_is_granted_once(pair: tuple[Worker, Worker], bank: Worker) -> None:
    fields = message("text", Content="你好")
    await bank.wechat.said(fields)
    async with bank.gateway.log.change(await bank.conversation_id()) as change:
        await change.append(Draft(Author.SYSTEM, "您的投诉已受理。"))
    await bank.channel.delivery.push(await bank.conversation_id())
    await pair[1].wechat.said(fields)
    assert (await bank.channel.delivery.reach(await bank.conversation_id())).left == 4


# An answer that takes too long


async def test_a_slow_answer_is_acknowledged_and_pushed_once(
    pair: tuple[Worker, Worker], dialogue: FakeDialogue
) -> None:
    thought = asyncio.Event()
    dialogue.before_answer = waiting_for(thought)
    fields = message("text", Content="慢慢想")
    assert await asyncio.gather(*(each.wechat.said(fields) for each in pair)) == ["", ""]
    thought.set()
    await until_answered(pair[0])
    await pair[0].channel.delivery.push(await pair[0].conversation_id())
    assert await pair[1].wechat.said(fields) == ""
    assert pair[0].api.texts(OPENID) == ["您说的是：慢慢想"]
    assert asked(dialogue) == ["慢慢想"]


async def test_news_that_does_not_fit_the_reply_is_pushed_behind_it(bank: Worker, dialogue: FakeDialogue) -> None:
    dialogue.answers["念"] = Answer([Draft(Author.BOT, "长。" * 600), Draft(Author.BOT, "完。")])
    reply = await bank.wechat.said(message("text", Content="念"))
    assert reply + "".join(bank.api.texts(OPENID)).replace("\n", "") == "长。" * 600 + "完。"


# What may break


async def test_when_wechat_has_hung_up_the_answer_is_pushed(bank: Worker) -> None:
    fields = message("text", Content="你好")
    push = push_of(fields)
    assert await bank.channel.receiver.receive(push, nobody_there) is None
    await bank.channel.receiver.finish(push)
    assert await bank.wechat.said(fields) == ""
    assert bank.api.texts(OPENID) == ["您说的是：你好"]


async def test_a_request_that_is_torn_down_stops_no_work(bank: Worker, dialogue: FakeDialogue) -> None:
    thought = asyncio.Event()
    dialogue.before_answer = waiting_for(thought)
    fields = message("text", Content="你好")
    request = asyncio.create_task(bank.channel.receiver.receive(push_of(fields), somebody_there))
    async with asyncio.timeout(10):
        while not asked(dialogue):
            await asyncio.sleep(0.02)
    request.cancel()
    thought.set()
    await until_answered(bank)
    assert await bank.wechat.said(fields) == "您说的是：你好"
    assert asked(dialogue) == ["你好"]


@pytest.mark.parametrize(
    "fields",
    [message("text", Content="你好"), event("CLICK", EventKey="balance"), event("subscribe", EventKey="")],
    ids=["message", "click", "follow"],
)
async def test_what_a_dead_worker_had_claimed_is_taken_up(
    pair: tuple[Worker, Worker], db: Database, clock: FakeClock, fields: dict[str, Any]
) -> None:
    living, other = pair
    secret = living.gateway.settings.secret_key.get_secret_value()
    assert await Inbox(db, clock, secret, lease_s=12).claim(push_of(fields))  # and it dies
    assert await living.wechat.said(fields) == ""
    clock.advance(seconds=13)
    await asyncio.gather(living.channel.receiver.sweep(), other.channel.receiver.sweep())
    assert len(living.api.texts(OPENID)) == 1
    assert await living.wechat.said(fields) == ""


async def test_a_try_takes_over_from_a_dead_worker(bank: Worker, db: Database, clock: FakeClock) -> None:
    fields = message("text", Content="你好")
    secret = bank.gateway.settings.secret_key.get_secret_value()
    assert await Inbox(db, clock, secret, lease_s=12).claim(push_of(fields))
    clock.advance(seconds=13)
    assert await bank.wechat.said(fields) == "您说的是：你好"


async def test_a_worker_that_fails_is_not_the_end(
    bank: Worker, dialogue: FakeDialogue, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_text: str) -> None:
        raise OSError("out of order")

    dialogue.before_answer = fail
    fields = message("text", Content="你好")
    assert await bank.wechat.said(fields) == ""
    assert "wechat_push_failed" in caplog.text
    dialogue.before_answer = None
    clock.advance(seconds=13)
    await bank.channel.receiver.sweep()
    assert bank.api.texts(OPENID) == ["您说的是：你好"]


async def test_what_fails_again_and_again_is_tried_ever_more_rarely(
    bank: Worker, db: Database, clock: FakeClock
) -> None:
    secret = bank.gateway.settings.secret_key.get_secret_value()
    inbox, push = Inbox(db, clock, secret, lease_s=10), push_of(message("text", Content="你好"))
    claims = []
    for _ in range(80):
        claims.append(await inbox.claim(push))
        clock.advance(seconds=5)
    assert [5 * number for number, claimed in enumerate(claims) if claimed] == [0, 10, 20, 40, 80, 160, 320]


async def test_pushes_wait_encrypted_and_are_forgotten_after_a_day(
    bank: Worker, db: Database, clock: FakeClock
) -> None:
    secret = bank.gateway.settings.secret_key.get_secret_value()
    inbox, push = Inbox(db, clock, secret, lease_s=12), push_of(message("text", Content="我的地址"))
    assert await inbox.claim(push)
    assert not await inbox.claim(push)
    assert await inbox.abandoned() == []
    clock.advance(seconds=13)
    assert await inbox.abandoned() == [push]
    await inbox.done(push)
    assert await inbox.is_done(push)
    assert not await inbox.claim(push)
    clock.advance(days=1)
    assert await inbox.abandoned() == []
    assert not await inbox.is_done(push)


async def until_answered(bank: Worker) -> None:
    """Wait until the last word is the bot's."""
    async with asyncio.timeout(5):
        while (await bank.transcript())[-1:][0][0] is Author.CUSTOMER:
            await asyncio.sleep(0.02)
