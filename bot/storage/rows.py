"""Inserting a row at most once, on SQLite and PostgreSQL alike."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_new(connection: AsyncConnection, table: Table, **values: Any) -> bool:
    """Insert the row unless it collides with a primary key or unique constraint; says whether it was inserted."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(**values).on_conflict_do_nothing()
    # Without the option PostgreSQL's row count is not kept for an insert.
    result = await connection.execute(statement, execution_options={"preserve_rowcount": True})
    return result.rowcount == 1
