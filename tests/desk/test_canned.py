import re

import pytest
from pydantic import ValidationError

from bot.application import Gateway
from bot.desk.canned import Wording, initials, shipped
from bot.desk.errors import ShortcutTakenError, UnknownReplyError
from bot.handoff.forbidden import check_wording
from tests.staff.people import hire

_KNOWN = {"客户称呼", "坐席姓名", "银行", "热线"}


async def test_an_empty_table_begins_with_those_that_ship(gateway: Gateway) -> None:
    replies = await gateway.aids.canned.all()
    assert sorted(each.shortcut for each in replies) == sorted(each.shortcut for each in shipped())
    assert await gateway.aids.canned.all() == replies  # and keeps them


def test_what_ships_can_be_sent_as_it_is() -> None:
    assert len({each.shortcut for each in shipped()}) == len(shipped())
    for each in shipped():
        assert set(re.findall(r"\{(.*?)\}", each.text)) <= _KNOWN
        assert check_wording(each.text) == []


async def test_supervisors_add_change_and_remove(gateway: Gateway) -> None:
    wu = await hire(gateway, "wu", role="supervisor")
    canned = gateway.aids.canned
    await canned.all()
    reply_id = await canned.add(wu, Wording(shortcut="yh", title="优惠活动", text="本月活动：【】"))
    await canned.change(wu, reply_id, Wording(shortcut="yh2", title="优惠活动", text="下月活动：【】"))
    (own,) = [each for each in await canned.all() if each.reply_id == reply_id]
    assert (own.shortcut, own.text, own.initials) == ("yh2", "下月活动：【】", "yhhd")
    await canned.remove(reply_id)
    assert reply_id not in [each.reply_id for each in await canned.all()]


async def test_a_shortcut_belongs_to_one_reply(gateway: Gateway) -> None:
    wu = await hire(gateway, "wu", role="supervisor")
    first, second, *_ = await gateway.aids.canned.all()
    taken = Wording(shortcut=first.shortcut, title="另一个", text="另一个")
    with pytest.raises(ShortcutTakenError):
        await gateway.aids.canned.add(wu, taken)
    with pytest.raises(ShortcutTakenError):
        await gateway.aids.canned.change(wu, second.reply_id, taken)


async def test_a_reply_that_is_gone_cannot_be_changed(gateway: Gateway) -> None:
    wu = await hire(gateway, "wu", role="supervisor")
    with pytest.raises(UnknownReplyError):
        await gateway.aids.canned.change(wu, "gone", Wording(shortcut="x", title="x", text="x"))
    with pytest.raises(UnknownReplyError):
        await gateway.aids.canned.remove("gone")


@pytest.mark.parametrize("shortcut", ["", "年费", "A", "a b", "x" * 17])
def test_a_shortcut_is_short_and_typed_without_an_input_method(shortcut: str) -> None:
    with pytest.raises(ValidationError):
        Wording(shortcut=shortcut, title="年费", text="年费")


def test_initials_are_those_of_the_syllables() -> None:
    assert initials("退款进度") == "tkjd"
    assert initials("ETC办理") == "etcbl"
