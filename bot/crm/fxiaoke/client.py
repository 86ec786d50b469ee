"""Records of a tenant's objects: finding, creating, updating and describing them."""

from collections.abc import Sequence
from typing import Any

from bot.clock import Clock
from bot.crm.errors import CrmRejectedError, CrmUnavailableError
from bot.crm.fxiaoke.auth import Style
from bot.crm.fxiaoke.errors import TOKEN_CODES, error_of
from bot.crm.fxiaoke.throttle import Throttle
from bot.crm.fxiaoke.wire import Answer, FxiaokeWire
from bot.tokens.shared import Fetched, SharedToken

PAGE = 100
"""Most records of one answer."""
_DESCRIBE = "/cgi/crm/v2/object/describe"
_DEFAULT_RECORD_TYPE = "default__c"

Record = dict[str, Any]


class FxiaokeClient:
    """Every call raises CrmUnavailableError and CrmRejectedError."""

    def __init__(self, wire: FxiaokeWire, style: Style, token: SharedToken, throttle: Throttle, clock: Clock) -> None:
        self._wire = wire
        self._style = style
        self._token = token
        self._throttle = throttle
        self._clock = clock

    async def find(self, name: str, field: str, values: Sequence[str], fields: Sequence[str]) -> list[Record]:
        """Every record of the object `name` whose `field` holds one of `values`, with these `fields`, oldest first.

        Pages by `_id`, as Fxiaoke asks of whoever may need more than 10 000: an offset ends there.
        """
        wanted = {"field_name": field, "field_values": list(values), "operator": "IN" if len(values) > 1 else "EQ"}
        found: list[Record] = []
        while True:
            seen = [{"field_name": "_id", "field_values": [found[-1]["_id"]], "operator": "GT"}] if found else []
            query = {
                "limit": PAGE,
                "offset": 0,
                "filters": [wanted, *seen],
                "orders": [{"fieldName": "_id", "isAsc": True}],
                "fieldProjection": ["_id", *fields],
            }
            data = {"dataObjectApiName": name, "find_explicit_total_num": False, "search_query_info": query}
            page = await self._page(_path(name, "query"), data)
            found += page
            if len(page) < PAGE:
                # What Fxiaoke took for equal is looked at again: a wrong answer would be another customer's data.
                return [record for record in found if record.get(field) in values]

    async def create(self, name: str, record: Record) -> None:
        """Create a record that belongs to the acting user and counts at once, without an approval."""
        owner = (await self._token.get()).extra["user"]
        given = {"dataObjectApiName": name, "owner": [owner], "record_type": _DEFAULT_RECORD_TYPE, **record}
        await self._ask(_path(name, "create"), {"triggerApprovalFlow": False, "data": {"object_data": given}})

    async def update(self, name: str, record_id: str, record: Record) -> None:
        """Write these fields of a record."""
        given = {"dataObjectApiName": name, "_id": record_id, **record}
        await self._ask(_path(name, "update"), {"triggerApprovalFlow": False, "data": {"object_data": given}})

    async def describe(self, name: str) -> Record | None:
        """The object's fields by name, as Fxiaoke describes them; None if it shows us no such object."""
        body = {"includeDetail": False, "data": {"apiName": name, "includeDetail": False}}
        try:
            answer = await self._ask(_DESCRIBE, body)
        except CrmRejectedError:
            return None
        described = (answer.body.get("data") or {}).get("describe")
        if not isinstance(described, dict) or not isinstance(described.get("fields"), dict):
            raise CrmUnavailableError(f"{_DESCRIBE}: an answer without fields, traceId {answer.trace_id}")
        return dict(described["fields"])

    async def _page(self, path: str, data: dict[str, Any]) -> list[Record]:
        answer = await self._ask(path, {"data": data})
        page = (answer.body.get("data") or {}).get("dataList")
        if not isinstance(page, list):
            raise CrmUnavailableError(f"{path}: an answer without dataList, traceId {answer.trace_id}")
        return page

    async def _ask(self, path: str, body: dict[str, Any]) -> Answer:
        """An answer that is a success. A token refused on the way is renewed once."""
        token = await self._token.get()
        answer = await self._send(token, path, body)
        if answer.code in TOKEN_CODES:
            token = await self._token.get(refused=token.token)
            answer = await self._send(token, path, body)
        if answer.code != 0:
            raise error_of(path, answer.code, answer.trace_id, self._clock())
        return answer

    async def _send(self, token: Fetched, path: str, body: dict[str, Any]) -> Answer:
        await self._throttle.take(path)
        signed = self._style.sign(token, body)
        return await self._wire.post(path, signed.body, signed.headers)


def _path(name: str, action: str) -> str:
    """Objects that the tenant has made itself have an interface of their own."""
    return f"/cgi/crm/{'custom/' if name.endswith('__c') else ''}v2/data/{action}"
