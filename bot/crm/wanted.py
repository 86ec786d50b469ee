"""What we need of a CRM's objects and fields, by our own names."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import get_args

from bot.crm.models import CaseState, Priority, RiskLevel, Title


class Kind(str, Enum):
    """What a field holds, whatever the CRM calls it."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    MOMENT = "date and time"
    FLAG = "yes/no"
    LINK = "link"


@dataclass(frozen=True)
class Wanted:
    """What one of our fields asks of the CRM's field behind it."""

    kinds: tuple[Kind, ...]
    required: bool = True
    unique: bool = False
    written: bool = True
    length: int = 0
    """Characters that a text must be able to hold."""
    values: tuple[str, ...] = ()
    """Everything we may write or must understand; a choice has to offer each, as the mapping translates it."""


_WORDS = (Kind.TEXT, Kind.CHOICE)
_KEY = Wanted((Kind.TEXT,), unique=True, length=100)
_LINK = Wanted((Kind.LINK,), required=False)
_CASE_NUMBER = Wanted((Kind.TEXT,), length=15)

WANTED: Mapping[str, Mapping[str, Wanted]] = {
    "customer": {
        "customer_id": Wanted((Kind.TEXT,), unique=True, written=False),
        "name": Wanted((Kind.TEXT,), written=False),
        "title": Wanted(_WORDS, written=False, values=get_args(Title)),
        "phone": Wanted((Kind.TEXT,), written=False),
        "segment": Wanted(_WORDS, written=False),
        "risk_level": Wanted(_WORDS, required=False, written=False, values=get_args(RiskLevel)),
        "risk_valid_until": Wanted((Kind.DATE,), required=False, written=False),
        "manager": Wanted((*_WORDS, Kind.LINK), required=False, written=False),
        "products": Wanted((Kind.TEXT,), required=False, written=False),
    },
    "case": {
        "number": Wanted((Kind.TEXT,), unique=True, length=15),
        "key": Wanted((Kind.TEXT,), length=100),
        "last_update": Wanted((Kind.TEXT,), length=100),
        "customer_id": Wanted((Kind.TEXT,)),
        "customer": _LINK,
        "conversation_id": Wanted((Kind.TEXT,)),
        "subject": Wanted((Kind.TEXT,), length=100),
        "description": Wanted((Kind.TEXT,), length=4500),
        "contact_phone": Wanted((Kind.TEXT,)),
        "due_on": Wanted((Kind.DATE,)),
        "category": Wanted(_WORDS),
        "subcategory": Wanted(_WORDS),
        "channel": Wanted(_WORDS),
        "priority": Wanted(_WORDS, values=get_args(Priority)),
        "state": Wanted(_WORDS, values=tuple(state.value for state in CaseState)),
        "opened_at": Wanted((Kind.MOMENT,), written=False),
        "owner": Wanted((Kind.TEXT,)),
        "resolution": Wanted((Kind.TEXT,), length=2000),
        "escalated": Wanted((Kind.FLAG,)),
    },
    "interaction": {
        "key": _KEY,
        "title": Wanted((Kind.TEXT,), required=False, length=60),
        "customer_id": Wanted((Kind.TEXT,)),
        "customer": _LINK,
        "conversation_id": Wanted((Kind.TEXT,)),
        "summary": Wanted((Kind.TEXT,), length=2000),
    },
    "note": {
        "key": _KEY,
        "number": _CASE_NUMBER,
        "text": Wanted((Kind.TEXT,), length=4500),
        "at": Wanted((Kind.MOMENT,), written=False),
    },
}
"""Our objects and fields. `note` is only for a CRM that keeps notes in an object of their own."""
