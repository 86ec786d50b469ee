"""What somebody with the database's password, and without the installation's secret, may do to the audit log."""

from sqlalchemy import text

from bot.storage.database import Database

_TRIGGERS = {
    True: ("audit_log_no_update", "audit_log_no_delete", "audit_log_no_replace"),
    False: ("audit_log_no_change", "audit_log_no_truncate"),
}


async def tamper(db: Database, *statements: str) -> None:
    """Take the triggers away, run the statements, and put the triggers back: nothing is to be seen of it."""
    from bot.privacy.append_only import STATEMENTS

    on = "" if db.is_sqlite else " ON audit_log"
    async with db.write() as connection:
        for trigger in _TRIGGERS[db.is_sqlite]:
            await connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
        for statement in statements:
            await connection.exec_driver_sql(statement)
        for statement in STATEMENTS["sqlite" if db.is_sqlite else "postgresql"]:
            await connection.exec_driver_sql(statement)
