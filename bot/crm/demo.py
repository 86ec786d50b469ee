"""The demo bank's customers."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.crm.tables import crm_customers
from bot.storage.database import Database
from bot.storage.rows import insert_new

_FILE = Path(__file__).with_suffix(".yml")


@dataclass(frozen=True)
class DemoCustomer:
    """Somebody the demo page offers to sign in as; `note` says what there is to try."""

    customer_id: str
    name: str
    note: str


def demo_customers() -> list[DemoCustomer]:
    """The invented customers."""
    return [DemoCustomer(entry["customer_id"], entry["name"], entry["note"]) for entry in _entries()]


async def seed(db: Database, today: date) -> int:
    """Add the demo customers that are not there yet; says how many were added."""
    added = 0
    async with db.write() as connection:
        for entry in _entries():
            days = entry.pop("risk_valid_days")
            entry["risk_valid_until"] = None if days is None else today + timedelta(days=days)
            del entry["note"]
            added += await insert_new(connection, crm_customers, **entry)
    return added


def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return entries
