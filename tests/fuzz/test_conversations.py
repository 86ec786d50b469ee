"""Whatever customer, bot and agents do: no message lost, none twice, and the bot silent while people serve."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from bot.bootstrap import build_foundation, build_gateway
from bot.conversations.messages import Author, Message, State
from bot.errors import ZhangguiError
from bot.handoff.errors import AlreadyClaimedError, NotThereError, NotYoursError
from bot.handoff.routing import Skill
from bot.handoff.tables import handoffs
from bot.handoff.team import GRACE
from bot.settings import Settings
from bot.staff.models import Agent
from bot.staff.roles import Role
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms
from tests.fakes.wechat import FakeWechat
from tests.fuzz.budget import budget
from tests.staff.people import hire

T = TypeVar("T")
PERSON, BROKEN, CANCEL, SCORE, FINISH = "转人工", "哑火", "取消排队", "5", "结束服务"
TEXTS = st.sampled_from(["你好", "查一下", "／help", PERSON, BROKEN, CANCEL, SCORE, FINISH])
SOMEBODY = st.sampled_from(["lin", "zhou", "wu"])

IDLE, CLOSES = timedelta(seconds=600), timedelta(seconds=180)
"""The settings' defaults."""


class WorkerDiedError(Exception):
    """A process is gone in the middle of its work."""


