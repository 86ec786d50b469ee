"""One way to talk to SQLite or PostgreSQL: short transactions on SQLAlchemy Core, asynchronous."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "secure_delete=ON",  # a deleted key is overwritten, not only forgotten
)


class Database:
    """A pool of connections. `read()` sees committed data; `write()` is one transaction, committed on leaving."""

    def __init__(self, url: str) -> None:
        """`url` as SQLAlchemy writes it; a plain `sqlite:` or `postgresql:` gets the asynchronous driver."""
        parsed = make_url(url)
        parsed = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # Errors are logged, and would show the values of a statement that failed.
        self._engine = create_async_engine(parsed, pool_pre_ping=not self.is_sqlite, hide_parameters=True)
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "handle_error", _keep_when_cancelled)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for selects: each statement sees what is committed when it runs."""
        async with self._engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection for selects that all see one and the same moment."""
        async with self._engine.connect() as connection:
            if self.is_sqlite:
                await connection.execute(text("BEGIN"))
            else:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            try:
                yield connection
            finally:
                await connection.rollback()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction. On SQLite it takes the write lock at once, since upgrading a read lock can fail."""
        async with self._engine.connect() as connection:
            if self.is_sqlite:
                await connection.execute(text("BEGIN IMMEDIATE"))
            async with _committed(connection):
                yield connection

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()


@asynccontextmanager
async def _committed(connection: AsyncConnection) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await connection.rollback()
        raise
    await connection.commit()


def _keep_when_cancelled(context: ExceptionContext) -> None:
    """A task cancelled within a statement leaves its connection whole: the driver ends the statement, then rolls back.

    Thrown away instead, the connection would keep the write lock for as long as anything still holds its cursor.
    """
    if isinstance(context.original_exception, asyncio.CancelledError):
        context.is_disconnect = False


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `write()`, never by the driver
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
