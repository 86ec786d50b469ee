"""投诉: the form that takes a complaint. It uses what was said already and never asks what the bank knows."""

import asyncio
import re
from typing import TYPE_CHECKING

import jionlp

from actions.base import BankAction
from actions.turn import Turn
from bot import wording
from bot.banking.periods import resolve_period
from bot.complaints.models import ComplaintDraft
from bot.complaints.severity import is_grave

if TYPE_CHECKING:
    from bot.bootstrap import Services

REQUESTED = "requested_slot"
WHAT, TARGET, WISH = "complaint_what", "complaint_target", "complaint_wish"
PHONE, CONFIRMED = "complaint_phone", "complaint_confirmed"
CHANGING, FACTS, STARTED = "complaint_changing", "complaint_facts", "complaint_started"
ASKED = (WHAT, TARGET, WISH, PHONE, CONFIRMED)
_SLOTS = (*ASKED, CHANGING, FACTS, STARTED)

_FIELDS = {
    TARGET: "对象|产品|渠道|target",
    WHAT: "情况|内容|描述|经过|事情|what",
    WISH: "诉求|要求|希望|wish",
    PHONE: "电话|手机号|号码|联系方式|phone",
}
_CHANGE = re.compile("修改|更改|改一下|改下|改改|改成|改为|要改|重新填|重填|写错|填错")
_CORRECTION = re.compile("不对|不是|说错|弄错|搞错|写错|填错|应该是|改成|改为|更正|其实是")
_NOTHING = re.compile("没有?了?|没什么|无|不用了?|没要求|没有要求|跳过|随便|不需要")
_OPENING = re.compile(
    "^(你好|您好|请问|喂|我|要|想|得|来|进行|提出|投诉|举报|反映|一下|个|问题|情况|你们|[，。,！!：: ])+"
)
_ENDS_FORM = ("request_human", "cancel")
_ELSEWHERE = (
    *("check_balance", "check_transactions", "check_credit_card", "check_points", "report_lost_card"),
    *("recommend_product", "check_complaint", "bind_account", "rate_service", "express_anger"),
    *("greet", "goodbye", "thank", "help", "bot_challenge", "chitchat"),
)
_SHORT = 12
"""Free text up to this length is taken for what NLU says it is; anything longer is part of the story."""
_SHORTEST_STORY = 6
_SHORTEST_WISH = 4
"""NLU takes 赔礼道歉 for a yes."""


class ValidateComplaintForm(BankAction):
    """Understands one message for the form. Setting no slot refuses it: another rule answers, then the form asks on."""

    action_name = "validate_complaint_form"
    ends_turn = False

    async def answer(self, turn: Turn) -> None:
        asked: str | None = turn.recall(REQUESTED)
        if not turn.form_refused:
            if asked is None:
                self._begin(turn)
            elif self._change(turn, asked):
                turn.remember(CONFIRMED, None)
            elif not await self._is_aside(turn, asked):
                self._understand(turn, asked)
        turn.remember(REQUESTED, await self._next(turn))

    def _begin(self, turn: Turn) -> None:
        forget_complaint(turn)
        turn.remember(STARTED, self.services.clock().isoformat())
        turn.remember(TARGET, _target(turn))
        turn.remember(PHONE, turn.phone)
        story = _OPENING.sub("", turn.text)
        if not turn.is_payload and (len(story) >= _SHORTEST_STORY or is_grave(turn.text)):
            self._tell(turn)

    async def _next(self, turn: Turn) -> str | None:
        """The slot to ask for; None ends the form. A grave complaint asks nothing more: a person takes over."""
        if is_grave(turn.recall(WHAT) or "") or turn.recall(CONFIRMED):
            return None
        if turn.recall(CHANGING):
            return CONFIRMED
        slots = [WHAT, TARGET, WISH, CONFIRMED]
        if (await turn.principal()).customer_id is None:
            slots.insert(3, PHONE)
        return next((slot for slot in slots if turn.recall(slot) is None), None)

    async def _is_aside(self, turn: Turn, asked: str) -> bool:
        """Whether the message answers something else than the form's question."""
        if turn.is_payload:
            return turn.intent not in ("affirm", "deny", "file_complaint")
        if turn.phone and turn.recall("proof") and asked != PHONE:
            return True  # sent for the identity check of another request
        free_text = asked in (WHAT, WISH)
        if turn.intent == "ask_faq":
            found = await asyncio.to_thread(self.services.retriever.answer, turn.text)
            return not free_text or found.decision == "answer"
        if turn.intent in _ENDS_FORM or turn.intent in _ELSEWHERE:
            stated = asked in (TARGET, PHONE) and (turn.phone or _target(turn))
            return not stated and (not free_text or len(turn.text) <= _SHORT)
        return False

    def _understand(self, turn: Turn, asked: str) -> None:
        if asked == WHAT:
            if len(turn.text) >= _SHORTEST_STORY:
                self._tell(turn)
        elif asked == TARGET:
            target = _target(turn) or (turn.text if len(turn.text) <= _SHORT and not turn.is_payload else None)
            turn.remember(TARGET, target) if target else None
        elif asked == WISH:
            self._wish(turn)
        elif asked == PHONE:
            turn.remember(PHONE, turn.phone) if turn.phone else None
        elif turn.intent == "affirm":
            turn.remember(CONFIRMED, True)
        elif turn.intent == "deny":
            turn.remember(CHANGING, True)

    def _change(self, turn: Turn, asked: str) -> bool:
        """Take a correction of what was said before: 不对，是手机银行, 改一下, 修改电话. False if it is none."""
        changing = bool(turn.recall(CHANGING))
        if turn.intent in _ENDS_FORM or (asked in (WHAT, WISH) and len(turn.text) > _SHORT):
            return False
        change = _CHANGE.search(turn.text) is not None
        corrects = changing or _CORRECTION.search(turn.text) is not None
        field = turn.entity("complaint_field") or (_field(turn.text) if changing or change else None)
        turn.remember(CHANGING, None) if changing else None
        if asked != TARGET and corrects and _target(turn):
            turn.remember(TARGET, _target(turn))
        elif asked != PHONE and turn.phone and not turn.recall("proof"):
            turn.remember(PHONE, turn.phone)
        elif field:
            turn.remember(field, None)
        elif asked == CONFIRMED and corrects and len(turn.text) >= _SHORTEST_STORY and not turn.is_payload:
            told = turn.services.texts("utter_complaint_added", before=turn.recall(WHAT), text=turn.text)
            turn.remember(WHAT, told)
        elif change and turn.recall(WHAT):
            turn.remember(CHANGING, True)
        else:
            return changing
        return True

    @staticmethod
    def _tell(turn: Turn) -> None:
        turn.remember(WHAT, turn.text)
        if turn.phone:
            turn.remember(PHONE, turn.phone)
        turn.remember(FACTS, {"date": turn.entity("date"), "amount": turn.entity("amount")})
        if turn.recall(TARGET) is None and _target(turn):
            turn.remember(TARGET, _target(turn))

    @staticmethod
    def _wish(turn: Turn) -> None:
        if turn.intent == "deny" or _NOTHING.fullmatch(turn.text.strip("，。！ ")):
            turn.remember(WISH, "")
        elif turn.intent != "affirm" or len(turn.text) >= _SHORTEST_WISH:
            turn.remember(WISH, turn.text)


