"""How Fxiaoke writes values: moments as milliseconds, people and links with their names beside them."""

from datetime import date, datetime, time, timezone
from typing import Any

from bot.clock import BANK_ZONE, bank_date
from bot.crm.mapping import ObjectMapping

_DAYS = frozenset({"due_on", "risk_valid_until"})
_MOMENTS = frozenset({"opened_at", "at"})
_NAME = "__r"
"""Suffix of the field that tells the name of the person or record a field points to."""


def encode(value: Any) -> Any:
    """Days as the bank's midnight in milliseconds; everything else is written as it is."""
    if isinstance(value, date):
        return int(datetime.combine(value, time(), BANK_ZONE).timestamp() * 1000)
    return value


def projection(of: ObjectMapping) -> list[str]:
    """The fields to ask for, with the names of those they point to."""
    names = [field.name for field in of.fields.values()]
    return [*names, *(f"{field.name}{_NAME}" for ours, field in of.fields.items() if ours == "manager")]


def values_of(of: ObjectMapping, record: dict[str, Any]) -> dict[str, Any]:
    """Our values of a record; of a person or a link the name."""
    names = {name.removesuffix(_NAME): shown for name, shown in record.items() if name.endswith(_NAME)}
    return of.read({**record, **names}, _decode)


def _decode(ours: str, value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("name")
    if isinstance(value, list):
        return None  # ids of people whose names did not come along
    if ours in _DAYS:
        return bank_date(_moment(value))
    return _moment(value) if ours in _MOMENTS else value


def _moment(value: Any) -> datetime:
    return datetime.fromtimestamp(int(value) / 1000, timezone.utc)
