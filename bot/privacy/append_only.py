"""Triggers that make the database itself refuse to change the audit log.

Rows up to the head's checkpoint may be deleted: retention signs the checkpoint first (`retention.py`). The triggers
keep out mistakes; whoever may drop them is found by the chain.
"""

from sqlalchemy import DDL, Table, event

_REFUSAL = "the audit log is append-only"

STATEMENTS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log "  # noqa: S608 - nothing comes from outside
        "WHEN OLD.id > coalesce((SELECT max(base_id) FROM audit_head), 0) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        # INSERT OR REPLACE removes rows without asking the trigger for deletions.
        "CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log "  # noqa: S608
        "WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "  # noqa: S608
        "BEGIN "
        "IF TG_OP = 'DELETE' THEN "
        "IF OLD.id <= coalesce((SELECT max(base_id) FROM audit_head), 0) THEN RETURN OLD; END IF; "
        "END IF; "
        f"RAISE EXCEPTION '{_REFUSAL}'; "
        "END $$",
        "CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE ON audit_log "
        "FOR EACH ROW EXECUTE FUNCTION audit_log_append_only()",
        "CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only()",
    ),
}
"""By dialect, in the order in which to execute them once the table is there."""


def guard(table: Table) -> None:
    """Have the triggers made wherever the table is made from its metadata; migrations execute STATEMENTS."""
    for dialect, statements in STATEMENTS.items():
        for statement in statements:
            make: DDL = DDL(statement)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", make.execute_if(dialect=dialect))
