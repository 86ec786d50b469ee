"""Filling the embedded CRM; a bank's own CRM has its customers already."""

from dataclasses import asdict

from bot.crm.models import CustomerProfile
from bot.crm.tables import crm_customers
from bot.storage.database import Database
from bot.storage.rows import insert_new


async def add_customer(db: Database, profile: CustomerProfile) -> bool:
    """Add a customer unless the id or the phone is there already; says whether it was added."""
    async with db.write() as connection:
        return await insert_new(connection, crm_customers, **asdict(profile))
