"""Which table holds which personal data, by what a customer's rows are found, and what an erasure does with them.

Every table of the project stands here (a test sees to it): what is not listed can be neither exported nor erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import Table

from bot.conversations.messages import State
from bot.storage.schema import metadata


class Key(str, Enum):
    """What leads from a customer to rows."""

    CUSTOMER = "customer id"
    CONVERSATION = "conversation id"
    COMPLAINT = "complaint number"
    OPENID = "openid"
    CHALLENGED = "subject of one-time codes"
    PHONE = "phone number"
    CRM_WRITE = "subject of a write to the CRM"


@dataclass(frozen=True)
class Delete:
    """The rows go."""


@dataclass(frozen=True)
class Blank:
    """The rows stay, without what is personal: these columns get these values."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class DestroyKeys:
    """The rows are keys, and go; what was sealed under them opens never again."""


@dataclass(frozen=True)
class Keep:
    """The rows stay."""

    why: str
    retention: str | None = None
    """The setting that ends it; None: it is nobody's data any more."""
    counts_from: str = ""
    """The column from which it counts: of the table itself, else of the complaint to which a row belongs."""


@dataclass(frozen=True)
class Personal:
    """A row is the customer's when any of the columns in `found_by` holds one of the customer's keys."""

    what: str
    found_by: Mapping[str, Key]
    on_erasure: Delete | Blank | DestroyKeys | Keep
    erased_by: Mapping[str, Key] | None = None
    """Where not everything that is found is erased."""
    hidden: frozenset[str] = field(default=frozenset())
    """Columns that an export leaves out: secrets, or hashes of them. Binary columns never are in it."""


@dataclass(frozen=True)
class OfRecord:
    """The bank's own system of record, embedded here for development: asked by its port, never erased by us."""

    system: str


@dataclass(frozen=True)
class Impersonal:
    """No data of customers."""

    why: str


_HERE = {"conversation_id": Key.CONVERSATION}
_COMPLAINT = {"number": Key.COMPLAINT}
_OPENID = {"openid": Key.OPENID}
_LAW = Keep("the bank must be able to show how it dealt with the complaint", "retain_complaint_days", "ended_at")
_STAFF = Impersonal("the bank's staff")
_CORE, _CRM = OfRecord("core banking"), OfRecord("CRM")

INVENTORY: dict[str, Personal | OfRecord | Impersonal] = {
    "conversations": Personal("channel, state and times", _HERE, Blank({"state": State.CLOSED.value})),
    "messages": Personal("what was said", _HERE, Delete()),
    "sessions": Personal("browser sessions", _HERE, Delete(), hidden=frozenset({"token_hash"})),
    "handoffs": Personal(
        "why a person was asked for, and notes",
        _HERE,
        Blank({"note": None, "agent_note": None, "intents": [], "collected": {}}),
    ),
    "handoff_tickets": Personal("messages left for people", _HERE, Delete()),
    "handoff_transfers": Personal("notes from one agent to another", _HERE, Blank({"note": None})),
    "handoff_whispers": Personal("what supervisors told agents", _HERE, Delete()),
    "outside_conversations": Personal("which conversation it is at the desk outside", _HERE, Delete()),
    "conversation_notes": Personal("notes colleagues wrote for each other", _HERE, Delete()),
    "note_mentions": Personal("whom such notes call for", _HERE, Delete()),
    "conversation_tags": Personal("what the conversation is tagged with", _HERE, Delete()),
    "ratings": Personal("how satisfied the customer was", _HERE, Blank({"conversation_id": None})),
    "sealed_values": Personal(
        "phone, card and ID numbers, encrypted", _HERE, Keep("unreadable: their keys are destroyed")
    ),
    "data_keys": Personal("the keys of sealed values", _HERE, DestroyKeys()),
    "identity_bindings": Personal("whose a conversation is", {"customer_id": Key.CUSTOMER, **_HERE}, Delete()),
    "challenges": Personal("one-time codes", {"customer_id": Key.CUSTOMER, **_HERE}, Delete()),
    "challenge_limits": Personal("failed one-time codes", {"subject": Key.CHALLENGED}, Delete()),
    "sms_outbox": Personal("short messages (development)", {"phone": Key.PHONE}, Delete(), hidden=frozenset({"text"})),
    "knowledge_misses": Personal("questions without a useful answer", _HERE, Delete()),
    "complaints": Personal("complaints", _COMPLAINT, _LAW),
    "complaint_timeline": Personal("what happened to complaints", _COMPLAINT, _LAW),
    "complaint_extensions": Personal("extensions of complaints", _COMPLAINT, _LAW),
    "crm_records": Personal("where the CRM keeps a complaint's case", _COMPLAINT, _LAW),
    "crm_outbox": Personal(
        "writes the CRM has not taken yet",
        {"subject": Key.CRM_WRITE},
        Delete(),
        erased_by={"subject": Key.CONVERSATION},
    ),
    "wechat_users": Personal("the WeChat user", _OPENID, Delete()),
    "wechat_inbound": Personal("pushes of WeChat", _OPENID, Delete(), hidden=frozenset({"request_key"})),
    "wechat_replies": Personal("replies to pushes of WeChat", _OPENID, Delete(), hidden=frozenset({"request_key"})),
    "wechat_windows": Personal("what may still be sent to the WeChat user", _OPENID, Delete()),
    "wechat_bind_pages": Personal("binding pages", _HERE, Delete(), hidden=frozenset({"page_hash"})),
    "audit_log": Personal(
        "who read or changed the customer's data",
        {"customer_id": Key.CUSTOMER, **_HERE},
        Keep("proves who had access (网络安全法: six months at least)", "retain_audit_days", "at"),
    ),
    "bank_accounts": _CORE,
    "bank_transactions": _CORE,
    "bank_bills": _CORE,
    "bank_points": _CORE,
    "bank_block_orders": _CORE,
    "crm_customers": _CRM,
    "crm_interactions": _CRM,
    "crm_cases": _CRM,
    "crm_case_updates": _CRM,
    "crm_notes": _CRM,
    "agents": _STAFF,
    "desk_agents": _STAFF,
    "desk_sessions": _STAFF,
    "desk_recovery_codes": _STAFF,
    "sign_in_failures": _STAFF,
    "used_site_tokens": Impersonal("hashes of site tokens that were taken once; gone when they end"),
    "audit_head": Impersonal("where the audit log's chain begins and ends"),
    "complaint_sequences": Impersonal("counts complaints per day"),
    "canned_replies": Impersonal("what agents say again and again"),
    "knowledge_drafts": Impersonal("what editors write for everybody"),
    "knowledge_versions": Impersonal("what editors have published for everybody"),
    "leases": Impersonal("which process does which work"),
    "shared_tokens": Impersonal("our access to outside systems"),
    "wechat_nonces": Impersonal("hashes of what WeChat has signed, for some minutes"),
    "wechat_pauses": Impersonal("which interface of WeChat is to be left alone"),
}


def personal() -> list[tuple[Table, Personal]]:
    """The tables with customers' data, in an order in which rows can go: what refers to another comes first."""
    tables = reversed(metadata.sorted_tables)
    return [(table, held) for table in tables if isinstance(held := INVENTORY[table.name], Personal)]


def systems_of_record() -> list[str]:
    """The systems that we ask and do not keep."""
    return sorted({held.system for held in INVENTORY.values() if isinstance(held, OfRecord)})
