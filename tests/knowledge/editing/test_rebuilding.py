"""What is published is built once, and a failed build is told without harm to the index in use."""

import asyncio
from pathlib import Path

import pytest

from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.rebuilding import BuildState, Rebuilding
from bot.knowledge.editing.service import Editing
from tests.fakes.clock import FakeClock
from tests.knowledge.editing.conftest import AUTHOR, OFFER, SECOND


class Builder:
    """Counts builds and ends them as it is told."""

    def __init__(self) -> None:
        self.builds = 0
        self.problem: str | None = None
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self) -> str | None:
        self.builds += 1
        await self.go_on.wait()
        return self.problem


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture
def rebuilding(current: CurrentKnowledge, builder: Builder, tmp_path: Path, clock: FakeClock) -> Rebuilding:
    return Rebuilding(current, builder, tmp_path / "build.lock", clock)


async def publish(editing: Editing, **changed: str) -> None:
    draft = await editing.begin(AUTHOR, "card.offer", {**OFFER, **changed})
    await editing.submit(AUTHOR, draft.draft_id)
    await editing.publish(SECOND, draft.draft_id)


async def test_each_publication_is_built_once(editing: Editing, rebuilding: Rebuilding, builder: Builder) -> None:
    await rebuilding.catch_up()
    assert (builder.builds, rebuilding.status.state) == (0, BuildState.LIVE)
    await publish(editing)
    await rebuilding.catch_up()
    await rebuilding.catch_up()
    assert builder.builds == 1
    assert rebuilding.status.state is BuildState.LIVE


async def test_a_failure_is_told_and_the_next_publication_built(
    editing: Editing, rebuilding: Rebuilding, builder: Builder
) -> None:
    builder.problem = "no space left"
    await publish(editing)
    await rebuilding.catch_up()
    assert (rebuilding.status.state, rebuilding.status.problem) == (BuildState.FAILED, "no space left")

    builder.problem = None
    await publish(editing, answer="到12月31日。")
    await rebuilding.catch_up()
    assert (rebuilding.status.state, rebuilding.status.problem) == (BuildState.LIVE, None)


async def test_a_failed_build_is_tried_again_when_somebody_asks(
    editing: Editing, rebuilding: Rebuilding, builder: Builder
) -> None:
    builder.problem = "no space left"
    await publish(editing)
    await rebuilding.catch_up()
    await rebuilding.catch_up()
    assert builder.builds == 1
    builder.problem = None
    rebuilding.again()
    assert rebuilding.status.state is BuildState.WAITING
    await rebuilding.catch_up()
    assert (builder.builds, rebuilding.status.state) == (2, BuildState.LIVE)


async def test_one_process_of_a_machine_builds_at_a_time(
    current: CurrentKnowledge,
    editing: Editing,
    rebuilding: Rebuilding,
    builder: Builder,
    tmp_path: Path,
    clock: FakeClock,
) -> None:
    await publish(editing)
    other = Rebuilding(current, builder, tmp_path / "build.lock", clock)
    builder.go_on.clear()
    first = asyncio.create_task(rebuilding.catch_up())
    while builder.builds == 0:
        await asyncio.sleep(0)
    running = rebuilding.status
    assert running.state is BuildState.RUNNING

    await other.catch_up()
    waiting = other.status
    assert waiting.state is BuildState.WAITING
    assert builder.builds == 1

    builder.go_on.set()
    await first
    await other.catch_up()  # finds that it is current, in the real program
    assert other.status.state is BuildState.LIVE
