"""Questions about products and services, answered from the knowledge base."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

from rasa_sdk.events import UserUtteranceReverted

from actions.base import BankAction
from actions.catalogue import answered_from_catalogue
from actions.ellipsis import ELLIPTIC, completed, may_be_elliptic
from actions.person import handed_off_as_grave, misunderstood
from actions.product_facts import remember_shown
from actions.turn import Turn
from bot.complaints.severity import is_grave

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    from bot.application import Services
    from bot.knowledge.entries import Entry
    from bot.knowledge.retriever import Answer


LIKELY = 0.5
"""Where NLU sees no bank question, one is offered only if it is more likely meant than not."""
FAQ = "faq"
"""Remembered: id and question of the entry answered or offered last."""
NONE_OF_THESE = "none"
"""What the button 都不是 sends in place of an entry; a plain no might be meant for a form that runs."""


class AnswerFaq(BankAction):
    """Answers, offers up to three questions that may be meant, or says that it does not know."""

    aside = True

    def __init__(self, services: "Services", action_name: str, *, miss: str, least: float = 0.0) -> None:
        """`miss` names the response for a question that nothing in the knowledge base answers.

        What is found with a score below `least` (0–1) counts as nothing.
        """
        super().__init__(services)
        self.action_name = action_name
        self._miss = miss
        self._least = least

    async def answer(self, turn: Turn) -> None:
        entry_id = turn.entity("faq_entry")
        if entry_id == NONE_OF_THESE:
            turn.forget(FAQ)
            misunderstood(turn, "utter_none_of_these")
        elif entry_id is not None:
            self._answer_choice(turn, entry_id)
        elif turn.is_payload:
            turn.say("utter_ask_question")
        else:
            await self._answer_question(turn)

    def _answer_choice(self, turn: Turn, entry_id: str) -> None:
        entry = self.services.retriever.entry(entry_id)
        if entry is None:
            turn.say(self._miss)
            return
        version = self.services.retriever.version
        metadata = {"kind": "faq", "entry_id": entry_id, "decision": "answer", "version": version}
        _remember_answered(turn, entry.id, entry.question)
        turn.quote(entry.answer, metadata=metadata)

    async def _answer_question(self, turn: Turn) -> None:
        if answered_from_catalogue(turn):
            return
        topic = (turn.recall("question") or {}).get("topic")
        if turn.intent == "ask_faq" and topic != "report_lost_card":
            turn.remember("question", None)  # the customer has turned to something else
        found = await asyncio.to_thread(self._found, turn)
        if not say_found(turn, found, least=self._least) and not handed_off_as_grave(turn):
            await missed(turn, found, self._miss)

    def _found(self, turn: Turn) -> "Answer":
        """What answers the message: on the subject of the answer before where that is surely meant, or as it is."""
        ask = self.services.retriever.answer
        before = answered_before(turn)
        if before is None or turn.intent != "ask_faq" or not may_be_elliptic(turn.text):
            return ask(turn.text)
        *completions, found = map(ask, completed(before.question, turn.text))
        for wanted in ("answer", "choices") if found.decision == "miss" else ("answer",):
            meant = [answer for answer in completions if answer.decision == wanted and _goes_on(before, answer)]
            if meant:
                return surest([found, *meant])
        return found


class Fallback(AnswerFaq):
    """What the dialogue falls back on: for a message NLU did not understand, and where no rule knows what to do."""

    async def run(
        self, dispatcher: "CollectingDispatcher", tracker: "Tracker", domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        events = await super().run(dispatcher, tracker, domain)
        if (tracker.latest_message.get("intent") or {}).get("name") == "nlu_fallback":
            return events
        # No rule listens after this: unless the message is taken back, Rasa would fall back again and again.
        return [UserUtteranceReverted(), *events]


def answered_before(turn: Turn) -> "Entry | None":
    """The entry answered or offered last, while the conversation is about it."""
    before = turn.recall(FAQ)
    return turn.services.retriever.entry(before["id"]) if before else None


def surest(answers: "Iterable[Answer]") -> "Answer":
    """The answer whose best hit is likeliest."""
    return max(answers, key=lambda answer: answer.hits[0].score if answer.hits else 0.0)


def _goes_on(before: "Entry", answer: "Answer") -> bool:
    """Whether `answer` says something else on the topic of `before`; a product's topic is not named by its id."""
    if not answer.hits or answer.hits[0].entry_id == before.id:
        return False
    topic = before.id.partition(".")[0]
    return topic in (answer.hits[0].entry_id.partition(".")[0], "product")


def say_found(turn: Turn, found: "Answer", *, least: float = 0.0) -> bool:
    """Say what was found with at least this score; False when nothing was. Source and score go along as metadata."""
    if found.decision == "miss" or found.hits[0].score < least:
        return False
    best = found.hits[0]
    metadata: dict[str, Any] = {
        "kind": "faq",
        "entry_id": best.entry_id,
        "score": best.score,
        "decision": found.decision,
        "version": found.version,
    }
    _remember_answered(turn, best.entry_id, best.question)
    if found.decision == "answer":
        turn.quote(best.answer, metadata=metadata)
        if is_grave(turn.text):
            turn.remember("offer", {"kind": "person"})
            turn.say("utter_offer_person_in_need")
        return True
    buttons = [
        {
            "title": hit.question,
            "payload": "/ask_faq" + json.dumps({"faq_entry": hit.entry_id}, separators=(",", ":")),
        }
        for hit in found.hits
    ]
    turn.remember("offer", {"kind": "choices"})
    turn.say("utter_choices", buttons=buttons, metadata=metadata)
    return True


def _remember_answered(turn: Turn, entry_id: str, question: str) -> None:
    turn.remember(FAQ, {"id": entry_id, "question": question})
    if entry_id.startswith("product."):
        remember_shown(turn, turn.services.products.mentioned(question))


async def missed(turn: Turn, found: "Answer", response: str) -> None:
    """Keep what the knowledge base does not answer for its editors, and say so with `response`."""
    score = found.hits[0].score if found.hits else None
    await turn.services.misses.record(_in_full(turn), score, turn.conversation_id)
    misunderstood(
        turn, response, metadata={"kind": "faq", "score": score, "decision": "miss", "version": found.version}
    )


def _in_full(turn: Turn) -> str:
    """The message as an editor understands it who does not see what came before."""
    before = answered_before(turn)
    return next(completed(before.question, turn.text)) if before and ELLIPTIC.fullmatch(turn.text) else turn.text
