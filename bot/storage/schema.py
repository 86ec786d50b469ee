"""Every table of the project on one metadata: for migrations and for tests that make a fresh database."""

import bot.banking.tables
import bot.channels.wechat.tables
import bot.complaints.tables
import bot.conversations.tables
import bot.crm.tables
import bot.desk.tables
import bot.handoff.outside.tables
import bot.handoff.tables
import bot.identity.tables
import bot.knowledge.editing.tables
import bot.knowledge.tables
import bot.privacy.tables
import bot.staff.tables
import bot.storage.tables
import bot.tokens.tables  # noqa: F401
from bot.storage.metadata import metadata

__all__ = ["metadata"]
