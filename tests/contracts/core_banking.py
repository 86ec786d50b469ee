"""What every core-banking adapter does, whatever stands behind it."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.banking.errors import InvalidCursorError, UnknownCardError
from bot.banking.models import (
    AccountKind,
    Card,
    CardStatus,
    CreditCardBill,
    Points,
    TransactionQuery,
)
from bot.banking.port import CoreBanking

OCTOBER = TransactionQuery(date(2026, 10, 1), date(2026, 10, 31))


class CoreBankingContract:
    """Inherit it and give a fixture `core` that holds these accounts, and others of another customer:

    C1 has the debit card 工资卡 1234 (¥900.00), then the credit card 信用卡 8888 (¥300.00 of ¥5,000.00 owed),
    800 points of which 100 lapse after 31 December 2026, and in the bank's October:
    1st 00:00 工资 +¥1,000.00 to 1234; 5th 超市 -¥60.00 and 20th 08:00 信用卡还款 -¥40.00 from 1234;
    20th 08:00 信用卡还款 +¥40.00 to 8888; 31st 23:59 100%果汁店 -¥340.00 from 8888.
    Its bill of 25 October is ¥300.00, at least ¥30.00 by 14 November, ¥0.00 paid; an older one exists.
    C2 has 李家卡 1234 (¥7.00) and one booking in October.
    """

    async def test_accounts_debit_before_credit(self, core: CoreBanking) -> None:
        debit, credit = await core.accounts("C1")
        assert (debit.card_tail, debit.kind, debit.name) == ("1234", AccountKind.DEBIT, "工资卡")
        assert (debit.balance_fen, debit.available_fen, debit.currency) == (90000, 90000, "CNY")
        assert (credit.card_tail, credit.kind) == ("8888", AccountKind.CREDIT)
        assert (credit.balance_fen, credit.available_fen) == (-30000, 470000)
        assert {debit.status, credit.status} == {CardStatus.ACTIVE}

    async def test_a_stranger_has_nothing(self, core: CoreBanking) -> None:
        assert await core.accounts("C404") == []
        assert await core.bills("C404") == []
        assert await core.points("C404") == Points(0, 0, None)
        assert (await core.transactions("C404", OCTOBER)).total == 0

    async def test_transactions_newest_first_with_both_days(self, core: CoreBanking) -> None:
        page = await core.transactions("C1", OCTOBER)
        assert page.total == 5
        assert [t.amount_fen for t in page.items] == [-34000, 4000, -4000, -6000, 100000]
        assert page.items[-1].counterparty == "青禾公司"
        assert page.items[-1].at.utcoffset() is not None

    async def test_own_moves_are_neither_earned_nor_spent(self, core: CoreBanking) -> None:
        page = await core.transactions("C1", OCTOBER)
        assert (page.income_fen, page.expense_fen) == (100000, 40000)

    async def test_within_one_card_own_moves_count(self, core: CoreBanking) -> None:
        query = TransactionQuery(OCTOBER.since, OCTOBER.until, card_tail="1234")
        page = await core.transactions("C1", query)
        assert (page.total, page.income_fen, page.expense_fen) == (3, 100000, 10000)

    async def test_the_figures_are_of_all_matches(self, core: CoreBanking) -> None:
        query = TransactionQuery(OCTOBER.since, OCTOBER.until, limit=1)
        page = await core.transactions("C1", query)
        assert (len(page.items), page.total, page.expense_fen) == (1, 5, 40000)

    @pytest.mark.parametrize(
        ("narrower", "amounts"),
        [
            ({"kind": AccountKind.CREDIT}, [-34000, 4000]),
            ({"direction": "in"}, [4000, 100000]),
            ({"direction": "out"}, [-34000, -4000, -6000]),
            ({"keyword": "超市"}, [-6000]),
            ({"keyword": "还款"}, [4000, -4000]),
            ({"keyword": "100%"}, [-34000]),
            ({"keyword": "%"}, [-34000]),
            ({"keyword": "没有的店"}, []),
            ({"card_tail": "9999"}, []),
            ({"least_fen": 34000}, [-34000, 100000]),
            ({"most_fen": 4000}, [4000, -4000]),
            ({"least_fen": 5000, "most_fen": 50000}, [-34000, -6000]),
            ({"currency": "USD"}, []),
        ],
    )
    async def test_narrower_queries(self, core: CoreBanking, narrower: dict, amounts: list[int]) -> None:
        page = await core.transactions("C1", TransactionQuery(OCTOBER.since, OCTOBER.until, **narrower))
        assert [t.amount_fen for t in page.items] == amounts

    async def test_pages_follow_each_other_without_gap_or_repetition(self, core: CoreBanking) -> None:
        query = TransactionQuery(OCTOBER.since, OCTOBER.until, limit=2)
        pages = [await core.transactions("C1", query)]
        while pages[-1].next_cursor is not None:
            pages.append(await core.transactions("C1", replace(query, cursor=pages[-1].next_cursor)))
        amounts = [[item.amount_fen for item in page.items] for page in pages]
        assert amounts == [[-34000, 4000], [-4000, -6000], [100000]]
        assert {(page.total, page.income_fen, page.expense_fen) for page in pages} == {(5, 100000, 40000)}

    async def test_a_page_that_holds_all_leads_nowhere(self, core: CoreBanking) -> None:
        assert (await core.transactions("C1", replace(OCTOBER, limit=5))).next_cursor is None

    @pytest.mark.parametrize("cursor", ["", "3", "gestern|x", "2026-10-20T08:00:00|x", "' OR 1=1 --"])
    async def test_a_cursor_of_nobodys_is_refused(self, core: CoreBanking, cursor: str) -> None:
        with pytest.raises(InvalidCursorError):
            await core.transactions("C1", replace(OCTOBER, cursor=cursor))

    async def test_another_customers_cursor_shows_nothing_of_theirs(self, core: CoreBanking) -> None:
        cursor = (await core.transactions("C1", replace(OCTOBER, limit=1))).next_cursor
        page = await core.transactions("C2", replace(OCTOBER, cursor=cursor))
        assert [item.amount_fen for item in page.items] == [-100]

    async def test_money_names_its_currency(self, core: CoreBanking) -> None:
        page = await core.transactions("C1", OCTOBER)
        bills = await core.bills("C1")
        assert {page.currency, *(item.currency for item in page.items), *(b.currency for b in bills)} == {"CNY"}

    async def test_a_day_is_the_banks_day(self, core: CoreBanking) -> None:
        first = await core.transactions("C1", TransactionQuery(date(2026, 10, 1), date(2026, 10, 1)))
        last = await core.transactions("C1", TransactionQuery(date(2026, 10, 31), date(2026, 10, 31)))
        assert [t.amount_fen for t in first.items] == [100000]
        assert [t.amount_fen for t in last.items] == [-34000]

    async def test_the_latest_bill(self, core: CoreBanking) -> None:
        assert await core.bills("C1") == [
            CreditCardBill(
                card_tail="8888",
                statement_fen=30000,
                minimum_fen=3000,
                paid_fen=0,
                due_on=date(2026, 11, 14),
                statement_on=date(2026, 10, 25),
                limit_fen=500000,
                available_fen=470000,
            )
        ]

    async def test_points(self, core: CoreBanking) -> None:
        assert await core.points("C1") == Points(800, 100, date(2026, 12, 31))

    async def test_blocks_one_card_of_one_customer(self, core: CoreBanking) -> None:
        blocked = await core.block_card("C1", "1234", idempotency_key="b1")
        assert blocked == Card("1234", AccountKind.DEBIT, "工资卡", CardStatus.BLOCKED)
        assert [a.status for a in await core.accounts("C1")] == [CardStatus.BLOCKED, CardStatus.ACTIVE]
        assert [a.status for a in await core.accounts("C2")] == [CardStatus.ACTIVE]

    async def test_blocking_again_changes_nothing(self, core: CoreBanking) -> None:
        first = await core.block_card("C1", "1234", idempotency_key="b1")
        again = await asyncio.gather(
            *(core.block_card("C1", "1234", idempotency_key=key) for key in ("b1", "b1", "b2"))
        )
        assert set(again) == {first}

    async def test_an_unknown_card_cannot_be_blocked(self, core: CoreBanking) -> None:
        with pytest.raises(UnknownCardError):
            await core.block_card("C2", "8888", idempotency_key="b1")
