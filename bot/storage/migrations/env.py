"""Alembic's entry point: which database, which tables."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import create_engine, false

from bot.storage.schema import metadata


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """How autogenerate writes an item: what SQLite calls 0 is no boolean elsewhere."""
    return "sa.false()" if kind == "server_default" and getattr(item, "arg", None) is false() else False


engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, render_item=render_item)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
