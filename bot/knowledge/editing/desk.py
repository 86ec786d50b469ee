"""Everything that the desk's page of the knowledge base works with."""

from dataclasses import dataclass

from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.hit_test import HitTester
from bot.knowledge.editing.importing import SheetImport
from bot.knowledge.editing.inbox import Inbox
from bot.knowledge.editing.rebuilding import Rebuilding
from bot.knowledge.editing.service import Editing


@dataclass(frozen=True)
class KnowledgeDesk:
    """The editor's loop, from what customers missed to what they get."""

    current: CurrentKnowledge
    inbox: Inbox
    editing: Editing
    sheet_import: SheetImport
    rebuilding: Rebuilding
    hit_tester: HitTester
