import pytest

from bot.conversations.messages import Author, Button
from bot.conversations.responses import respond
from bot.texts import Texts, UnknownTextError

TEXTS = Texts({"utter_ask": [{"text": "{who}要几张？", "buttons": [{"title": "一张", "payload": "/one"}]}]})


def test_a_response_becomes_a_message_with_its_buttons() -> None:
    draft = respond(TEXTS, Author.BOT, "utter_ask", {"kind": "x"}, who="您")
    assert (draft.author, draft.text, draft.buttons) == (Author.BOT, "您要几张？", (Button("一张", "/one"),))
    assert draft.metadata == {"kind": "x"}


def test_a_response_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownTextError):
        respond(TEXTS, Author.SYSTEM, "utter_nothing")
