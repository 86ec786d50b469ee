"""The `Crm` port on 纷享销客. What it lacks, idempotency, comes from unique fields and from looking first."""

from typing import Any

from bot.crm.errors import CrmRejectedError, CrmUnavailableError, InvalidMappingError, UnknownCaseError
from bot.crm.fxiaoke.client import FxiaokeClient, Record
from bot.crm.fxiaoke.schema import schema_of
from bot.crm.fxiaoke.values import encode, projection, values_of
from bot.crm.mapping import CrmMapping, ObjectMapping
from bot.crm.models import Case, CaseDraft, CaseUpdate, CustomerProfile
from bot.crm.records import case_of, changed_values, interaction_values, opening_values, profile_of
from bot.crm.schema import misfits


class FxiaokeCrm:
    """Cases are 工单; interactions and notes are objects that the bank has made, as the mapping says."""

    def __init__(self, client: FxiaokeClient, mapping: CrmMapping) -> None:
        """Raises InvalidMappingError."""
        if mapping.note is None:
            raise InvalidMappingError("Fxiaoke needs an object for notes in the mapping")
        self._client = client
        self._mapping = mapping
        self._notes = mapping.note

    async def profile(self, customer_id: str) -> CustomerProfile | None:
        """See `Crm.profile`."""
        customer = self._mapping.customer
        found = await self._find(customer, "customer_id", customer_id)
        return profile_of(values_of(customer, found[0])) if found else None

    async def find_by_phone(self, phone: str) -> str | None:
        """See `Crm.find_by_phone`; a number that several customers share is nobody's."""
        customer = self._mapping.customer
        found = await self._find(customer, "phone", phone)
        ids = {values_of(customer, record)["customer_id"] for record in found}
        return ids.pop() if len(ids) == 1 else None

    async def write_interaction(
        self, customer_id: str | None, conversation_id: str, summary: str, *, idempotency_key: str
    ) -> None:
        """See `Crm.write_interaction`."""
        link = await self._link(self._mapping.interaction, customer_id)
        values = {**interaction_values(conversation_id, summary, idempotency_key), **link}
        await self._create_once(self._mapping.interaction, values, unique="key")

    async def open_case(self, case: CaseDraft, *, idempotency_key: str) -> Case:
        """See `Crm.open_case`."""
        cases = self._mapping.case
        opened = await self._find(cases, "key", idempotency_key)
        if not opened:
            values = {**opening_values(case, idempotency_key), **await self._link(cases, case.customer_id)}
            await self._create_once(cases, values, unique="number")
            opened = await self._find(cases, "number", case.number)
        if not opened:
            raise CrmUnavailableError(f"case {case.number} was created, but is not found yet")
        if values_of(cases, opened[0])["key"] != idempotency_key:
            raise CrmRejectedError(f"case {case.number} was opened under another key")
        return (await self._cases(opened))[0]

    async def update_case(self, number: str, update: CaseUpdate, *, idempotency_key: str) -> None:
        """See `Crm.update_case`."""
        changes = changed_values(update)
        await self._update_once(await self._require(number), changes, idempotency_key)

    async def case(self, number: str) -> Case | None:
        """See `Crm.case`."""
        found = await self._cases(await self._find(self._mapping.case, "number", number))
        return found[0] if found else None

    async def cases_of(self, customer_id: str) -> list[Case]:
        """See `Crm.cases_of`; what people opened in the CRM without a number of ours is left out."""
        found = await self._find(self._mapping.case, "customer_id", customer_id)
        numbered = [record for record in found if values_of(self._mapping.case, record)["number"] is not None]
        return sorted(await self._cases(numbered), key=lambda case: (case.opened_at, case.number), reverse=True)

    async def add_note(self, number: str, text: str, *, idempotency_key: str) -> None:
        """See `Crm.add_note`."""
        await self._require(number)
        await self._note(number, text, idempotency_key)

    async def escalate_case(self, number: str, reason: str, *, idempotency_key: str) -> None:
        """See `Crm.escalate_case`."""
        await self._update_once(await self._require(number), {"escalated": True}, idempotency_key)
        await self._note(number, reason, idempotency_key)

    async def check(self) -> list[str]:
        """See `Crm.check`."""
        schemas = {}
        for ours, theirs in self._mapping.objects().items():
            fields = await self._client.describe(theirs.object)
            schemas[ours] = None if fields is None else schema_of(fields)
        return misfits(self._mapping, schemas)

    async def _find(self, of: ObjectMapping, ours: str, *wanted: str) -> list[Record]:
        asked = [value for value in wanted if value.strip()]
        return await self._client.find(of.object, of.fields[ours].name, asked, projection(of)) if asked else []

    async def _require(self, number: str) -> Record:
        found = await self._find(self._mapping.case, "number", number)
        if not found:
            raise UnknownCaseError(number)
        return found[0]

    async def _create_once(self, into: ObjectMapping, values: dict[str, Any], *, unique: str) -> None:
        """Create the record unless there is one; whoever loses a race is refused because the field is unique."""
        if await self._find(into, unique, values[unique]):
            return
        try:
            await self._client.create(into.object, into.write(values, encode))
        except CrmRejectedError:
            if not await self._find(into, unique, values[unique]):
                raise

    async def _update_once(self, record: Record, changes: dict[str, Any], idempotency_key: str) -> None:
        """Write unless this very write was the last one: what people changed since is not to be undone."""
        cases = self._mapping.case
        if values_of(cases, record)["last_update"] != idempotency_key:
            written = cases.write({**changes, "last_update": idempotency_key}, encode)
            await self._client.update(cases.object, record["_id"], written)

    async def _note(self, number: str, text: str, idempotency_key: str) -> None:
        await self._create_once(self._notes, {"key": idempotency_key, "number": number, "text": text}, unique="key")

    async def _link(self, of: ObjectMapping, customer_id: str | None) -> dict[str, str]:
        """The customer's id, and the link to the customer's record where it is mapped and there is one."""
        if customer_id is None:
            return {}
        linked = "customer" in of.fields
        found = await self._find(self._mapping.customer, "customer_id", customer_id) if linked else []
        return {"customer_id": customer_id, **({"customer": found[0]["_id"]} if found else {})}

    async def _cases(self, records: list[Record]) -> list[Case]:
        cases = [values_of(self._mapping.case, record) for record in records]
        notes = [
            values_of(self._notes, n) for n in await self._find(self._notes, "number", *(c["number"] for c in cases))
        ]
        notes.sort(key=lambda note: note["at"])  # stable: those of one millisecond stay in the order of their ids
        return [case_of(case, tuple(n["text"] for n in notes if n["number"] == case["number"])) for case in cases]
