"""What the assistant does: one module a subject, each action a thin entry to one service of `bot`."""

from typing import TYPE_CHECKING

from actions.accounts import AnswerAccountQuestion
from actions.base import BankAction
from actions.cards import ReportLostCard
from actions.complaint_form import ValidateComplaintForm
from actions.complaint_status import CheckComplaint
from actions.complaints import ASKED, AskComplaint, SubmitComplaint
from actions.faq import LIKELY, AnswerFaq, Fallback
from actions.handoff import HandOff
from actions.identity import BindAccount
from actions.products import RecommendProduct
from actions.rating import RateService
from actions.smalltalk import Affirm, Cancel, Deny, SmallTalk

if TYPE_CHECKING:
    from bot.bootstrap import Services


def all_actions(services: "Services") -> list[BankAction]:
    """Every custom action of `domain.yml`, ready to be registered with an action executor."""
    follow_ups = (
        BindAccount(services),
        CheckComplaint(services),
        RateService(services),
        ReportLostCard(services),
        AnswerAccountQuestion(services),
    )
    open_to_follow_ups = [
        *follow_ups,
        AnswerFaq(services, "action_answer_faq", miss="utter_faq_miss"),
        Fallback(services, "action_default_fallback", miss="utter_fallback", least=LIKELY),
        RecommendProduct(services),
        SmallTalk(services),
        Affirm(services),
        Deny(services),
    ]
    for action in open_to_follow_ups:
        action.follow_ups = follow_ups
    return [
        *open_to_follow_ups,
        Cancel(services),
        HandOff(services),
        ValidateComplaintForm(services),
        *(AskComplaint(services, slot) for slot in ASKED),
        SubmitComplaint(services),
    ]
