"""Questions that nothing answered well, those alike together, for an editor to write an answer to."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.knowledge.courtesy import essence
from bot.knowledge.editing.models import Draft
from bot.knowledge.misses import Miss, Misses
from bot.knowledge.text import ngrams
from bot.privacy.audit import Audit
from bot.staff.models import Agent

ALIKE = 0.45
"""Least Jaccard similarity of characters and pairs of them, 0 to 1, at which two questions count as one."""
_READ = 1000


@dataclass
class MissGroup:
    """Questions that ask about the same in similar words, newest first."""

    misses: list[Miss] = field(default_factory=list)

    @property
    def newest(self) -> datetime:
        return self.misses[0].missed_at

    @property
    def answered_by(self) -> list[str]:
        """The entries whose answers were of no use."""
        return list(dict.fromkeys(miss.answered_by for miss in self.misses if miss.answered_by))


class Inbox:
    """What there is to be done for editors."""

    def __init__(self, misses: Misses, audit: Audit) -> None:
        self._misses = misses
        self._audit = audit

    async def groups(self) -> list[MissGroup]:
        """The biggest groups first, of equal ones the newest."""
        groups = await asyncio.to_thread(grouped, await self._misses.latest(_READ))
        return sorted(groups, key=lambda group: (len(group.misses), group.newest), reverse=True)

    async def dismiss(self, editor: Agent, miss_ids: Sequence[str], reason: str) -> int:
        """Nothing is to be written for these questions; how many of them nobody had settled. Audited."""
        settled = await self._misses.settle(miss_ids, by=editor.agent_id, how=reason)
        await self._audit.record(editor.actor, "knowledge.dismiss", None, None, {"misses": settled}, reason=reason)
        return settled

    async def take_up(self, draft: Draft, miss_ids: Sequence[str]) -> None:
        """The draft answers these questions."""
        await self._misses.settle(miss_ids, by=draft.author_id, how=_with(draft))

    async def put_back(self, draft: Draft) -> None:
        """The draft was given up: its questions are open again."""
        await self._misses.reopen(_with(draft))


def _with(draft: Draft) -> str:
    return f"draft {draft.draft_id}"


def grouped(misses: Iterable[Miss]) -> list[MissGroup]:
    """Each question with the first group whose first question is like it."""
    groups: list[tuple[frozenset[str], MissGroup]] = []
    for miss in misses:
        features = frozenset(ngrams(essence(miss.text)))
        home = next((group for first, group in groups if _likeness(first, features) >= ALIKE), None)
        if home is None:
            home = MissGroup()
            groups.append((features, home))
        home.misses.append(miss)
    return [group for _, group in groups]


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / (len(left | right) or 1)
