"""The demo bank's customers."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.crm.models import CustomerProfile
from bot.crm.tables import crm_customers
from bot.storage.database import Database
from bot.storage.rows import insert_new

_FILE = Path(__file__).with_suffix(".yml")


@dataclass(frozen=True)
class DemoCustomer:
    """Somebody the demo page offers to sign in as; `note` says what there is to try."""

    customer_id: str
    name: str
    phone: str
    note: str


def demo_customers() -> list[DemoCustomer]:
    """The invented customers."""
    return [DemoCustomer(e["customer_id"], e["name"], e["phone"], e["note"]) for e in _entries()]


def profiles(today: date) -> list[CustomerProfile]:
    """The customers as a CRM knows them, with risk assessments that are as old on any day."""
    return [_profile(entry, today) for entry in _entries()]


async def seed(db: Database, today: date) -> int:
    """Add the demo customers that are not there yet; says how many were added."""
    async with db.write() as connection:
        return sum([await insert_new(connection, crm_customers, **asdict(profile)) for profile in profiles(today)])


def _profile(entry: dict[str, Any], today: date) -> CustomerProfile:
    days = entry.pop("risk_valid_days")
    valid_until = None if days is None else today + timedelta(days=days)
    del entry["note"]
    return CustomerProfile(**entry, risk_valid_until=valid_until)


def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return entries
