"""What every desk outside does, whatever program stands behind it."""

from collections.abc import Callable

import pytest

from bot.handoff.outside.errors import OutsideConversationGoneError
from bot.handoff.outside.port import Kind, Line, OutsideDesk, Visitor

WANG = Visitor("c" * 32, "王*明")
LI = Visitor("d" * 32, "访客dddddd")
CARD = Line("handoff-1", Kind.NOTE, "客户转人工，原因：客户要求人工")
Said = Callable[[str], list[tuple[Kind, str]]]


def line(number: int) -> Line:
    """What a customer says."""
    return Line(f"message-{number}", Kind.CUSTOMER, f"第{number}句")


class OutsideDeskContract:
    """Inherit it and give fixtures `desk`, `said` (kind and text of each line) and `delete` (by an administrator)."""

    async def test_opening_again_is_the_same_conversation(self, desk: OutsideDesk) -> None:
        first = await desk.open(WANG)
        assert await desk.open(WANG) == first
        assert await desk.find(LI.conversation_id) is None
        assert await desk.open(LI) != first
        assert await desk.find(WANG.conversation_id) == first
        assert await desk.is_open(first)

    async def test_lines_stand_in_order_and_keep_their_kind(self, desk: OutsideDesk, said: Said) -> None:
        outside_id = await desk.open(WANG)
        for each in (CARD, line(1), line(2)):
            await desk.add(outside_id, each, in_doubt=False)
        assert said(outside_id) == [(each.kind, each.text) for each in (CARD, line(1), line(2))]

    async def test_a_line_in_doubt_stands_there_once(self, desk: OutsideDesk, said: Said) -> None:
        outside_id = await desk.open(WANG)
        await desk.add(outside_id, CARD, in_doubt=True)
        await desk.add(outside_id, line(1), in_doubt=True)
        await desk.add(outside_id, line(1), in_doubt=True)
        assert said(outside_id) == [(CARD.kind, CARD.text), (Kind.CUSTOMER, "第1句")]

    async def test_what_has_ended_is_opened_again_with_its_lines(self, desk: OutsideDesk, said: Said) -> None:
        outside_id = await desk.open(WANG)
        await desk.add(outside_id, CARD, in_doubt=False)
        await desk.end(outside_id)
        await desk.end(outside_id)
        assert not await desk.is_open(outside_id)
        assert await desk.open(WANG) == outside_id
        assert await desk.is_open(outside_id)
        assert len(said(outside_id)) == 1

    async def test_what_was_deleted_is_gone_until_it_is_opened(
        self, desk: OutsideDesk, delete: Callable[[str], None], said: Said
    ) -> None:
        outside_id = await desk.open(WANG)
        await desk.add(outside_id, CARD, in_doubt=False)
        delete(outside_id)
        for call in (desk.add(outside_id, CARD, in_doubt=True), desk.end(outside_id), desk.is_open(outside_id)):
            with pytest.raises(OutsideConversationGoneError):
                await call
        again = await desk.open(WANG)
        await desk.add(again, CARD, in_doubt=True)
        assert said(again) == [(CARD.kind, CARD.text)]
