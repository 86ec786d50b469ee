"""One message of a customer as an action sees it, and what the action answers to it."""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.collected import collected
from bot.clock import bank_date
from bot.conversations.conversation import conversation_id_of
from bot.identity.principal import Principal
from bot.privacy.errors import UnknownPlaceholderError

if TYPE_CHECKING:
    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    from bot.application import Services

Button = dict[str, str]
_NEGATION_BEFORE = re.compile(r"(不是|不要|不查|别查|不对)(尾号|尾数)?$")
_INTENTS_TOLD = 5
_WAITING_OFFERS = ("block_card", "which_card", "withdraw_complaint", "unbind", "try_again")


class Turn:
    """Reads intent, entities and slots; collects texts and events. Lives for one run of one action."""

    def __init__(self, services: "Services", dispatcher: "CollectingDispatcher", tracker: "Tracker") -> None:
        self.services = services
        self.events: list[dict[str, Any]] = []
        self.misunderstood = False
        self.handed_off = False
        self._dispatcher = dispatcher
        self._tracker = tracker

    # What the customer said

    @property
    def sender_id(self) -> str:
        """`<conversation>.<segment>`; a segment is one stretch of dialogue."""
        return str(self._tracker.sender_id)

    @property
    def conversation_id(self) -> str:
        return conversation_id_of(self.sender_id)

    def take_for(self, payload: str) -> None:
        """Go on as if the customer had pressed a button with this payload."""
        intent, _, values = payload.removeprefix("/").partition("{")
        entities = json.loads("{" + values) if values else {}
        self._tracker.latest_message = {
            "text": payload,
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [{"entity": kind, "value": value} for kind, value in entities.items()],
        }

    @property
    def text(self) -> str:
        return str(self._tracker.latest_message.get("text") or "").strip()

    @property
    def intent(self) -> str:
        return str((self._tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def confidence(self) -> float:
        """How sure NLU is of the intent, 0 to 1."""
        return float((self._tracker.latest_message.get("intent") or {}).get("confidence") or 0)

    @property
    def is_payload(self) -> bool:
        """Whether a button or a passed code sent this, not the customer's own words."""
        return self.text.startswith("/")

    @property
    def entities(self) -> list[dict[str, Any]]:
        return list(self._tracker.latest_message.get("entities") or ())

    def stated(self, kind: str) -> list[str]:
        """The values the customer gives for `kind`, in their order, without those denied (不是1234)."""
        found = [entity for entity in self.entities if entity["entity"] == kind]
        meant = [entity for entity in found if not self._is_denied(entity)] or found
        return [str(entity["value"]) for entity in meant]

    def entity(self, kind: str) -> str | None:
        """The value meant: the last, since people correct themselves."""
        return next(reversed(self.stated(kind)), None)

    def _is_denied(self, entity: dict[str, Any]) -> bool:
        before = "" if self.is_payload else self.text[: entity.get("start", 0)]
        return _NEGATION_BEFORE.search(before) is not None

    @property
    def phone(self) -> str | None:
        """The placeholder of the phone number in this message; only a service can open it."""
        return self.entity("phone")

    async def card_tail(self) -> str | None:
        """The last four digits of the card in this message, whether written out or sealed."""
        stated = self.entity("card_tail")
        if stated is None:
            return None
        if stated.startswith("["):
            try:
                return await self.services.vault.card_tail(self.conversation_id, stated)
            except UnknownPlaceholderError:  # the customer has typed brackets
                return None
        return re.sub(r"\D", "", stated)[-4:] or None

    @property
    def then(self) -> str | None:
        """What the customer asks for beside this: the rest of the message, or of an earlier one."""
        said = next((event for event in reversed(self._tracker.events) if event["event"] == "user"), None)
        rest: str | None = ((said or {}).get("metadata") or {}).get("then")
        return rest or self.recall("then")

    # Who and when

    async def principal(self) -> Principal:
        return await self.services.identity.principal(self.conversation_id)

    async def channel(self) -> str:
        """`web` or `wechat`."""
        return (await self.services.foundation.log.get(self.conversation_id)).channel

    @property
    def today(self) -> date:
        return bank_date(self.services.clock())

    # What the dialogue remembers

    def recall(self, slot: str) -> Any:
        return self._tracker.slots.get(slot)

    def remember(self, slot: str, value: Any) -> None:
        self._tracker.slots[slot] = value
        self.events.append(SlotSet(slot, value))

    def forget(self, *slots: str) -> None:
        """Leave nothing in these slots."""
        for slot in slots:
            self.remember(slot, None)

    def remembered_now(self, slot: str) -> bool:
        """Whether this action has set `slot` (to None counts too)."""
        return any(event["event"] == "slot" and event["name"] == slot for event in self.events)

    @property
    def is_open(self) -> bool:
        """Whether the request waits for the customer: for a code, a yes, a choice of cards or the rest of a form."""
        proof_asked = self.remembered_now("proof") or self.recall("then")
        offered = (self.recall("offer") or {}).get("kind") in _WAITING_OFFERS
        return self.in_form or offered or bool(proof_asked and self.recall("proof"))

    @property
    def in_form(self) -> bool:
        return self._tracker.active_loop_name is not None

    def leave_form(self) -> None:
        """End the active form without filing anything."""
        if self.in_form:
            self.events.append(ActiveLoop(None))
            self.remember("requested_slot", None)

    @property
    def form_refused(self) -> bool:
        """Whether the form has refused this very message, so that another action has answered it."""
        for event in reversed(self._tracker.events):
            if event["event"] == "user":
                return False
            if event["event"] == "action_execution_rejected":
                return True
        return False

    # What is answered

    @property
    def has_answered(self) -> bool:
        """Whether anything has been said yet."""
        return bool(self._dispatcher.messages)

    def say(
        self,
        response: str,
        *,
        buttons: Iterable[Button] = (),
        cards: Iterable[dict[str, Any]] = (),
        metadata: dict[str, Any] | None = None,
        **variables: object,
    ) -> None:
        """Say a response of `domain.yml`; `buttons` come before the response's own."""
        texts = self.services.texts
        self._utter(texts(response, **variables), [*buttons, *texts.buttons(response)], list(cards), metadata or {})

    def quote(self, text: str, *, buttons: Iterable[Button] = (), metadata: dict[str, Any] | None = None) -> None:
        """Say a text of the knowledge base, or lines put together from responses."""
        self._utter(text, list(buttons), [], metadata or {})

    def _utter(self, text: str, buttons: list[Button], cards: list[dict[str, Any]], metadata: dict[str, Any]) -> None:
        note = {"type": "annotate", "cards": cards, "metadata": metadata} if cards or metadata else None
        # A blank line would split the text into two messages, and part an annotation from its text.
        one_message = re.sub(r"\n\s*\n", "\n", text.strip())
        self._dispatcher.utter_message(text=one_message, buttons=buttons or None, json_message=note)

    def hand_off(self, reason: str, note: str | None = None) -> None:
        """Ask for a person; the gateway queues the customer and says so. A running form ends.

        The person also takes over what the customer asks for beside this.
        """
        self.leave_form()
        self.handed_off = True
        if self.then:
            note = f"{note or self.text}，{self.then}"
        wish = {
            "type": "handoff",
            "reason": reason,
            "note": note,
            "intents": self._last_intents(),
            "collected": collected(self._tracker.slots),
        }
        self._dispatcher.utter_message(json_message=wish)

    def go_on_with(self, text: str) -> None:
        """Have `text` answered next, as if the customer had just said it."""
        self._dispatcher.utter_message(json_message={"type": "next", "text": text})

    def _last_intents(self) -> list[dict[str, Any]]:
        said = [event for event in self._tracker.events if event["event"] == "user"][-_INTENTS_TOLD:]
        intents = [event["parse_data"]["intent"] for event in said if event.get("parse_data")]
        return [{"intent": i.get("name"), "confidence": i.get("confidence")} for i in intents]
