"""Ask Rasa what to say, and read its answer. Rasa is private: only this module talks to it."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from bot.conversations.errors import DialogueUnavailableError
from bot.conversations.messages import Author, Button, Draft


@dataclass(frozen=True)
class HandoffWish:
    """The dialogue asks for a person: why, and what the person should know."""

    reason: str
    note: str | None = None
    intents: tuple[dict[str, Any], ...] = ()
    """What the customer wanted last, newest last: `{"intent", "confidence"}`."""


@dataclass
class Answer:
    """What the dialogue wants said, and whether it asks for a person."""

    drafts: list[Draft] = field(default_factory=list)
    handoff: HandoffWish | None = None


class Dialogue(Protocol):
    """The dialogue engine as the conversation sees it."""

    async def ask(self, sender_id: str, text: str) -> Answer:
        """The answer to `text` (or to a payload such as `/affirm`). Raises DialogueUnavailableError."""

    async def ready(self) -> bool:
        """Whether a model is loaded and questions are answered."""


class RasaDialogue:
    """Rasa's REST channel. An empty answer counts as a fault: Rasa gives one when an action fails."""

    def __init__(self, http: httpx.AsyncClient, url: str, *, timeout_s: float) -> None:
        self._http = http
        self._url = url
        self._timeout_s = timeout_s

    async def ask(self, sender_id: str, text: str) -> Answer:
        try:
            response = await self._http.post(
                f"{self._url}/webhooks/rest/webhook",
                json={"sender": sender_id, "message": text},
                timeout=self._timeout_s,
            )
            response.raise_for_status()
            answer = read_answer(response.json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise DialogueUnavailableError(f"{type(error).__name__}: {error}") from error
        if not answer.drafts and answer.handoff is None:
            raise DialogueUnavailableError("empty answer")
        return answer

    async def ready(self) -> bool:
        try:
            response = await self._http.get(f"{self._url}/status", timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.is_success


def read_answer(items: list[dict[str, Any]]) -> Answer:
    """The items of Rasa's REST answer, in order. `custom` items are notes to us (docs/design.md)."""
    answer = Answer()
    for item in items:
        if item.get("text"):
            buttons = tuple(Button(b["title"], b["payload"]) for b in item.get("buttons", ()))
            answer.drafts.append(Draft(Author.BOT, item["text"], buttons=buttons))
        custom = item.get("custom")
        if custom and custom["type"] == "handoff":
            intents = tuple(custom.get("intents", ()))
            answer.handoff = HandoffWish(custom["reason"], custom.get("note"), intents)
        elif custom and custom["type"] == "annotate":
            if not answer.drafts:
                raise ValueError("an annotation without a text before it")
            answer.drafts[-1] = _annotated(answer.drafts[-1], custom)
    return answer


def _annotated(draft: Draft, custom: dict[str, Any]) -> Draft:
    return Draft(
        draft.author,
        draft.text,
        buttons=draft.buttons,
        cards=(*draft.cards, *custom.get("cards", ())),
        metadata={**draft.metadata, **custom.get("metadata", {})},
    )
