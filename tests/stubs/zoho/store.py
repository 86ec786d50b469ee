"""Modules, their fields and their records, with the checks that Zoho makes on writing."""

import itertools
import re
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

from bot.crm.models import CustomerProfile

Fault = dict[str, Any]
Record = dict[str, Any]

_TENANT = yaml.safe_load(Path(__file__).with_name("tenant.yml").read_text(encoding="utf-8"))
_CHINA = timezone(timedelta(hours=8))
_CONDITION = r"\((\w+):equals:((?:\\.|[^\\(),])+)\)"
_CRITERIA = re.compile(rf"\(?{_CONDITION}(?:(?:and|or){_CONDITION})*\)?")
_MOST_CONDITIONS = 15


def result(code: str, message: str, details: dict[str, Any], status: str = "error") -> Fault:
    """What Zoho says about one record, or about a whole request."""
    return {"code": code, "details": details, "message": message, "status": status}


class Store:
    """One organisation. `index_lag_s`: how long search does not find what was just inserted."""

    def __init__(self) -> None:
        self.modules: dict[str, dict[str, Any]] = yaml.safe_load(yaml.safe_dump(_TENANT["modules"]))
        self.records: dict[str, dict[str, Record]] = {name: {} for name in self.modules}
        self.index_lag_s = 0.0
        self._indexed_at: dict[str, float] = {}
        self._ids = itertools.count(501)

    def add_contact(self, customer: CustomerProfile) -> None:
        """A customer of the bank as examples/crm/zoho.yml maps one."""
        valid_until = customer.risk_valid_until
        values = {
            "Customer_No": customer.customer_id,
            "Last_Name": customer.name,
            "Full_Name": customer.name,
            "Salutation": {"先生": "Mr.", "女士": "Ms."}[customer.title],
            "Mobile": customer.phone,
            "Segment": customer.segment,
            "Risk_Level": customer.risk_level,
            "Risk_Valid_Until": valid_until.isoformat() if valid_until else None,
            "Owner": {"name": customer.manager, "id": "1"} if customer.manager else None,
        }
        assert self.insert("Contacts", values)["status"] == "success"

    def insert(self, module: str, values: Record) -> Fault:
        """Add a record; its result."""
        fault = self._fault(module, values, missing=True) or self._duplicate(module, values, None)
        if fault:
            return fault
        record_id = f"3652397000000{next(self._ids):06d}"
        now = datetime.now(_CHINA).isoformat(timespec="seconds")
        known = {name: values[name] for name in self.modules[module] if name in values}
        self.records[module][record_id] = {**known, "id": record_id, "Created_Time": now}
        self._indexed_at[record_id] = time.monotonic() + self.index_lag_s
        return result("SUCCESS", "record added", {"id": record_id, "Created_Time": now}, "success")

    def update(self, module: str, record_id: str, values: Record) -> Fault:
        """Write fields of a record; its result."""
        record = self.records[module].get(record_id)
        if record is None:
            return result("INVALID_DATA", "the id given seems to be invalid", {"api_name": "id"})
        fault = self._fault(module, values, missing=False) or self._duplicate(module, values, record_id)
        if fault:
            return fault
        fields = self.modules[module]
        record.update({n: v for n, v in values.items() if n in fields and not fields[n].get("read_only")})
        return result("SUCCESS", "record updated", {"id": record_id}, "success")

    def upsert(self, module: str, values: Record, unique: list[str]) -> Fault:
        """Insert, or update the record that has the same value in a field of `unique`."""
        for name in unique:
            for record in self.records[module].values():
                if values.get(name) is not None and record.get(name) == values[name]:
                    return {**self.update(module, record["id"], values), "action": "update", "duplicate_field": name}
        return {**self.insert(module, values), "action": "insert", "duplicate_field": None}

    def search(self, module: str, criteria: str) -> list[Record] | None:
        """Records that meet the criteria, as the index knows them; None for criteria that cannot be read."""
        conditions = re.findall(_CONDITION, criteria)
        if not _CRITERIA.fullmatch(criteria) or len(conditions) > _MOST_CONDITIONS:
            return None
        wanted = [(name, re.sub(r"\\(.)", r"\1", value).casefold()) for name, value in conditions]
        together = any if ")or(" in criteria else all
        return [
            record
            for record in self.records[module].values()
            if self._indexed_at[record["id"]] <= time.monotonic()
            and together(str(record.get(name, "")).casefold() == value for name, value in wanted)
        ]

    def _duplicate(self, module: str, values: Record, but: str | None) -> Fault | None:
        for name in (name for name, field in self.modules[module].items() if field.get("unique")):
            for record in self.records[module].values():
                if record["id"] != but and values.get(name) is not None and record.get(name) == values[name]:
                    return result("DUPLICATE_DATA", "duplicate data", {"api_name": name, "id": record["id"]})
        return None

    def _fault(self, module: str, values: Record, *, missing: bool) -> Fault | None:
        for name, field in self.modules[module].items():
            value = values.get(name)
            if value is None:
                if field.get("mandatory") and (missing or name in values):
                    return result("MANDATORY_NOT_FOUND", "required field not found", {"api_name": name})
            elif not self._fits(field, value):
                return result("INVALID_DATA", "invalid data", {"api_name": name, "json_path": f"$.data[0].{name}"})
        return None

    def _fits(self, field: dict[str, Any], value: Any) -> bool:
        match field["data_type"]:
            case "boolean":
                return isinstance(value, bool)
            case "date":
                return isinstance(value, str) and _is_date(value)
            case "picklist":
                return value in field["options"]
            case "lookup":
                module = field.get("module")
                return isinstance(value, dict) and (module is None or value.get("id") in self.records[module])
            case "ownerlookup":
                return isinstance(value, dict)
            case _:
                return isinstance(value, str) and len(value) <= field.get("length", 255)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
