from dataclasses import replace
from datetime import date

from tests.contracts.crm import LI, WANG


def test_a_risk_level_holds_until_its_last_day() -> None:
    assert WANG.valid_risk_level(date(2027, 1, 31)) == "C3"
    assert WANG.valid_risk_level(date(2027, 2, 1)) is None


def test_without_an_assessment_there_is_no_risk_level() -> None:
    assert LI.valid_risk_level(date(2026, 11, 23)) is None
    assert replace(LI, risk_level="C5").valid_risk_level(date(2026, 11, 23)) is None
