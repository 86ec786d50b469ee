"""余额, 明细, 信用卡账单, 积分: questions about the customer's own accounts and their follow-ups."""

from dataclasses import replace
from typing import Any, ClassVar

from actions.base import BankAction
from actions.question import MORE, Question, is_follow_up, wants_more
from actions.turn import Turn
from bot import wording
from bot.banking.errors import UnknownCardError
from bot.banking.models import (
    Account,
    AccountKind,
    CardStatus,
    CreditCardBill,
    Transaction,
    TransactionPage,
    TransactionQuery,
)
from bot.banking.periods import Period, resolve_period
from bot.clock import bank_date
from bot.identity.principal import Level

TOPICS = ("check_balance", "check_transactions", "check_credit_card", "check_points")
_DEFAULT_PERIOD = "近一个月"
_LINES = 5


class AnswerAccountQuestion(BankAction):
    """One action for four intents, because a follow-up goes on with the topic, not with the intent NLU guessed."""

    action_name = "action_answer_account"

    def continues(self, turn: Turn) -> bool:
        before = Question.recalled(turn)
        return (
            before is not None and before.topic in TOPICS and (wants_more(turn, before) or is_follow_up(turn, before))
        )

    def resume(self, turn: Turn) -> str:
        question = Question.recalled(turn)
        return f"/{question.topic}" if question else super().resume(turn)

    async def answer(self, turn: Turn) -> None:
        question = await self._question(turn)
        question.remember(turn)
        turn.remember("faq", None)
        try:
            await self._answers[question.topic](self, turn, question)
        except UnknownCardError:
            replace(question, open=False).remember(turn)
            raise
        answered = Question.recalled(turn) or question
        replace(answered, open=False).remember(turn)

    async def _question(self, turn: Turn) -> Question:
        """A full question stands alone; a follow-up, a button or a passed identity check goes on with the last."""
        before = Question.recalled(turn)
        if before is None or before.topic not in TOPICS:
            return await Question.asked(turn, turn.intent)
        if wants_more(turn, before):
            return replace(before, open=True)
        asked = await Question.asked(turn, turn.intent if turn.intent in TOPICS else before.topic)
        if is_follow_up(turn, before):
            return before.changed_by(asked)
        if turn.is_payload and turn.entities and before.topic == asked.topic:
            return before.changed_by(asked)
        if turn.is_payload and not turn.entities and before.open:
            # A passed code repeats the request it was sent for; a later question may be the one still open.
            known = (await turn.principal()).level >= Level.STEPPED_UP
            return before if known or before.topic == asked.topic else asked
        return asked

    async def _balance(self, turn: Turn, question: Question) -> None:
        accounts = await self.services.banking.balances(
            await turn.principal(), card_tail=question.card_tail, kind=question.kind
        )
        accounts = question.narrow(accounts)
        if not accounts:
            turn.say("utter_no_credit_card" if question.kind is AccountKind.CREDIT else "utter_no_account")
        elif all(account.kind is AccountKind.CREDIT for account in accounts):
            await self._credit_card(turn, question)
        elif len(accounts) == 1:
            turn.say("utter_balance", **_amounts(turn, accounts[0]))
        else:
            turn.quote("\n".join([turn.services.texts("utter_balances"), *(_line(turn, a) for a in accounts)]))

    async def _credit_card(self, turn: Turn, question: Question) -> None:
        bills = await self.services.banking.credit_cards(await turn.principal(), card_tail=question.card_tail)
        if not bills:
            turn.say("utter_no_credit_card")
            return
        texts = turn.services.texts
        name = f"utter_bill_{question.facet}" if question.facet else "utter_bill"
        turn.quote("\n".join(texts(name, **_bill(bill, turn)) for bill in bills))

    async def _transactions(self, turn: Turn, question: Question) -> None:
        period = resolve_period(question.date or _DEFAULT_PERIOD, turn.today)
        if period is None:
            turn.say("utter_unclear_period")
            return
        who = await turn.principal()
        tail = question.card_tail
        if tail is None and question.account_type and question.kind is None:
            named = question.narrow(await self.services.banking.accounts(who))
            tail = named[0].card_tail if len(named) == 1 else None
        query = TransactionQuery(
            period.since,
            period.until,
            tail,
            question.kind,
            question.direction,
            question.keyword,
            limit=_LINES,
            cursor=question.cursor,
        )
        page = await self.services.banking.transactions(who, query)
        told = replace(question, cursor=page.next_cursor, seen=question.seen + len(page.items))
        self._tell(turn, period, replace(question, card_tail=tail), page, left=page.total - told.seen)
        told.remember(turn)

    @staticmethod
    def _tell(turn: Turn, period: Period, question: Question, page: TransactionPage, *, left: int) -> None:
        texts = turn.services.texts
        tail = question.card_tail
        about: dict[str, Any] = {
            "period": period.label,
            "card": wording.tail(tail) if tail else question.account_type or "",
            "keyword": question.keyword or "",
        }
        if not page.items:
            turn.say("utter_no_transactions", **about)
            return
        sums = {
            "total": page.total,
            "income": wording.money(page.income_fen, page.currency),
            "expense": wording.money(page.expense_fen, page.currency),
        }
        heading = "utter_transactions_next" if question.cursor else f"utter_transactions_{question.direction or 'all'}"
        lines = [texts(heading, **sums, **about), *(_booking(turn, item) for item in page.items)]
        if page.next_cursor is None:
            turn.quote("\n".join(lines))
            return
        turn.remember("offer", {"kind": MORE})
        turn.quote(
            "\n".join([*lines, texts("utter_transactions_more", left=left)]),
            buttons=texts.buttons("utter_transactions_more"),
        )

    async def _points(self, turn: Turn, _question: Question) -> None:
        points = await self.services.banking.points(await turn.principal())
        if points.expiring and points.expires_on:
            turn.say(
                "utter_points_expiring",
                balance=f"{points.balance:,}",
                expiring=f"{points.expiring:,}",
                day=wording.day(points.expires_on, turn.today),
            )
        else:
            turn.say("utter_points", balance=f"{points.balance:,}")

    _answers: ClassVar = {
        "check_balance": _balance,
        "check_transactions": _transactions,
        "check_credit_card": _credit_card,
        "check_points": _points,
    }


