"""What every action has in common: identity, faults, follow-ups and the count of misunderstandings."""

from typing import TYPE_CHECKING, Any

import structlog
from rasa_sdk import Action

from actions.step_up import step_up
from actions.turn import Turn
from bot import metrics
from bot.banking.errors import UnknownCardError
from bot.errors import UnavailableError
from bot.identity.errors import AssuranceRequiredError
from bot.resilience import all_within

if TYPE_CHECKING:
    from rasa_sdk import Tracker
    from rasa_sdk.executor import CollectingDispatcher

    from bot.application import Services

log = structlog.get_logger(__name__)
TRY_AGAIN = "try_again"


class BankAction(Action):  # type: ignore[misc]  # rasa_sdk is not typed
    """A thin entry point: read the turn, call one service, say what came back."""

    action_name: str
    aside = False
    """An aside leaves an open confirmation open and asks it again."""
    ends_turn = True
    """Helpers of a form do not end a turn, so they neither count misunderstandings nor withdraw offers."""

    def __init__(self, services: "Services") -> None:
        self.services = services
        self.follow_ups: tuple[BankAction, ...] = ()
        """Actions that may claim a message although NLU thought of this one (那5678呢, a bare phone number)."""

    def name(self) -> str:
        return self.action_name

    async def answer(self, turn: Turn) -> None:
        """Answer the customer. May raise AssuranceRequiredError and UnknownCardError: `run` deals with them."""
        raise NotImplementedError

    def continues(self, turn: Turn) -> bool:  # noqa: ARG002 - most actions never do
        """Whether this message goes on with what this action has answered or asked before."""
        return False

    def resume(self, turn: Turn) -> str:
        """The payload that repeats this request once the customer has proved who they are."""
        return f"/{turn.intent}"

    def answer_unavailable(self, turn: Turn) -> None:
        """Core banking or CRM gave no answer in time: say so, keep the request to try again, offer a person."""
        again = {"title": turn.services.texts("utter_button_again"), "payload": self.resume(turn)}
        turn.remember("offer", {"kind": TRY_AGAIN, "action": self.action_name, "payload": again["payload"]})
        turn.say("utter_unavailable", buttons=[again])

    async def run(
        self,
        dispatcher: "CollectingDispatcher",
        tracker: "Tracker",
        domain: dict[str, Any],  # noqa: ARG002 - the signature is rasa_sdk's
    ) -> list[dict[str, Any]]:
        """Answer, and never leave the customer without a word: silence is a fault."""
        turn = Turn(self.services, dispatcher, tracker)
        action = next((other for other in self.follow_ups if other.continues(turn)), self)
        offer = turn.recall("offer")
        try:
            with all_within(self.services.settings.answer_within_s):
                await action.answer_as_known(turn)
        except UnavailableError as error:
            metrics.FAULTS.labels(part=error.code).inc()
            log.warning(
                "unavailable", action=action.action_name, conversation_id=turn.conversation_id, cause=str(error)
            )
            action.answer_unavailable(turn)
        except Exception as error:
            log.exception("action failed", action=action.action_name, error=type(error).__name__)
            turn.say("utter_action_fault")
            turn.hand_off("rasa_unavailable")
        if self.ends_turn:
            self._settle(turn, offer, action.aside)
            _go_on(turn)
            await _remind_of_code(turn)
        return turn.events

    async def answer_as_known(self, turn: Turn) -> None:
        """Answer; where that needs a better-known customer or another card, ask for it."""
        try:
            await self.answer(turn)
        except AssuranceRequiredError:
            await step_up(turn, self.resume(turn))
        except UnknownCardError as error:
            await self._name_cards(turn, error.card_tail)
        else:
            waiting = turn.recall("proof") or {}
            done = self.ends_turn and waiting.get("resume") == self.resume(turn)
            if done and not turn.remembered_now("proof"):
                turn.remember("proof", None)

    async def _name_cards(self, turn: Turn, unknown_tail: str) -> None:
        cards = await self.services.banking.cards(await turn.principal())
        topic = self.resume(turn)
        buttons = [
            {
                "title": self.services.texts("utter_button_card", tail=card.card_tail, card=card.name),
                "payload": f'{topic}{{"card_tail":"{card.card_tail}"}}',
            }
            for card in cards
        ]
        turn.say("utter_unknown_card", buttons=buttons, tail=unknown_tail)

    @staticmethod
    def _settle(turn: Turn, offer: dict[str, Any] | None, aside: bool) -> None:
        """An offer holds for one turn and the asides after it, or while it `stays`; misses count only in a row."""
        if offer and not turn.remembered_now("offer"):
            reminder = offer.get("reminder") if (aside or offer.get("stays")) and not turn.handed_off else None
            if reminder:
                turn.say(reminder)
            turn.remember("offer", offer if reminder else None)
        if turn.recall("misses") and not turn.misunderstood:
            turn.remember("misses", 0)


async def _remind_of_code(turn: Turn) -> None:
    """After something else has been answered, say once that the code is still waited for, and where nothing was."""
    proof = turn.recall("proof")
    if not proof or turn.remembered_now("proof") or turn.handed_off or (proof.get("reminded") and turn.has_answered):
        return
    if await turn.services.identity.expects_code(turn.conversation_id):
        turn.say("utter_code_still_open")
        turn.remember("proof", {**proof, "reminded": True})


def _go_on(turn: Turn) -> None:
    """Turn to what else the customer asks for once nothing of this request is open; a person takes over all of it."""
    then = turn.then
    if then is None:
        return
    waits = turn.is_open and not turn.handed_off
    if not waits and not turn.handed_off:
        turn.go_on_with(then)
    if turn.recall("then") != (then if waits else None):
        turn.remember("then", then if waits else None)
