"""What of a tenant's schema does not fit our mapping."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.crm.mapping import CrmMapping, FieldMapping, ObjectMapping
from bot.crm.wanted import WANTED, Kind, Wanted


@dataclass(frozen=True)
class FieldSchema:
    """A field as the tenant's CRM describes it."""

    native_type: str
    kind: Kind | None
    """None for a type that none of ours fits."""
    unique: bool = False
    writable: bool = True
    mandatory: bool = False
    length: int | None = None
    values: frozenset[str] = frozenset()


Schema = Mapping[str, FieldSchema]
"""The fields of one object by the names that programs use."""


def misfits(mapping: CrmMapping, schemas: Mapping[str, Schema | None]) -> list[str]:
    """What does not fit, one line each; `schemas` by our objects' names, None where the CRM has no such object."""
    lines: list[str] = []
    for ours, theirs in mapping.objects().items():
        schema = schemas[ours]
        if schema is None:
            lines.append(f"{ours}: the CRM has no object {theirs.object}, or does not show it to us")
        else:
            lines += [f"{ours}{line}" for line in _object_misfits(theirs, WANTED[ours], schema)]
    return lines


def _object_misfits(theirs: ObjectMapping, wanted: Mapping[str, Wanted], schema: Schema) -> Iterator[str]:
    for ours, field in theirs.fields.items():
        if field.name not in schema:
            yield f".{ours}: {theirs.object} has no field {field.name}"
            continue
        for problem in _field_misfits(field, wanted[ours], schema[field.name]):
            yield f".{ours}: {theirs.object}.{field.name} {problem}"
    if any(want.written for want in wanted.values()):
        mapped = {field.name for field in theirs.fields.values()}
        for name, found in schema.items():
            if found.mandatory and found.writable and name not in mapped:
                yield f": {theirs.object}.{name} is mandatory in the CRM, but nothing is mapped to it"


def _field_misfits(field: FieldMapping, want: Wanted, found: FieldSchema) -> Iterator[str]:
    if found.kind not in want.kinds:
        yield f"is of type {found.native_type}; needed: {' or '.join(kind.value for kind in want.kinds)}"
        return
    if want.unique and not found.unique:
        yield "allows duplicates; it has to be unique"
    if want.written and not found.writable:
        yield "cannot be written"
    if found.kind is Kind.TEXT and found.length is not None and found.length < want.length:
        yield f"holds {found.length} characters; needed: {want.length}"
    if found.kind is Kind.CHOICE:
        for value in want.values or field.values:
            if field.values.get(value, value) not in found.values:
                yield f"has no value {field.values.get(value, value)} (for {value})"
