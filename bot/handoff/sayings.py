"""What customers hear of the handoff itself, and the few words with which they steer it."""

import math
from datetime import datetime, timedelta
from typing import Any

from bot.conversations.messages import Author, Button, Draft
from bot.conversations.responses import respond
from bot.handoff.calling_off import calls_off
from bot.handoff.hours import BusinessHours
from bot.handoff.line import Place
from bot.handoff.routing import Skill
from bot.staff.models import Agent
from bot.texts import Texts

_PROMISES = ("utter_handoff_misses", "utter_handoff_anger", "utter_fault_handoff", "utter_action_fault")
_QUEUED = ("utter_queued", "utter_queued_next", "utter_queued_wait", "utter_queued_urgent")
_WAITING = (*_QUEUED, "utter_requeued", "utter_referred")
_FINISHING = frozenset({"结束服务", "结束人工服务", "结束会话", "结束对话", "结束咨询"})


class Sayings:
    """Drafts of the system's messages, from the responses of the domain."""

    def __init__(self, texts: Texts, hours: BusinessHours) -> None:
        self._texts = texts
        self._hours = hours

    def queued(self, place: Place, now: datetime, *, urgent: bool) -> Draft:
        """Where the customer stands, and about how long it takes where that is known.

        Where it is `urgent` and nobody may be there: what the customer can do at once.
        """
        name = "utter_queued" if place.position > 1 else "utter_queued_next"
        if urgent and not (place.attended and self._hours.is_open(now)):
            name = "utter_queued_urgent"
        elif place.wait_s:
            name = "utter_queued_wait"
        return self._draft(name, position=place.position, minutes=math.ceil((place.wait_s or 0) / 60))

    def requeued(self) -> Draft:
        """The agent is gone, the place is kept."""
        return self._draft("utter_requeued")

    def referred(self, skill: Skill) -> Draft:
        """Somebody who knows more is being fetched."""
        return self._draft("utter_referred", skill=self._texts(f"utter_label_skill_{skill.value}"))

    def cancelled(self) -> Draft:
        """The bot is back because the customer no longer waits."""
        return self._draft("utter_queue_cancelled")

    def joined(self, agent: Agent) -> Draft:
        """Who is here now."""
        return self._draft("utter_agent_joined", {"agent": agent.name}, agent=agent.name)

    def returned(self, suggestion: str | None) -> Draft:
        """The bot is back; a `suggestion` becomes a button that asks it."""
        said = self._draft("utter_agent_returned")
        buttons = (Button(suggestion, suggestion),) if suggestion else ()
        return Draft(said.author, said.text, buttons=buttons)

    def idle(self, closes_in: timedelta) -> Draft:
        """Is the customer still there?"""
        return self._draft("utter_idle_warning", minutes=math.ceil(closes_in.total_seconds() / 60))

    def closed_idle(self) -> Draft:
        """The service has ended, and nothing is asked."""
        return self._draft("utter_closed_idle")

    def is_finish(self, text: str) -> bool:
        """Whether the customer ends the service. Whole messages only: 结束 may be said of anything."""
        return text.strip("。.！!～~ ") in _FINISHING

    def without_promises(self, drafts: list[Draft]) -> list[Draft]:
        """Without what says that a person is about to come."""
        promises = {self._texts(name) for name in _PROMISES}
        return [draft for draft in drafts if draft.text not in promises]

    def calls_off(self, text: str) -> bool:
        """Whether somebody who waits says what the button 取消排队 says, or as much in other words."""
        return text in self._titles(*_WAITING) or calls_off(text)

    def _titles(self, *names: str) -> set[str]:
        return {button["title"] for name in names for button in self._texts.buttons(name)}

    def _draft(self, name: str, metadata: dict[str, Any] | None = None, **variables: object) -> Draft:
        return respond(self._texts, Author.SYSTEM, name, metadata, **variables)
