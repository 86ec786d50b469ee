"""The account in whose name everybody at a desk outside acts here."""

from bot.staff.models import Agent

OUTSIDE = Agent("outside-desk", "outside-desk", "外部坐席", "agent")
"""Nobody signs in with it. Customers read the colleague's own name, where the desk outside tells it."""
