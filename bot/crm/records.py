"""Between the CRM's records, read through the mapping, and our models."""

from dataclasses import asdict
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.crm.errors import CrmRejectedError
from bot.crm.models import Case, CaseDraft, CaseState, CaseUpdate, CustomerProfile

T = TypeVar("T")

_PROFILE = TypeAdapter(CustomerProfile)
_CASE = TypeAdapter(Case)
_TITLE_CHARS = 60
_MAY_BE_EMPTY: dict[str, Any] = {
    "customer_id": None,
    "conversation_id": "",
    "subject": "",
    "description": "",
    "contact_phone": None,
}


def profile_of(values: dict[str, Any]) -> CustomerProfile:
    """The customer that was read. Raises CrmRejectedError for values that ours are not."""
    return _read(_PROFILE, {"risk_level": None, "risk_valid_until": None, "manager": None, **values})


def case_of(values: dict[str, Any], notes: tuple[str, ...] = ()) -> Case:
    """The case that was read, with its notes. Raises CrmRejectedError for values that ours are not."""
    given = {name: value for name, value in values.items() if value is not None}
    return _read(_CASE, {**_MAY_BE_EMPTY, **given, "notes": notes})


def opening_values(case: CaseDraft, idempotency_key: str) -> dict[str, Any]:
    """What a new case holds; what the draft leaves open is left out."""
    values = {**vars(case), "key": idempotency_key, "state": CaseState.OPEN, "escalated": False}
    return {name: value for name, value in values.items() if value is not None}


def interaction_values(conversation_id: str, summary: str, idempotency_key: str) -> dict[str, Any]:
    """What a new interaction holds, but for the link to its customer; its title is how the summary begins."""
    return {
        "key": idempotency_key,
        "title": summary[:_TITLE_CHARS],
        "conversation_id": conversation_id,
        "summary": summary,
    }


def changed_values(update: CaseUpdate) -> dict[str, Any]:
    """What an update changes; what it leaves open stays as it is."""
    return {name: value for name, value in asdict(update).items() if value is not None}


def _read(adapter: TypeAdapter[T], values: dict[str, Any]) -> T:
    try:
        return adapter.validate_python(values)
    except ValidationError as error:
        # The values are personal data: only the places are told.
        places = sorted({str(fault["loc"][0]) for fault in error.errors()})
        raise CrmRejectedError(f"the CRM's record has an unexpected {', '.join(places)}") from None
