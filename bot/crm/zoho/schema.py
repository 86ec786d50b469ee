"""A module's fields, as Zoho describes them, in our terms."""

from typing import Any

from bot.crm.schema import FieldSchema, Schema
from bot.crm.wanted import Kind

_KINDS = {
    "text": Kind.TEXT,
    "textarea": Kind.TEXT,
    "phone": Kind.TEXT,
    "email": Kind.TEXT,
    "website": Kind.TEXT,
    "picklist": Kind.CHOICE,
    "date": Kind.DATE,
    "datetime": Kind.MOMENT,
    "boolean": Kind.FLAG,
    "lookup": Kind.LINK,
    "userlookup": Kind.LINK,
    "ownerlookup": Kind.LINK,
}


def schema_of(fields: list[dict[str, Any]]) -> Schema:
    """From the answer of `/settings/fields`."""
    return {field["api_name"]: _field(field) for field in fields}


def _field(field: dict[str, Any]) -> FieldSchema:
    native = str(field["data_type"])
    may = field.get("operation_type") or {}
    return FieldSchema(
        native_type=native,
        kind=_KINDS.get(native),
        unique=bool(field.get("unique")),  # {} means: duplicates are allowed
        writable=not (field.get("read_only") or field.get("field_read_only")) and may.get("api_create", True),
        mandatory=bool(field.get("system_mandatory")),
        length=field.get("length"),
        values=frozenset(option["actual_value"] for option in field.get("pick_list_values") or ()),
    )
