"""The `Crm` port on Zoho CRM. What Zoho lacks, idempotency, comes from unique fields and from looking first."""

import asyncio
from typing import Any

from bot.crm.errors import CrmRejectedError, UnknownCaseError
from bot.crm.mapping import CrmMapping, ObjectMapping, iso
from bot.crm.models import Case, CaseDraft, CaseUpdate, CustomerProfile
from bot.crm.record_ids import RecordIds
from bot.crm.records import case_of, changed_values, interaction_values, opening_values, profile_of
from bot.crm.schema import misfits
from bot.crm.zoho.api import Record, ZohoApi
from bot.crm.zoho.criteria import equals
from bot.crm.zoho.schema import schema_of
from bot.storage.database import Database


class ZohoCrm:
    """Customers are contacts, cases are cases, interactions are a module of the bank's own, as the mapping says."""

    def __init__(self, api: ZohoApi, mapping: CrmMapping, db: Database) -> None:
        self._api = api
        self._mapping = mapping
        self._ids = RecordIds(db, "zoho")

    async def profile(self, customer_id: str) -> CustomerProfile | None:
        """See `Crm.profile`."""
        found = await self._search(self._mapping.customer, customer_id=customer_id)
        return profile_of(_values(self._mapping.customer, found[0])) if found else None

    async def find_by_phone(self, phone: str) -> str | None:
        """See `Crm.find_by_phone`; a number that several customers share is nobody's."""
        found = await self._search(self._mapping.customer, phone=phone)
        ids = {_values(self._mapping.customer, record)["customer_id"] for record in found}
        return ids.pop() if len(ids) == 1 else None

    async def write_interaction(
        self, customer_id: str | None, conversation_id: str, summary: str, *, idempotency_key: str
    ) -> None:
        """See `Crm.write_interaction`: upserted on the key."""
        link = await self._link(self._mapping.interaction, customer_id)
        values = {**interaction_values(conversation_id, summary, idempotency_key), **link}
        await self._upsert(self._mapping.interaction, values, unique="key")

    async def open_case(self, case: CaseDraft, *, idempotency_key: str) -> Case:
        """See `Crm.open_case`: upserted on our number, once we know that it would update nothing."""
        opened = await self._record(case.number) or await self._opened_by(idempotency_key)
        if opened is None:
            values = {
                **opening_values(case, idempotency_key),
                **await self._link(self._mapping.case, case.customer_id),
            }
            record_id = await self._upsert(self._mapping.case, values, unique="number")
            await self._ids.remember(case.number, record_id)
            opened = await self._require(case.number)
        if _values(self._mapping.case, opened)["key"] != idempotency_key:
            raise CrmRejectedError(f"case {case.number} was opened under another key")
        return await self._case(opened)

    async def update_case(self, number: str, update: CaseUpdate, *, idempotency_key: str) -> None:
        """See `Crm.update_case`."""
        changes = changed_values(update)
        await self._update(await self._require(number), changes, idempotency_key)

    async def case(self, number: str) -> Case | None:
        """See `Crm.case`."""
        record = await self._record(number)
        return None if record is None else await self._case(record)

    async def cases_of(self, customer_id: str) -> list[Case]:
        """See `Crm.cases_of`; what people opened without a number of ours is left out."""
        found = await self._search(self._mapping.case, customer_id=customer_id)
        ours = [record for record in found if _values(self._mapping.case, record)["number"] is not None]
        cases = await asyncio.gather(*(self._case(record) for record in ours))
        return sorted(cases, key=lambda case: (case.opened_at, case.number), reverse=True)

    async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
        """See `Crm.add_note`."""
        await self._note(await self._require(number), text, idempotency_key)

    async def escalate_case(self, number: str, reason: str, *, idempotency_key: str) -> None:
        """See `Crm.escalate_case`."""
        record = await self._require(number)
        await self._update(record, {"escalated": True}, idempotency_key)
        await self._note(record, reason, idempotency_key)

    async def check(self) -> list[str]:
        """See `Crm.check`."""
        schemas = {}
        for ours, theirs in self._mapping.objects().items():
            fields = await self._api.fields(theirs.object)
            schemas[ours] = None if fields is None else schema_of(fields)
        return misfits(self._mapping, schemas)

    async def _record(self, number: str) -> Record | None:
        known = await self._ids.of(number)
        record = await self._api.record(self._mapping.case.object, known) if known else None
        if record is not None:
            return record
        found = await self._search(self._mapping.case, number=number)
        return found[0] if found else None

    async def _opened_by(self, idempotency_key: str) -> Record | None:
        found = await self._search(self._mapping.case, key=idempotency_key)
        return found[0] if found else None

    async def _require(self, number: str) -> Record:
        record = await self._record(number)
        if record is None:
            raise UnknownCaseError(number)
        return record

    async def _search(self, of: ObjectMapping, **value: str) -> list[Record]:
        """Records whose field holds exactly the value: what Zoho's index took for equal is looked at again."""
        [(ours, wanted)] = value.items()
        if not wanted.strip():
            return []
        found = await self._api.search(of.object, equals(of.fields[ours].name, wanted))
        return [record for record in found if record.get(of.fields[ours].name) == wanted]

    async def _link(self, of: ObjectMapping, customer_id: str | None) -> dict[str, Any]:
        """The customer's id, and the link to the contact where it is mapped and there is one."""
        if customer_id is None:
            return {}
        contacts = []
        if "customer" in of.fields:
            contacts = await self._search(self._mapping.customer, customer_id=customer_id)
        return {"customer_id": customer_id, **({"customer": {"id": contacts[0]["id"]}} if contacts else {})}

    async def _upsert(self, into: ObjectMapping, values: dict[str, Any], *, unique: str) -> str:
        return await self._api.upsert(into.object, into.write(values, iso), unique=into.fields[unique].name)

    async def _update(self, record: Record, changes: dict[str, Any], idempotency_key: str) -> None:
        """Write unless this very write was the last one: what people changed since is not to be undone."""
        case = self._mapping.case
        if _values(case, record)["last_update"] != idempotency_key:
            written = case.write({**changes, "last_update": idempotency_key}, iso)
            await self._api.update(case.object, record["id"], written)

    async def _note(self, record: Record, text: str, idempotency_key: str) -> None:
        """Notes have no unique fields: the key is in the title, and is looked for before the note is written."""
        title = f"掌柜 {idempotency_key}"
        notes = await self._api.notes(self._mapping.case.object, record["id"])
        if all(note.get("Note_Title") != title for note in notes):
            await self._api.add_note(self._mapping.case.object, record["id"], title, text)

    async def _case(self, record: Record) -> Case:
        notes = await self._api.notes(self._mapping.case.object, record["id"])
        return case_of(_values(self._mapping.case, record), tuple(note.get("Note_Content") or "" for note in notes))


def _values(of: ObjectMapping, record: Record) -> dict[str, Any]:
    """Our values; of a link its name."""
    return of.read(record, lambda _ours, value: value.get("name") if isinstance(value, dict) else value)