def _amounts(turn: Turn, account: Account) -> dict[str, Any]:
    available = wording.money(account.available_fen, account.currency)
    held = account.available_fen < account.balance_fen
    return {
        "tail": wording.tail(account.card_tail),
        "card": account.name,
        "balance": wording.money(account.balance_fen, account.currency),
        "available": available,
        "held": turn.services.texts("utter_held", available=available) if held else "",
    }


def _line(turn: Turn, account: Account) -> str:
    texts = turn.services.texts
    kind = "credit" if account.kind is AccountKind.CREDIT else "debit"
    line = texts(f"utter_balance_line_{kind}", **_amounts(turn, account))
    return line + (texts("utter_blocked_mark") if account.status is CardStatus.BLOCKED else "")


def _booking(turn: Turn, item: Transaction) -> str:
    return turn.services.texts(
        "utter_transaction_line",
        day=wording.day(bank_date(item.at), turn.today),
        counterparty=item.counterparty,
        summary=item.summary,
        amount=wording.money(item.amount_fen, item.currency),
    )


def _bill(bill: CreditCardBill, turn: Turn) -> dict[str, Any]:
    return {
        "tail": wording.tail(bill.card_tail),
        "statement": wording.money(bill.statement_fen, bill.currency),
        "minimum": wording.money(bill.minimum_fen, bill.currency),
        "minimum_left": wording.money(max(0, bill.minimum_fen - bill.paid_fen), bill.currency),
        "paid": wording.money(bill.paid_fen, bill.currency),
        "left": wording.money(max(0, bill.statement_fen - bill.paid_fen), bill.currency),
        "due": wording.day(bill.due_on, turn.today),
        "limit": wording.money(bill.limit_fen, bill.currency),
        "available": wording.money(bill.available_fen, bill.currency),
    }
