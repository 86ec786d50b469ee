"""Objects, their fields and their records, with the checks that Fxiaoke makes."""

import itertools
import operator
import time
from collections.abc import Callable
from datetime import datetime
from datetime import time as midnight
from pathlib import Path
from typing import Any

import yaml

from bot.clock import BANK_ZONE
from bot.crm.models import CustomerProfile

Record = dict[str, Any]

INVALID, OUT_OF_RANGE, LIMIT = 32000, 10013, 100
_FURTHEST = 10000
_TENANT = Path(__file__).with_name("tenant.yml").read_text(encoding="utf-8")
_SYSTEM = {"_id": {"type": "text"}, "create_time": {"type": "date_time"}, "last_modified_time": {"type": "date_time"}}
_OPERATORS: dict[str, Callable[[Any, list[Any]], bool]] = {
    "EQ": lambda held, wanted: held == wanted[0],
    "N": lambda held, wanted: held != wanted[0],
    "IN": lambda held, wanted: held in wanted,
    "NIN": lambda held, wanted: held not in wanted,
    "IS": lambda held, _wanted: held is None,
    "ISN": lambda held, _wanted: held is not None,
    **{
        name: lambda held, wanted, compare=compare: held is not None and compare(held, type(held)(wanted[0]))
        for name, compare in {
            "GT": operator.gt,
            "GTE": operator.ge,
            "LT": operator.lt,
            "LTE": operator.le,
            "LIKE": operator.contains,
            "STARTWITH": str.startswith,
            "ENDWITH": str.endswith,
        }.items()
    },
    "BETWEEN": lambda held, wanted: held is not None and type(held)(wanted[0]) <= held <= type(held)(wanted[1]),
    "CONTAINS": lambda held, wanted: held is not None and wanted[0] in held,
}


class Store:
    """One tenant."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = yaml.safe_load(_TENANT)
        self.records: dict[str, list[Record]] = {name: [] for name in self.objects}
        self._ids = itertools.count(1)

    def add_account(self, customer: CustomerProfile) -> None:
        """A customer of the bank as examples/crm/fxiaoke.yml maps one."""
        until = customer.risk_valid_until
        midnight_at = datetime.combine(until, midnight(), BANK_ZONE) if until else None
        values = {
            "dataObjectApiName": "AccountObj",
            "name": customer.name,
            "field_K8d2Q__c": customer.customer_id,
            "field_tT3nA__c": {"先生": "1", "女士": "2"}[customer.title],
            "tel": customer.phone,
            "account_level": {"普通客户": "1", "金卡客户": "2", "白金卡客户": "3", "私人银行客户": "4"}[
                customer.segment
            ],
            "field_r1SkL__c": customer.risk_level,
            "field_u9ntL__c": int(midnight_at.timestamp() * 1000) if midnight_at else None,
            "owner": ["1001"],
            "owner__r": {"id": "1001", "name": customer.manager} if customer.manager else None,
        }
        assert self.create(values)["errorCode"] == 0

    def create(self, given: Record) -> dict[str, Any]:
        """The answer to a record that is to be added. Only preset objects are said to tell its id."""
        name = given["dataObjectApiName"]
        if any(field.get("is_required") and not given.get(key) for key, field in self.objects[name].items()):
            return {"errorCode": INVALID}
        if not self._fits(name, given, None):
            return {"errorCode": INVALID}
        now = int(time.time() * 1000)
        record = {"_id": f"65f0{next(self._ids):020x}", "create_time": now, "last_modified_time": now, **given}
        self.records[name].append({key: value for key, value in record.items() if value is not None})
        return {"errorCode": 0} if name.endswith("__c") else {"errorCode": 0, "dataId": record["_id"]}

    def update(self, given: Record) -> dict[str, Any]:
        """The answer to fields that are to be written. The owner cannot be."""
        name, record_id = given["dataObjectApiName"], given.get("_id")
        record = next((record for record in self.records[name] if record["_id"] == record_id), None)
        if record is None or "owner" in given or not self._fits(name, given, record_id):
            return {"errorCode": INVALID}
        record.update(given, last_modified_time=int(time.time() * 1000))
        return {"errorCode": 0}

    def get(self, data: Record) -> dict[str, Any]:
        """The answer to the question for one record."""
        found = [r for r in self.records[data["dataObjectApiName"]] if r["_id"] == data.get("objectDataId")]
        return {"data": found[0]} if found else {"errorCode": INVALID}

    def query(self, data: Record) -> dict[str, Any]:
        """The answer to a query: a page of at most 100, none beyond an offset of 10 000."""
        name, query = data["dataObjectApiName"], data.get("search_query_info") or {}
        limit, offset = query.get("limit", 0), query.get("offset", 0)
        if offset > _FURTHEST:
            return {"errorCode": OUT_OF_RANGE}
        fields = {**self.objects[name], **_SYSTEM}
        filters = query.get("filters", [])
        known = all(f["field_name"] in fields and f["operator"] in _OPERATORS for f in filters)
        if not 1 <= limit <= LIMIT or offset % limit or not known:
            return {"errorCode": INVALID}
        found = [record for record in self.records[name] if all(_meets(record, f) for f in filters)]
        for order in reversed(query.get("orders", [])):
            found.sort(key=lambda record: str(record.get(order["fieldName"], "")), reverse=not order["isAsc"])
        wanted = query.get("fieldProjection")
        shown = [_projected(record, wanted) for record in found[offset : offset + limit]]
        total = len(found) if data.get("find_explicit_total_num", True) else 0
        return {"data": {"dataList": shown, "total": total, "offset": offset, "limit": limit}}

    def describe(self, name: str | None) -> dict[str, Any]:
        """The answer to the question for an object's fields."""
        if name not in self.objects:
            return {"errorCode": INVALID}
        fields = {
            key: {"api_name": key, "is_active": True, "is_required": False, "is_unique": False, **field}
            for key, field in {**self.objects[name], **_SYSTEM}.items()
        }
        return {"data": {"describe": {"api_name": name, "fields": fields}}}

    def _fits(self, name: str, given: Record, record_id: str | None) -> bool:
        for key, field in self.objects[name].items():
            value = given.get(key)
            if value is None:
                continue
            if not _is_of(field, value):
                return False
            if field.get("is_unique") and any(
                record.get(key) == value and record["_id"] != record_id for record in self.records[name]
            ):
                return False
        return given.keys() <= {*self.objects[name], *_SYSTEM, "dataObjectApiName", "owner__r"}


def _is_of(field: dict[str, Any], value: Any) -> bool:
    match field["type"]:
        case "true_or_false":
            return isinstance(value, bool)
        case "date" | "date_time":
            return isinstance(value, int)
        case "select_one" | "record_type":
            return value in [option["value"] for option in field["options"]]
        case "employee":
            return isinstance(value, list) and all(isinstance(one, str) for one in value)
        case "auto_number":
            return False
        case _:
            return isinstance(value, str) and len(value) <= field.get("max_length", 2000)


def _meets(record: Record, condition: Record) -> bool:
    return _OPERATORS[condition["operator"]](record.get(condition["field_name"]), condition["field_values"])


def _projected(record: Record, wanted: list[str] | None) -> Record:
    return record if not wanted else {name: record[name] for name in wanted if name in record}
