"""Tables of the bank's people: accounts, recovery codes, sessions, and tries that failed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    false,
)

from bot.storage.metadata import UtcDateTime, metadata

agents = Table(
    "agents",
    metadata,
    Column("agent_id", String(32), primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(256), nullable=False),
    Column("must_change_password", Boolean, nullable=False, server_default=false()),
    Column("disabled_at", UtcDateTime),
    Column("totp_sealed", LargeBinary),
    Column("totp_since", UtcDateTime),  # none: the secret was shown, no code of it seen yet
    Column("totp_last_step", BigInteger),  # codes up to this 30-second step are used up
)

recovery_codes = Table(
    "desk_recovery_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("agent_id", ForeignKey("agents.agent_id"), nullable=False, index=True),
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("session_id", String(32), nullable=False, unique=True),
    Column("agent_id", ForeignKey("agents.agent_id"), nullable=False, index=True),
    Column("address", String(64), nullable=False),
    Column("browser", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime, nullable=False),  # by a person; the page's own polling does not count
    Column("expires_at", UtcDateTime, nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    # A keyed hash: people type passwords into the wrong field.
    Column("login_hash", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("locked_until", UtcDateTime),
)
