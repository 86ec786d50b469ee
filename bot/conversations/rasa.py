"""Ask Rasa what to say, and read its answer. Rasa is private: only this module talks to it."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, Protocol

import httpx
from pydantic import BaseModel, Field, TypeAdapter

from bot.bearer import authorization
from bot.conversations.errors import DialogueUnavailableError
from bot.conversations.messages import Author, Button, Draft
from bot.storage.text import storable


@dataclass(frozen=True)
class HandoffWish:
    """The dialogue asks for a person: why, and what the person should know."""

    reason: str
    note: str | None = None
    intents: tuple[dict[str, Any], ...] = ()
    """What the customer wanted last, newest last: `{"intent", "confidence"}`."""
    collected: dict[str, str] = field(default_factory=dict)
    """What the customer has told the bot already, by slot; sealed."""


@dataclass
class Answer:
    """What the dialogue wants said, and whether it asks for a person."""

    drafts: list[Draft] = field(default_factory=list)
    handoff: HandoffWish | None = None
    then: str | None = None
    """What to ask next: the customer's message held more than one request."""


class _Handoff(BaseModel):
    type: Literal["handoff"]
    reason: str
    note: str | None = None
    intents: tuple[dict[str, Any], ...] = ()
    collected: dict[str, str] = {}


class _Annotation(BaseModel):
    type: Literal["annotate"]
    metadata: dict[str, Any] = {}
    cards: tuple[dict[str, Any], ...] = ()


class _Next(BaseModel):
    type: Literal["next"]
    text: str


class _Item(BaseModel):
    text: str | None = None
    buttons: tuple[Button, ...] = ()
    custom: Annotated[_Handoff | _Annotation | _Next, Field(discriminator="type")] | None = None


_ITEMS = TypeAdapter(list[_Item])


class Dialogue(Protocol):
    """The dialogue engine as the conversation sees it."""

    async def ask(self, sender_id: str, text: str) -> Answer:
        """The answer to `text` (or to a payload such as `/affirm`). Raises DialogueUnavailableError."""

    async def ready(self) -> bool:
        """Whether questions are answered."""


class RasaDialogue:
    """Rasa by our own channel (`bot/dialogue/channel.py`).

    An empty answer counts as a fault: Rasa gives one when an action fails.
    """

    def __init__(self, http: httpx.AsyncClient, url: str, token: str, *, timeout_s: float) -> None:
        """`url` is the server's, without a path; `token` is what its channel asks for."""
        self._http = http
        self._channel = f"{url}/webhooks/gateway/"
        self._headers = authorization(token)
        self._timeout_s = timeout_s

    async def ask(self, sender_id: str, text: str) -> Answer:
        try:
            response = await self._http.post(
                f"{self._channel}webhook",
                json={"sender": sender_id, "message": text},
                headers=self._headers,
                timeout=self._timeout_s,
            )
            response.raise_for_status()
            answer = read_answer(response.json())
        except (httpx.HTTPError, ValueError, RecursionError) as error:
            raise DialogueUnavailableError(f"{type(error).__name__}: {error}") from error
        if not answer.drafts and answer.handoff is None:
            raise DialogueUnavailableError("empty answer")
        return answer

    async def ready(self) -> bool:
        try:
            # `/status` needs the API enabled, which would let anyone replace the model; Rasa listens once it has one.
            response = await self._http.get(self._channel, headers=self._headers, timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.is_success


def read_answer(body: Any) -> Answer:
    """The items of Rasa's REST answer, in order; `custom` items are notes to us (docs/design.md).

    Raises ValueError for anything else.
    """
    answer = Answer()
    for item in _ITEMS.validate_python(storable(body)):
        if item.text:
            answer.drafts.append(Draft(Author.BOT, item.text, buttons=item.buttons))
        if isinstance(item.custom, _Handoff):
            wish = item.custom
            answer.handoff = HandoffWish(wish.reason, wish.note, wish.intents, wish.collected)
        elif isinstance(item.custom, _Next):
            answer.then = item.custom.text
        elif isinstance(item.custom, _Annotation):
            if not answer.drafts:
                raise ValueError("an annotation without a text before it")
            said = answer.drafts[-1]
            answer.drafts[-1] = replace(said, cards=item.custom.cards, metadata=item.custom.metadata)
    return answer
