"""An object's fields, as Fxiaoke describes them, in our terms."""

from typing import Any

from bot.crm.schema import FieldSchema, Schema
from bot.crm.wanted import Kind

_KINDS = {
    "text": Kind.TEXT,
    "long_text": Kind.TEXT,
    "html_rich_text": Kind.TEXT,
    "phone_number": Kind.TEXT,
    "email": Kind.TEXT,
    "url": Kind.TEXT,
    "auto_number": Kind.TEXT,
    "select_one": Kind.CHOICE,
    "date": Kind.DATE,
    "date_time": Kind.MOMENT,
    "true_or_false": Kind.FLAG,
    "object_reference": Kind.LINK,
    "master_detail": Kind.LINK,
    "employee": Kind.LINK,
}
_COMPUTED = frozenset({"auto_number", "formula", "count", "quote"})
_SET_BY_US = frozenset({"owner", "record_type"})
"""Mandatory fields that `FxiaokeClient.create` fills itself."""


def schema_of(fields: dict[str, dict[str, Any]]) -> Schema:
    """From the answer of `object/describe`; fields that the tenant has switched off are left out."""
    return {name: _field(name, field) for name, field in fields.items() if field.get("is_active", True)}


def _field(name: str, field: dict[str, Any]) -> FieldSchema:
    native = str(field["type"])
    has_default = field.get("default_value") not in (None, "")
    return FieldSchema(
        native_type=native,
        kind=_KINDS.get(native),
        unique=bool(field.get("is_unique")),
        writable=native not in _COMPUTED,
        mandatory=bool(field.get("is_required")) and not has_default and name not in _SET_BY_US,
        length=field.get("max_length"),
        values=frozenset(str(option["value"]) for option in field.get("options") or ()),
    )
