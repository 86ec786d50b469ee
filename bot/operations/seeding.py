"""What there is to play with in development: the demo bank, and people at its desk."""

from contextlib import suppress

from bot.banking import demo as demo_banking
from bot.bootstrap import build_foundation
from bot.clock import bank_date
from bot.crm import demo as demo_crm
from bot.settings import Settings
from bot.staff.build import Staff, build_staff
from bot.staff.errors import LoginTakenError
from bot.staff.roles import Role

_PEOPLE: tuple[tuple[str, str, Role], ...] = (
    ("agent1", "林晓", "agent"),
    ("agent2", "周岚", "agent"),
    ("supervisor1", "吴敏", "supervisor"),
    ("editor1", "何静", "editor"),
    ("auditor1", "郑伟", "auditor"),
    ("admin1", "沈洁", "admin"),
)
DEMO_PASSWORD = "zhanggui-demo"  # noqa: S105 - production seeds no agents


async def seed(settings: Settings) -> list[str]:
    """Fill a development installation with the demo bank and its desk; lines to print. Repeating changes nothing."""
    base = build_foundation(settings)
    try:
        today = bank_date(base.clock())
        customers = await demo_crm.seed(base.db, today)
        books = await demo_banking.seed(base.db, today)
        await _hire(build_staff(settings, db=base.db, clock=base.clock, fanout=base.fanout, audit=base.audit))
    finally:
        await base.close()
    added = f"{books.accounts} accounts and {books.transactions} transactions added"
    return [
        f"demo bank: {f'{customers} customers, {added}' if customers else 'in place'}",
        f"desk: {', '.join(login for login, _, _ in _PEOPLE)}; password {DEMO_PASSWORD}",
    ]


async def _hire(staff: Staff) -> None:
    for login, name, role in _PEOPLE:
        with suppress(LoginTakenError):
            await staff.accounts.add(login, name, DEMO_PASSWORD, role=role)
