from datetime import date, datetime, timezone

from bot.crm.fxiaoke.values import encode, projection, values_of
from bot.crm.mapping import ObjectMapping

MAPPING = ObjectMapping.model_validate(
    {
        "object": "AccountObj",
        "fields": {
            "manager": "owner",
            "risk_valid_until": "valid__c",
            "opened_at": "create_time",
            "title": {"name": "title__c", "values": {"先生": "1"}},
        },
    }
)


def test_a_day_is_the_banks_midnight_in_milliseconds_and_back() -> None:
    assert encode(date(2026, 12, 8)) == 1796659200000
    assert values_of(MAPPING, {"valid__c": 1796659200000})["risk_valid_until"] == date(2026, 12, 8)


def test_the_hour_of_a_day_says_nothing() -> None:
    last_minute = 1796659200000 + 86_399_999
    assert values_of(MAPPING, {"valid__c": last_minute})["risk_valid_until"] == date(2026, 12, 8)


def test_moments_keep_their_milliseconds() -> None:
    opened_at = values_of(MAPPING, {"create_time": 1796659200123})["opened_at"]
    assert opened_at == datetime(2026, 12, 7, 16, 0, 0, 123_000, timezone.utc)


def test_numbers_written_as_text_are_understood() -> None:
    assert values_of(MAPPING, {"valid__c": "1796659200000"})["risk_valid_until"] == date(2026, 12, 8)


def test_a_person_is_read_by_name() -> None:
    record = {"owner": ["1001"], "owner__r": {"id": "1001", "name": "林晓东"}}
    assert values_of(MAPPING, record)["manager"] == "林晓东"


def test_a_linked_record_is_read_by_name() -> None:
    assert values_of(MAPPING, {"owner": "65f0", "owner__r": "林晓东"})["manager"] == "林晓东"


def test_a_person_whose_name_is_not_told_is_nobody() -> None:
    assert values_of(MAPPING, {"owner": ["1001"]})["manager"] is None


def test_an_options_value_is_read_in_our_words() -> None:
    assert values_of(MAPPING, {"title__c": "1"})["title"] == "先生"


def test_what_is_empty_is_not_sent_and_read_as_none() -> None:
    assert set(values_of(MAPPING, {}).values()) == {None}


def test_asks_for_the_names_of_people() -> None:
    assert projection(MAPPING) == ["owner", "valid__c", "create_time", "title__c", "owner__r"]
