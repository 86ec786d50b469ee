"""Drafts and versions as rows of the database."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.knowledge.editing.errors import InvalidDraftError, UnknownDraftError
from bot.knowledge.editing.models import Draft, DraftState, Version
from bot.knowledge.editing.tables import knowledge_drafts, knowledge_versions
from bot.knowledge.entries import FaqRecord


def record_of(entry_id: str, content: dict[str, Any] | None) -> FaqRecord | None:
    """What an editor wrote, as a record; None retires the entry. Raises InvalidDraftError naming the fields."""
    if content is None:
        return None
    try:
        return FaqRecord.model_validate({**content, "id": entry_id})
    except ValidationError as error:
        problems = (f"field {'.'.join(map(str, each['loc'])) or '(all)'}: {each['msg']}" for each in error.errors())
        raise InvalidDraftError(*problems) from error


def as_json(record: FaqRecord | None) -> dict[str, Any] | None:
    """A record as its column holds it."""
    return None if record is None else record.model_dump(mode="json", exclude_none=True)


async def newest_version(connection: AsyncConnection, entry_id: str) -> int:
    """The number of the last published version; 0 when there is none."""
    query = select(func.max(knowledge_versions.c.version)).where(knowledge_versions.c.entry_id == entry_id)
    return await connection.scalar(query) or 0


async def all_versions(connection: AsyncConnection) -> list[Version]:
    """Everything that has been published, oldest first."""
    query = select(knowledge_versions).order_by(knowledge_versions.c.published_at, knowledge_versions.c.version)
    return [_version(row) for row in await connection.execute(query)]


async def draft_of_id(connection: AsyncConnection, draft_id: str, *, lock: bool = False) -> Draft:
    """The draft of that id, its row locked for a change of it. Raises UnknownDraftError."""
    query = select(knowledge_drafts).where(knowledge_drafts.c.draft_id == draft_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise UnknownDraftError(draft_id)
    return draft_of(row)


def draft_of(row: Row[Any]) -> Draft:
    """A row of `knowledge_drafts`."""
    record = FaqRecord.model_validate(row.record) if row.record else None
    return Draft(
        row.draft_id,
        row.entry_id,
        record,
        row.based_on,
        DraftState(row.state),
        row.author_id,
        row.changed_at,
        row.reviewer_id,
        row.reviewed_at,
        row.note,
    )


def _version(row: Row[Any]) -> Version:
    record = FaqRecord.model_validate(row.record) if row.record else None
    return Version(row.entry_id, row.version, record, row.author_id, row.approver_id, row.published_at)
