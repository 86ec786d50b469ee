"""What the dialogue has already got out of the customer, for the person who takes over and must not ask again."""

from collections.abc import Mapping
from typing import Any

_SAID = ("complaint_target", "complaint_what", "complaint_wish", "complaint_phone")
"""Slots whose value is text."""
_OF_ACCOUNTS = ("card_tail", "date", "keyword")


def collected(slots: Mapping[str, Any]) -> dict[str, str]:
    """Slot → value, sealed as all that the dialogue knows; the desk puts the names into words."""
    facts = slots.get("complaint_facts") or {}
    question = slots.get("question") or {}
    found = {name: slots.get(name) for name in _SAID}
    found |= {"complaint_date": facts.get("date"), "complaint_amount": facts.get("amount")}
    found |= {name: question.get(name) for name in _OF_ACCOUNTS}
    found["faq"] = (slots.get("faq") or {}).get("question")
    return {name: value for name, value in found.items() if isinstance(value, str) and value}
