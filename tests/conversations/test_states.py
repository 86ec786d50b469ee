"""The table of moves: unambiguous, the same as in the documentation, and the only way."""

import re

import pytest

from bot.conversations.errors import ForbiddenMoveError
from bot.conversations.messages import State
from bot.conversations.states import MOVES, Event, Move, after
from bot.settings import ROOT

ALLOWED = {(move.source, move.event): move.target for move in MOVES}


def test_the_documentation_has_the_table_of_the_code() -> None:
    page = (ROOT / "docs" / "handoff.md").read_text(encoding="utf-8")
    states = "|".join(state.value for state in State)
    lines = re.findall(rf"^\| ({states}) \| (\w+) \| (\w+) \| (\w+) \| (\S+) \|$", page, re.MULTILINE)
    assert lines == [line(move) for move in MOVES]


def line(move: Move) -> tuple[str, ...]:
    guard = move.guard.value if move.guard else "–"
    return (move.source.value, move.event.value, move.target.value, move.who.value, guard)


def test_an_event_leads_from_a_state_to_one_other() -> None:
    assert len(ALLOWED) == len(MOVES)


def test_every_event_has_one_guard_wherever_it_happens() -> None:
    assert len({(move.event, move.who, move.guard) for move in MOVES}) == len(Event)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_there_are_no_other_moves(state: State, event: Event) -> None:
    if (state, event) in ALLOWED:
        assert after(state, event) is ALLOWED[state, event]
    else:
        with pytest.raises(ForbiddenMoveError):
            after(state, event)


@pytest.mark.parametrize("state", State)
def test_from_every_state_the_bot_can_be_reached(state: State) -> None:
    reached = {state}
    while more := {move.target for move in MOVES if move.source in reached} - reached:
        reached |= more
    assert State.BOT in reached