class AskComplaint(BankAction):
    """Asks for one slot of the form. Not left to Rasa, which takes the payloads of buttons for templates."""

    ends_turn = False

    def __init__(self, services: "Services", slot: str) -> None:
        super().__init__(services)
        self.action_name = f"action_ask_{slot}"
        self._slot = slot

    async def answer(self, turn: Turn) -> None:
        if self._slot != CONFIRMED:
            turn.say(f"utter_ask_{self._slot}")
        elif turn.recall(CHANGING):
            turn.say("utter_ask_complaint_field")
        else:
            self._summarise(turn)

    @staticmethod
    def _summarise(turn: Turn) -> None:
        texts = turn.services.texts
        nothing = texts("utter_complaint_nothing")
        turn.say(
            "utter_complaint_summary",
            target=turn.recall(TARGET) or nothing,
            what=turn.recall(WHAT),
            wish=turn.recall(WISH) or nothing,
            phone=texts(f"utter_complaint_phone_{'given' if turn.recall(PHONE) else 'on_file'}"),
        )


class SubmitComplaint(BankAction):
    """Files what the customer has confirmed; brings a person in for a grave complaint."""

    action_name = "action_submit_complaint"

    async def answer(self, turn: Turn) -> None:
        what = turn.recall(WHAT)
        if turn.recall(CONFIRMED):
            await self._file(turn)
        elif what and is_grave(what):
            turn.say("utter_handoff_grave")
            turn.hand_off("grave_complaint", what)
        forget_complaint(turn)

    async def _file(self, turn: Turn) -> None:
        facts = turn.recall(FACTS) or {}
        period = resolve_period(facts["date"], turn.today) if facts.get("date") else None
        draft = ComplaintDraft(
            target=turn.recall(TARGET),
            what=turn.recall(WHAT),
            wish=turn.recall(WISH) or None,
            phone=turn.recall(PHONE),
            occurred_on=period.since if period and period.since == period.until else None,
            amount_fen=_fen(facts.get("amount")),
        )
        key = f"{turn.sender_id}:{turn.recall(STARTED)}"
        complaint = await self.services.complaints.file(await turn.principal(), draft, idempotency_key=key)
        turn.say("utter_complaint_filed", number=complaint.number, due=wording.day(complaint.due_on, turn.today))


def forget_complaint(turn: Turn) -> None:
    """Empty the form."""
    for slot in _SLOTS:
        turn.remember(slot, None)


def _target(turn: Turn) -> str | None:
    """What the complaint is about; in a short answer a product or a kind of card is that too."""
    kinds = (TARGET, "product", "account_type") if len(turn.text) <= _SHORT else (TARGET, "product")
    return next((stated[0] for kind in kinds if (stated := turn.stated(kind))), None)


def _field(text: str) -> str | None:
    return next((slot for slot, words in _FIELDS.items() if re.search(words, text)), None)


def _fen(amount: str | None) -> int | None:
    """An amount as the customer wrote it (3000元, 五百块) in fen, if it is one exact sum."""
    if not amount:
        return None
    try:
        money = jionlp.parse_money(amount.replace("¥", "").replace(",", ""))
    except ValueError:
        return None
    exact = money["definition"] == "accurate" and money["case"] == "元"
    return round(float(money["num"]) * 100) if exact else None