class Conversations(RuleBasedStateMachine):
    """One conversation, and a model of it that knows nothing of locks, tables or transactions."""

    empty_file: Path

    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.db = Database(f"sqlite:///{shutil.copy(self.empty_file, self.folder.name)}")
        self.clock, self.dialogue = FakeClock(), FakeDialogue()
        self.dialogue.will_hand_off(PERSON)
        self.dialogue.broken.add(BROKEN)
        settings = Settings(_env_file=None)  # type: ignore[call-arg]
        base = build_foundation(settings, clock=self.clock, sms=FakeSms(), db=self.db)
        self.gateway = build_gateway(settings, foundation=base, dialogue=self.dialogue, wechat_api=FakeWechat())
        self.agents = {agent.login: agent for agent in self.run(self.hired(lin="agent", zhou="agent", wu="supervisor"))}
        self.conversation_id = self.run(self.gateway.log.open("web")).conversation_id
        self.state, self.owner, self.asks_for_rating = State.BOT, "", False
        self.seen: dict[str, datetime] = {}
        """When whose desk was last heard of."""
        self.answered, self.active, self.warned_at = False, self.clock(), None
        """Whether an agent has spoken last; when somebody last did something; when silence was warned of."""
        self.said: dict[str, str] = {}
        """What the customer said, by client message id."""
        self.pending: list[str] = []
        self.served_by: dict[str, State] = {}
        self.replies: list[str] = []
        self.log: list[Message] = []

    def run(self, doing: Awaitable[T]) -> T:
        async def done() -> T:
            return await doing

        return self.runner.run(done())

    async def hired(self, **roles: Role) -> list[Agent]:
        return [await hire(self.gateway, login, role=role) for login, role in roles.items()]

    @rule(text=TEXTS)
    def say(self, text: str) -> None:
        self.run(self.receive(self.new(text)))
        self.model()

    @rule(first=TEXTS, second=TEXTS)
    def say_two_things_at_once(self, first: str, second: str) -> None:
        async def both() -> None:
            await asyncio.gather(*(self.receive(self.new(text)) for text in (first, second)))

        self.run(both())
        self.model()

    @precondition(lambda self: self.said)
    @rule(data=st.data(), times=st.integers(1, 3))
    def repeat(self, data: st.DataObject, times: int) -> None:
        key = data.draw(st.sampled_from(sorted(self.said)))

        async def again() -> list[Any]:
            return await asyncio.gather(*(self.receive(key) for _ in range(times)))

        turns = self.run(again())
        self.model()
        seq = next(message.seq for message in self.read() if message.client_message_id == key)
        assert all(turn.messages == [m for m in self.read() if m.reply_to == seq] for turn in turns)

    @precondition(lambda self: self.state is State.BOT)
    @rule(text=TEXTS)
    def say_and_the_worker_dies(self, text: str) -> None:
        async def die(_text: str) -> None:
            raise WorkerDiedError

        self.dialogue.before_answer = die
        with pytest.raises(WorkerDiedError):
            self.run(self.receive(self.new(text)))
        self.dialogue.before_answer = None
        self.pending = [m.client_message_id for m in self.run(self.gateway.log.unhandled(self.conversation_id))]
        assert set(self.pending) == self.said.keys() - self.served_by.keys()

    @rule(minutes=st.sampled_from([1, 40]))
    def be_silent(self, minutes: int) -> None:
        self.clock.advance(minutes * 60)

    @rule()
    def leave(self) -> None:
        async def leave() -> None:
            async with self.gateway.log.change(self.conversation_id) as change:
                await self.gateway.handoff.leave(change)

        self.run(leave())
        if self.state is not State.CLOSED:
            self.state, self.owner = State.CLOSED, ""

    # Agents

    @rule()
    def all_claim(self) -> None:
        async def race() -> list[BaseException | None]:
            claims = (self.gateway.handoff.claim(self.conversation_id, agent) for agent in self.agents.values())
            return await asyncio.gather(*claims, return_exceptions=True)

        self.clock.advance(61)  # nothing is kept any longer for who served last

        outcomes = dict(zip(self.agents, self.run(race()), strict=True))
        won = [login for login, outcome in outcomes.items() if outcome is None]
        assert all(isinstance(outcome, AlreadyClaimedError) for outcome in outcomes.values() if outcome is not None)
        assert len(won) == (self.state is State.QUEUED)
        if won:
            self.state, self.owner = State.AGENT, won[0]
            self.acted()

    @rule(login=SOMEBODY)
    def sit_down(self, login: str) -> None:
        self.run(self.gateway.team.beat(self.agents[login].agent_id))
        self.seen[login] = self.clock()

    @rule(seconds=st.sampled_from([5, 15, 200, 700]))
    def time_passes_and_is_noticed(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.run(self.gateway.watch.look())
        seen = self.seen.get(self.owner)
        if self.state is State.AGENT and seen is not None and self.clock() - seen >= GRACE:
            self.state, self.owner = State.QUEUED, ""
        if self.state is not State.AGENT or not self.answered:
            return
        if self.warned_at is None:
            self.warned_at = self.clock() if self.clock() - self.active >= IDLE else None
        elif self.clock() - self.warned_at >= CLOSES:
            self.state, self.owner = State.CLOSED, ""

    def acted(self) -> None:
        """An agent or a customer has done something."""
        self.active, self.warned_at = self.clock(), None

    @rule(login=SOMEBODY, times=st.integers(1, 2))
    def reply(self, login: str, times: int) -> None:
        text = f"座席的话{len(self.replies)}"

        async def reply() -> None:
            for _ in range(times):
                await self.gateway.handoff.reply(self.conversation_id, self.agents[login], f"a{text}", text)

        if self.succeeds(reply(), login):
            self.replies.append(text)
            self.answered = True
            self.acted()

    @rule(login=SOMEBODY)
    def give_back(self, login: str) -> None:
        if self.succeeds(self.gateway.handoff.give_back(self.conversation_id, self.agents[login]), login):
            self.state, self.owner = State.BOT, ""

    @rule(login=SOMEBODY)
    def close(self, login: str) -> None:
        if self.succeeds(self.gateway.handoff.close(self.conversation_id, self.agents[login]), login):
            self.state, self.owner, self.asks_for_rating = State.CLOSED, "", True

    def succeeds(self, doing: Awaitable[Any], login: str) -> bool:
        """Only for the one who has the conversation."""
        try:
            self.run(doing)
        except NotYoursError:
            assert login != self.owner
            return False
        assert login == self.owner
        return True

    # From one to another

    @precondition(lambda self: self.owner)
    @rule(login=SOMEBODY, accepts=st.booleans())
    def transfer(self, login: str, accepts: bool) -> None:
        self.sit_down(login)
        transfers, sender, receiver = self.gateway.transfers, self.agents[self.owner], self.agents[login]
        try:
            self.run(transfers.offer(self.conversation_id, sender, receiver.agent_id))
        except NotThereError:
            assert login == self.owner
            return
        if accepts:
            self.run(transfers.accept(self.conversation_id, receiver))
            self.owner = login
            self.acted()
        else:
            self.run(transfers.decline(self.conversation_id, receiver))

    @rule(login=SOMEBODY)
    def refer(self, login: str) -> None:
        referring = self.gateway.transfers.refer(self.conversation_id, self.agents[login], Skill.LOANS)
        if self.succeeds(referring, login):
            self.state, self.owner = State.QUEUED, ""

    @rule()
    def take_over(self) -> None:
        try:
            self.run(self.gateway.transfers.take_over(self.conversation_id, self.agents["wu"]))
        except NotYoursError:
            assert self.owner in ("", "wu")
        else:
            assert self.state is State.AGENT
            self.owner = "wu"
            self.acted()

    # What must come of it

    def new(self, text: str) -> str:
        key = f"m{len(self.said)}"
        self.said[key] = text
        return key

    async def receive(self, key: str) -> Any:
        return await self.gateway.conversations.receive(self.conversation_id, key, self.said[key])

    def model(self) -> None:
        """Serve everything the customer has said and nobody has served, in the order of the log."""
        keys = [m.client_message_id for m in self.read() if m.author is Author.CUSTOMER]
        waiting = [key for key in keys if key is not None and key not in self.served_by]
        if self.pending and waiting != self.pending and self.state is State.CLOSED:
            self.state = State.BOT  # a new word opens it again, also for what had been left lying
        for key in waiting:
            if self.state is State.CLOSED and key not in self.pending:
                if self.said[key] == SCORE and self.asks_for_rating:
                    self.served_by[key], self.asks_for_rating = State.CLOSED, False
                    continue
                self.state = State.BOT
            self.asks_for_rating = False
            self.served_by[key] = self.state
            if self.state in (State.QUEUED, State.AGENT):
                self.answered = False
                self.acted()
            if self.state is State.BOT and self.said[key] in (PERSON, BROKEN):
                self.state, self.answered = State.QUEUED, False
            elif self.state is State.AGENT and self.said[key] == FINISH:
                self.state, self.owner, self.asks_for_rating = State.CLOSED, "", True
            elif self.state is State.QUEUED and self.said[key] == CANCEL:
                self.state = State.BOT
        self.pending = []

    def read(self) -> list[Message]:
        return self.run(self.gateway.log.messages(self.conversation_id))

    @invariant()
    def all_is_well(self) -> None:
        self.the_log_only_grows()
        self.nothing_is_lost_or_doubled()
        self.everything_is_handled_by_whom_it_concerns()
        self.the_state_is_what_people_did()

    def the_log_only_grows(self) -> None:
        log = self.read()
        assert log[: len(self.log)] == self.log
        assert [message.seq for message in log] == list(range(1, len(log) + 1))
        self.log = log

    def nothing_is_lost_or_doubled(self) -> None:
        customers = [message for message in self.log if message.author is Author.CUSTOMER]
        assert {m.client_message_id: m.text for m in customers} == self.said
        assert len(customers) == len(self.said)
        assert [m.text for m in self.log if m.author is Author.AGENT] == self.replies

    def everything_is_handled_by_whom_it_concerns(self) -> None:
        unhandled = self.run(self.gateway.log.unhandled(self.conversation_id))
        assert [message.client_message_id for message in unhandled] == self.pending
        for key, state in self.served_by.items():
            seq = next(message.seq for message in self.log if message.client_message_id == key)
            replies = [message.author for message in self.log if message.reply_to == seq]
            if state is State.BOT:
                assert replies, "the bot fell silent"
                assert replies.count(Author.BOT) <= 1
            else:
                assert Author.BOT not in replies, "the bot spoke though people serve"

    def the_state_is_what_people_did(self) -> None:
        conversation = self.run(self.gateway.log.get(self.conversation_id))
        owner = self.agents[self.owner].agent_id if self.owner else None
        assert (conversation.state, conversation.agent_id) == (self.state, owner)
        position = self.run(self.gateway.handoff.position(self.conversation_id))
        assert position == (1 if self.state is State.QUEUED else None)
        assert self.run(self.open_handoffs()) == (self.state in (State.QUEUED, State.AGENT))

    async def open_handoffs(self) -> int:
        async with self.db.read() as connection:
            return await connection.scalar(select(func.count()).where(handoffs.c.ended_at.is_(None))) or 0

    def teardown(self) -> None:
        try:
            self.say("最后一句")
            self.all_is_well()
        finally:
            self.run(self.gateway.foundation.http.aclose())
            self.run(self.db.close())
            self.runner.close()
            self.folder.cleanup()


def test_nothing_said_is_lost(empty_file: Path) -> None:
    Conversations.empty_file = empty_file
    run_state_machine_as_test(Conversations, settings=budget(12, steps=20))


def test_the_errors_of_a_race_are_ours() -> None:
    assert issubclass(AlreadyClaimedError, ZhangguiError)
    assert issubclass(NotYoursError, ZhangguiError)
