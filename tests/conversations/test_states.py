import pytest

from bot.conversations.errors import ForbiddenMoveError
from bot.conversations.messages import State
from bot.conversations.states import Event, after

ALLOWED = {
    (State.BOT, Event.HAND_OFF): State.QUEUED,
    (State.QUEUED, Event.CANCEL): State.BOT,
    (State.QUEUED, Event.CLAIM): State.AGENT,
    (State.AGENT, Event.RETURN): State.BOT,
    (State.AGENT, Event.CLOSE): State.CLOSED,
    (State.BOT, Event.LEAVE): State.CLOSED,
    (State.QUEUED, Event.LEAVE): State.CLOSED,
    (State.AGENT, Event.LEAVE): State.CLOSED,
    (State.CLOSED, Event.REOPEN): State.BOT,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_only_the_documented_moves_exist(state: State, event: Event) -> None:
    if (state, event) in ALLOWED:
        assert after(state, event) is ALLOWED[state, event]
    else:
        with pytest.raises(ForbiddenMoveError):
            after(state, event)
