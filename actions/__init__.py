"""What the assistant does: one module a subject, each action a thin entry to one service of `bot`."""

from typing import TYPE_CHECKING

from actions.accounts import AnswerAccountQuestion
from actions.again import TryAgain
from actions.base import BankAction
from actions.cards import ReportLostCard
from actions.complaint_form import ValidateComplaintForm
from actions.complaint_status import CheckComplaint
from actions.complaints import ASKED, AskComplaint, SubmitComplaint
from actions.faq import LIKELY, AnswerFaq, Fallback
from actions.faq_follow_up import FollowUpFaq
from actions.handoff import HandOff
from actions.identity import BindAccount
from actions.loss import HelpWithLoss
from actions.number import AskWhatNumber
from actions.products import RecommendProduct
from actions.rating import RateService
from actions.smalltalk import Affirm, Cancel, Deny, SmallTalk

if TYPE_CHECKING:
    from bot.application import Services


def all_actions(services: "Services") -> list[BankAction]:
    """Every custom action of `domain.yml`, ready to be registered with an action executor."""
    claiming = (
        BindAccount(services),
        CheckComplaint(services),
        RateService(services),
        ReportLostCard(services),
        AnswerAccountQuestion(services),
    )
    again = TryAgain(services)
    ask_what_number = AskWhatNumber(services)
    hand_off = HandOff(services)
    hand_off.follow_ups = (ask_what_number,)
    open_to_follow_ups = [
        *claiming,
        AnswerFaq(services, "action_answer_faq", miss="utter_faq_miss"),
        Fallback(services, "action_default_fallback", miss="utter_fallback", least=LIKELY),
        RecommendProduct(services),
        SmallTalk(services),
        Affirm(services),
        Deny(services),
    ]
    again.actions = {action.action_name: action for action in open_to_follow_ups}
    for action in open_to_follow_ups:
        action.follow_ups = (
            HelpWithLoss(services),
            again,
            *claiming,
            FollowUpFaq(services),
            ask_what_number,
        )
    return [
        *open_to_follow_ups,
        Cancel(services),
        hand_off,
        ValidateComplaintForm(services),
        *(AskComplaint(services, slot) for slot in ASKED),
        SubmitComplaint(services),
    ]
