"""评价: one to five, in digits, stars or words."""

from actions.base import BankAction
from actions.turn import Turn
from bot.handoff.ratings import Reason, score_of


class RateService(BankAction):
    """Takes the customer's rating of this conversation, and why it is low, or asks for it with five buttons."""

    action_name = "action_rate_service"

    def continues(self, turn: Turn) -> bool:
        asked = (turn.recall("offer") or {}).get("kind") == "rating"
        return asked and not turn.is_payload and score_of(turn.text) is not None

    async def answer(self, turn: Turn) -> None:
        if turn.is_payload and (why := turn.entity("rating_reason")) in {each.value for each in Reason}:
            await self.services.ratings.explain(turn.conversation_id, Reason(why))
            turn.say("utter_rating_explained")
            return
        score = score_of(turn.entity("amount") if turn.is_payload else turn.text)
        if score is None:
            turn.remember("offer", {"kind": "rating"})
            turn.say("utter_ask_rating")
            return
        await self.services.ratings.rate(turn.conversation_id, score)
        turn.say("utter_rated_well" if score >= 4 else "utter_rated_badly")
