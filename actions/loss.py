"""钱被骗了十万你们管不管: money is gone, and no answer from the knowledge base will do."""

from actions.base import BankAction
from actions.person import hand_off_as_grave
from actions.turn import Turn
from bot.complaints.severity import reports_loss


class HelpWithLoss(BankAction):
    """Fetches a person at once, whatever NLU makes of the words. Rasa does not know of it."""

    action_name = "action_help_with_loss"

    def continues(self, turn: Turn) -> bool:
        # A card is blocked first: that takes the customer a moment, a person may take minutes.
        told = not turn.is_payload and not turn.in_form and turn.intent != "report_lost_card"
        return told and reports_loss(turn.text)

    async def answer(self, turn: Turn) -> None:
        hand_off_as_grave(turn)
