"""Which of a tenant's objects and fields hold what we know by our own names; a YAML file says so."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.crm.errors import InvalidMappingError
from bot.crm.wanted import WANTED


class FieldMapping(BaseModel):
    """A field of the CRM; `values` translates what we write into what the CRM offers, and back when read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    values: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _a_name_alone_will_do(cls, given: Any) -> Any:
        return {"name": given} if isinstance(given, str) else given

    def to_crm(self, value: Any) -> Any:
        """What the CRM is to hold for our value."""
        value = value.value if isinstance(value, Enum) else value
        return self.values.get(value, value) if isinstance(value, str) else value

    def from_crm(self, value: Any) -> Any:
        """Our value for what the CRM holds; what the mapping does not name comes back as it is."""
        return next((ours for ours, theirs in self.values.items() if theirs == value), value)


class ObjectMapping(BaseModel):
    """An object (a module) of the CRM and its fields, by our names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    object: str = Field(min_length=1)
    fields: dict[str, FieldMapping]

    def write(self, values: Mapping[str, Any], encode: Callable[[Any], Any]) -> dict[str, Any]:
        """A record from our values; what is not mapped is left out. `encode` writes dates as the CRM wants them."""
        return {
            self.fields[ours].name: encode(self.fields[ours].to_crm(value))
            for ours, value in values.items()
            if ours in self.fields
        }

    def read(self, record: Mapping[str, Any], decode: Callable[[str, Any], Any]) -> dict[str, Any]:
        """Our values from a record, None for what is empty or not mapped; `decode` is told our field's name."""
        return {
            ours: None if record.get(field.name) in (None, "") else field.from_crm(decode(ours, record[field.name]))
            for ours, field in self.fields.items()
        }


class CrmMapping(BaseModel):
    """The mapping of one tenant. `note` is for a CRM that keeps a case's notes in an object of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    customer: ObjectMapping
    case: ObjectMapping
    interaction: ObjectMapping
    note: ObjectMapping | None = None

    @model_validator(mode="after")
    def _map_what_is_wanted(self) -> "CrmMapping":
        for ours, theirs in self.objects().items():
            if unknown := theirs.fields.keys() - WANTED[ours].keys():
                raise ValueError(f"{ours} has no {', '.join(sorted(unknown))}")
            needed = {name for name, want in WANTED[ours].items() if want.required}
            if missing := needed - theirs.fields.keys():
                raise ValueError(f"{ours} needs {', '.join(sorted(missing))}")
        return self

    def objects(self) -> dict[str, ObjectMapping]:
        """What is mapped, by our names."""
        mapped = {"customer": self.customer, "case": self.case, "interaction": self.interaction, "note": self.note}
        return {name: theirs for name, theirs in mapped.items() if theirs is not None}


def load_mapping(file: Path) -> CrmMapping:
    """The mapping in a YAML file. Raises InvalidMappingError."""
    try:
        return CrmMapping.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidMappingError(f"{file}: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip() for fault in error.errors())
        raise InvalidMappingError(f"{file}: {faults}") from error


def iso(value: Any) -> Any:
    """Dates and moments as ISO 8601, everything else as it is: an `encode` for `ObjectMapping.write`."""
    return value.isoformat() if isinstance(value, date) else value
