"""Why somebody is handed off decides who is asked, and how soon."""

from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author
from bot.conversations.rasa import HandoffWish
from bot.crm.errors import CrmError
from bot.crm.service import CrmService
from bot.identity.service import IdentityService

_FILE = Path(__file__).with_name("skills.yml")
_READ = 3
"""How many of the customer's last messages tell what is wanted."""


class Skill(str, Enum):
    """What an agent is good at."""

    GENERAL = "general"
    CARDS = "cards"
    WEALTH = "wealth"
    LOANS = "loans"
    COMPLAINTS = "complaints"


class Urgency(IntEnum):
    """Classes of the line: who is in a lower one is served first, within a class who has waited longer."""

    EMERGENCY = 1
    """Money or somebody's safety is at stake now."""
    UPSET = 2
    """Angry, or let down by our system."""
    VIP = 3
    NORMAL = 4


@dataclass(frozen=True)
class Route:
    """Where a conversation stands in line, and whose matter it is."""

    reason: str
    skill: Skill = Skill.GENERAL
    urgency: Urgency = Urgency.NORMAL
    customer_id: str | None = None


EMERGENCIES = frozenset({"lost_card", "grave_complaint"})
"""Reasons that do not wait for the morning."""
_URGENCY = {
    **dict.fromkeys(EMERGENCIES, Urgency.EMERGENCY),
    "anger": Urgency.UPSET,
    "rasa_unavailable": Urgency.UPSET,
}
_SKILL = {"lost_card": Skill.CARDS, "grave_complaint": Skill.COMPLAINTS, "anger": Skill.COMPLAINTS}


def route(wish: HandoffWish, *, said: str = "") -> Route:
    """What the wish tells by itself, with what the customer `said` last; nothing is looked up."""
    skill = _SKILL.get(wish.reason) or _wanted(wish, said)
    return Route(wish.reason, skill, _URGENCY.get(wish.reason, Urgency.NORMAL))


class Routing:
    """Finds the route with what the bank knows of the customer; a CRM that is away holds nobody up."""

    def __init__(
        self, log: ConversationLog, identity: IdentityService, crm: CrmService, *, vip_segments: list[str]
    ) -> None:
        self._log = log
        self._identity = identity
        self._crm = crm
        self._vip_segments = frozenset(vip_segments)

    async def of(self, conversation_id: str, wish: HandoffWish) -> Route:
        """The route of a conversation. To be asked before its change begins: the CRM may take seconds."""
        messages = await self._log.messages(conversation_id)
        said = [message.text for message in messages if message.author is Author.CUSTOMER][-_READ:]
        found = route(wish, said="\n".join(said))
        customer_id = (await self._identity.principal(conversation_id)).customer_id
        if customer_id is None:
            return found
        found = replace(found, customer_id=customer_id)
        if found.urgency is not Urgency.NORMAL or not await self._is_vip(customer_id, conversation_id):
            return found
        return replace(found, reason="vip" if found.reason == "asked" else found.reason, urgency=Urgency.VIP)

    async def _is_vip(self, customer_id: str, conversation_id: str) -> bool:
        try:
            return await self._crm.segment_of(customer_id, conversation_id) in self._vip_segments
        except CrmError:
            return False


def _wanted(wish: HandoffWish, said: str) -> Skill:
    """By the latest intent that tells it, else by words."""
    for intent in reversed(wish.intents):
        for skill, signs in _signs().items():
            if intent.get("intent") in signs["intents"]:
                return skill
    text = f"{wish.note or ''}\n{said}"
    for skill, signs in _signs().items():
        if any(word in text for word in signs["words"]):
            return skill
    return Skill.GENERAL


@cache
def _signs() -> dict[Skill, dict[str, list[Any]]]:
    return {Skill(name): signs for name, signs in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items()}
