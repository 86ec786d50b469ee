"""Drafts: one person writes, a second one publishes; every published state of an entry is kept."""

import secrets
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.errors import (
    EntryExistsError,
    ForbiddenDraftMoveError,
    InvalidDraftError,
    NotAuthorError,
    OwnDraftError,
    StaleDraftError,
    UnknownEntryError,
)
from bot.knowledge.editing.models import Draft, DraftState, Version
from bot.knowledge.editing.rows import as_json, draft_of, draft_of_id, newest_version, record_of
from bot.knowledge.editing.tables import knowledge_drafts, knowledge_versions
from bot.privacy.audit import Audit
from bot.staff.models import Agent
from bot.storage.database import Database

_OPEN_STATES = (DraftState.OPEN, DraftState.SUBMITTED)


class Editing:
    """What editors do with the entries of the knowledge base."""

    def __init__(self, db: Database, clock: Clock, audit: Audit, current: CurrentKnowledge) -> None:
        self._db = db
        self._clock = clock
        self._audit = audit
        self._current = current

    # Reading

    async def drafts(self, *, limit: int = 200) -> list[Draft]:
        """Drafts that are not over, the latest change first."""
        query = (
            select(knowledge_drafts)
            .where(knowledge_drafts.c.state.in_([state.value for state in _OPEN_STATES]))
            .order_by(knowledge_drafts.c.changed_at.desc())
            .limit(limit)
        )
        async with self._db.read() as connection:
            return [draft_of(row) for row in await connection.execute(query)]

    async def draft(self, draft_id: str) -> Draft:
        """Raises UnknownDraftError."""
        async with self._db.read() as connection:
            return await draft_of_id(connection, draft_id)

    # Writing

    async def begin(self, author: Agent, entry_id: str, content: dict[str, Any] | None, *, new: bool = False) -> Draft:
        """A draft of an entry; `content` None retires it.

        Raises InvalidDraftError for what is no entry, UnknownEntryError when one is to be retired that is not there,
        EntryExistsError when it shall be `new` and its id is not.
        """
        record = record_of(entry_id, content)
        if record is None or new:
            known = any(each.id == entry_id for each in await self._current.records())
            if record is None and not known:
                raise UnknownEntryError(entry_id)
            if new and known:
                raise EntryExistsError(entry_id)
        draft_id = secrets.token_hex(16)
        async with self._db.write() as connection:
            await connection.execute(
                insert(knowledge_drafts).values(
                    draft_id=draft_id,
                    entry_id=entry_id,
                    record=as_json(record),
                    based_on=await newest_version(connection, entry_id),
                    state=DraftState.OPEN.value,
                    author_id=author.agent_id,
                    changed_at=self._clock(),
                )
            )
            await self._audited(connection, author, "knowledge.draft", entry_id, draft_id)
            return await draft_of_id(connection, draft_id)

    async def roll_back(self, author: Agent, entry_id: str, version: int) -> Draft:
        """A draft that makes the entry read as in `version` (0: as shipped), for a second person to approve.

        Raises UnknownEntryError.
        """
        if version == 0:
            known = {record.id: record for record in await self._current.shipped()}
            record = known.get(entry_id)
            if record is None and not await self._current.history(entry_id):
                raise UnknownEntryError(entry_id)
        else:
            found = next((each for each in await self._current.history(entry_id) if each.version == version), None)
            if found is None:
                raise UnknownEntryError(entry_id)
            record = found.record
        draft = await self.begin(author, entry_id, as_json(record))
        return await self.submit(author, draft.draft_id)

    async def change(self, author: Agent, draft_id: str, content: dict[str, Any]) -> Draft:
        """Write the draft anew. Raises NotAuthorError, ForbiddenDraftMoveError, InvalidDraftError."""
        async with self._db.write() as connection:
            draft = await self._own(connection, author, draft_id, "change", DraftState.OPEN)
            record = record_of(draft.entry_id, content)
            return await self._move(connection, draft, DraftState.OPEN, record=as_json(record))

    async def submit(self, author: Agent, draft_id: str) -> Draft:
        """Ask a second person. Raises InvalidDraftError where the knowledge base would not be right with it."""
        draft = await self.draft(draft_id)
        await self._check(draft)
        async with self._db.write() as connection:
            draft = await self._own(connection, author, draft_id, "submit", DraftState.OPEN)
            await self._audited(connection, author, "knowledge.submit", draft.entry_id, draft_id)
            return await self._move(connection, draft, DraftState.SUBMITTED)

    async def withdraw(self, author: Agent, draft_id: str) -> Draft:
        """The author gives it up."""
        async with self._db.write() as connection:
            draft = await self._own(connection, author, draft_id, "withdraw", *_OPEN_STATES)
            await self._audited(connection, author, "knowledge.withdraw", draft.entry_id, draft_id)
            return await self._move(connection, draft, DraftState.WITHDRAWN)

    # The second person

    async def send_back(self, reviewer: Agent, draft_id: str, note: str) -> Draft:
        """Not like this: the author sees the note and may write the draft anew."""
        async with self._db.write() as connection:
            draft = await self._submitted(connection, reviewer, draft_id, "send back")
            await self._audited(connection, reviewer, "knowledge.send_back", draft.entry_id, draft_id)
            return await self._reviewed(connection, draft, reviewer, DraftState.OPEN, note)

    async def publish(self, reviewer: Agent, draft_id: str) -> Version:
        """Make it hold from the next build on.

        Raises OwnDraftError for the author, StaleDraftError when the entry has been published anew meanwhile,
        InvalidDraftError when others have published what it no longer goes with.
        """
        draft = await self.draft(draft_id)
        await self._check(draft)
        async with self._db.write() as connection:
            draft = await self._submitted(connection, reviewer, draft_id, "publish")
            newest = await newest_version(connection, draft.entry_id)
            if newest != draft.based_on:
                raise StaleDraftError(draft_id)
            version = Version(
                draft.entry_id, newest + 1, draft.record, draft.author_id, reviewer.agent_id, self._clock()
            )
            await connection.execute(
                insert(knowledge_versions).values(
                    entry_id=version.entry_id,
                    version=version.version,
                    record=as_json(version.record),
                    draft_id=draft_id,
                    author_id=version.author_id,
                    approver_id=version.approver_id,
                    published_at=version.published_at,
                )
            )
            await self._reviewed(connection, draft, reviewer, DraftState.PUBLISHED, None)
            await self._audited(connection, reviewer, "knowledge.publish", draft.entry_id, draft_id)
        return version

    # What these have in common

    async def _check(self, draft: Draft) -> None:
        faults = await self._current.faults_with([draft.record]) if draft.record else []
        if faults:
            raise InvalidDraftError(*faults)

    async def _own(
        self, connection: AsyncConnection, author: Agent, draft_id: str, wanted: str, *states: DraftState
    ) -> Draft:
        draft = await draft_of_id(connection, draft_id, lock=True)
        if draft.author_id != author.agent_id:
            raise NotAuthorError(draft_id)
        if draft.state not in states:
            raise ForbiddenDraftMoveError(draft.state.value, wanted)
        return draft

    async def _submitted(self, connection: AsyncConnection, reviewer: Agent, draft_id: str, wanted: str) -> Draft:
        draft = await draft_of_id(connection, draft_id, lock=True)
        if draft.author_id == reviewer.agent_id:
            raise OwnDraftError(draft_id)
        if draft.state is not DraftState.SUBMITTED:
            raise ForbiddenDraftMoveError(draft.state.value, wanted)
        return draft

    async def _reviewed(
        self, connection: AsyncConnection, draft: Draft, reviewer: Agent, state: DraftState, note: str | None
    ) -> Draft:
        return await self._move(
            connection, draft, state, reviewer_id=reviewer.agent_id, reviewed_at=self._clock(), note=note
        )

    async def _move(self, connection: AsyncConnection, draft: Draft, state: DraftState, **columns: Any) -> Draft:
        await connection.execute(
            update(knowledge_drafts)
            .where(knowledge_drafts.c.draft_id == draft.draft_id)
            .values(state=state.value, changed_at=self._clock(), **columns)
        )
        return await draft_of_id(connection, draft.draft_id)

    async def _audited(
        self, connection: AsyncConnection, who: Agent, action: str, entry_id: str, draft_id: str
    ) -> None:
        detail = {"entry": entry_id, "draft": draft_id}
        await self._audit.record(who.actor, action, None, None, detail, connection=connection)
