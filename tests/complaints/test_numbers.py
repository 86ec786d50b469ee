from datetime import date

import pytest

from bot.complaints.errors import MistypedNumberError
from bot.complaints.numbers import make_number, parse_number

NUMBER = make_number(date(2026, 11, 23), 1)
_ARABIC = NUMBER.translate({ord("0") + n: 0x0660 + n for n in range(10)})


def test_the_form_of_a_number() -> None:
    assert NUMBER.startswith("TS202611230001")
    assert len(NUMBER) == 15


@pytest.mark.parametrize(
    "typed", [NUMBER, NUMBER.lower(), NUMBER[2:], f" {NUMBER} ", f"ts {NUMBER[2:10]} {NUMBER[10:]}"]
)
def test_every_way_of_typing_it(typed: str) -> None:
    assert parse_number(typed) == NUMBER


def test_full_width_is_read() -> None:
    wide = NUMBER.translate({ord(c): ord(c) + 0xFEE0 for c in "TS0123456789"})
    assert parse_number(wide) == NUMBER


def test_every_single_wrong_digit_is_found() -> None:
    for sequence in (1, 42, 9999):
        number = make_number(date(2026, 11, 23), sequence)
        for place in range(2, len(number)):
            for digit in set("0123456789") - {number[place]}:
                with pytest.raises(MistypedNumberError):
                    parse_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "TS",
        "TS2026",
        NUMBER + "0",
        NUMBER[:-1],
        "XX" + NUMBER[2:],
        "投诉编号",
        "²" * 13,
        _ARABIC,
    ],
)
def test_other_forms_are_mistyped(typed: str) -> None:
    with pytest.raises(MistypedNumberError):
        parse_number(typed)


@pytest.mark.parametrize("sequence", [0, -1, 10000])
def test_a_day_has_four_digits_of_complaints(sequence: int) -> None:
    with pytest.raises(ValueError, match="at most 9999"):
        make_number(date(2026, 11, 23), sequence)
