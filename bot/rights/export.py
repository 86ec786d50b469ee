"""A customer's right to a copy: everything our database keeps about one customer, as one JSON document."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.crm.errors import CrmError
from bot.crm.outbox import CrmOutbox
from bot.crm.service import CrmService
from bot.privacy.audit import Audit
from bot.privacy.errors import PrivacyError
from bot.privacy.findings import Kind
from bot.privacy.tables import sealed_values
from bot.privacy.vault import Vault
from bot.rights.inventory import Personal, personal, systems_of_record
from bot.rights.scope import Scope, scope_of
from bot.storage.database import Database

_LABELS = {kind.value: kind.label for kind in Kind}


class CustomerExport:
    """Collects what the inventory names; sealed values and writes to the CRM are opened."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        crm: CrmService,
        crm_name: str,
        vault: Vault,
        outbox: CrmOutbox,
        audit: Audit,
    ) -> None:
        """`crm_name` says in the document where the profile comes from."""
        self._db = db
        self._clock = clock
        self._crm = crm
        self._crm_name = crm_name
        self._vault = vault
        self._outbox = outbox
        self._audit = audit

    async def document(self, customer_id: str, *, actor: str, reason: str) -> dict[str, Any]:
        """The copy, to be written with `to_json`; the export itself is audited before anything is read."""
        await self._audit.record(actor, "privacy.export", customer_id, None, {}, reason=reason)
        crm, phone = await self._of_crm(customer_id)
        async with self._db.snapshot() as connection:
            scope = await scope_of(connection, customer_id, phone=phone)
            tables = {table.name: await _rows(connection, table, held, scope) for table, held in personal()}
        opened = {
            "sealed_values": await self._sealed(scope),
            "crm_outbox": [asdict(write) for write in await self._outbox.about(scope.numbers + scope.conversation_ids)],
        }
        return {
            "customer_id": customer_id,
            "exported_at": self._clock(),
            "reason": reason,
            "crm": crm,
            "database": {name: rows for name, rows in sorted((tables | opened).items()) if rows},
            "left_out": {
                "conversations_shared_with_another_customer": list(scope.shared_ids),
                "systems_of_record": systems_of_record(),
                "rasa_trackers": "the same messages, as the dialogue has read them",
            },
        }

    async def _of_crm(self, customer_id: str) -> tuple[dict[str, Any], str | None]:
        """What the CRM knows, and the phone it has on file."""
        try:
            profile = await self._crm.profile_kept(customer_id, "customer.export")
            cases = await self._crm.cases_kept(customer_id, "customer.export")
        except CrmError as error:
            return {"source": self._crm_name, "unavailable": error.code}, None
        known = {"profile": asdict(profile) if profile else None, "cases": [asdict(case) for case in cases]}
        return {"source": self._crm_name, **known}, profile.phone if profile else None

    async def _sealed(self, scope: Scope) -> list[dict[str, Any]]:
        """Each placeholder with its value; without one where its key was destroyed or is not ours."""
        of = sealed_values.c
        mine = select(of.conversation_id, of.kind, of.number).where(of.conversation_id.in_(scope.conversation_ids))
        async with self._db.read() as connection:
            rows = (await connection.execute(mine.order_by(*mine.selected_columns))).all()
        return [
            {"conversation_id": row.conversation_id, "placeholder": name, "value": await self._open(row, name)}
            for row in rows
            for name in [f"[{_LABELS[row.kind]}{row.number}]"]
        ]

    async def _open(self, row: Any, placeholder: str) -> str | None:
        try:
            return await self._vault.open(row.conversation_id, placeholder)
        except PrivacyError:
            return None


def to_json(document: dict[str, Any]) -> str:
    """The document as text."""
    return json.dumps(document, default=_plain, ensure_ascii=False, indent=2)


async def _rows(connection: AsyncConnection, table: Table, held: Personal, scope: Scope) -> list[dict[str, Any]]:
    shown = [c for c in table.columns if c.name not in held.hidden and not isinstance(c.type, LargeBinary)]
    mine = select(*shown).where(scope.rows(table, held.found_by)).order_by(*table.primary_key)
    return [dict(row) for row in (await connection.execute(mine)).mappings()]


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} has no place in an export")
