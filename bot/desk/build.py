"""What agents work with beside the conversation itself."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.conversations.fanout import Fanout
from bot.conversations.log import ConversationLog
from bot.desk.canned import CannedReplies
from bot.desk.notes import Notes
from bot.desk.suggestions import Suggestions
from bot.desk.tags import Tags
from bot.knowledge.editing.hit_test import HitTester
from bot.privacy.vault import Vault
from bot.storage.database import Database


@dataclass(frozen=True)
class Aids:
    """Notes, tags, canned replies and suggested answers."""

    notes: Notes
    tags: Tags
    canned: CannedReplies
    suggestions: Suggestions


def build_aids(
    db: Database, log: ConversationLog, vault: Vault, fanout: Fanout, clock: Clock, hit_tester: HitTester
) -> Aids:
    """The aids of one gateway."""
    notes = Notes(db, log, vault, fanout, clock)
    return Aids(notes, Tags(db, clock), CannedReplies(db, clock), Suggestions(hit_tester))
