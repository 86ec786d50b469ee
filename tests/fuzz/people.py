"""Who fuzzes: nobody in particular, a customer, and people at the desk; and what there is to be found."""

from dataclasses import dataclass

from bot.application import Gateway
from bot.conversations.messages import State
from bot.conversations.rasa import HandoffWish
from bot.gateway import create_app
from bot.settings import Settings
from bot.staff.access import SESSION
from bot.staff.models import Agent
from bot.staff.roles import Role
from tests.complaints.conftest import DRAFT
from tests.staff.people import hire, session_of

NO_LIMIT = 1_000_000_000
APP = create_app(Settings(_env_file=None))  # type: ignore[call-arg]
"""Made once: its routes find the services of each test in its state."""
_DESK: tuple[Role, ...] = ("agent", "supervisor", "admin")
PEOPLE = ["nobody", "customer", *_DESK]


@dataclass(frozen=True)
class Bank:
    """What exists, so that fuzzing gets past "there is no such thing"."""

    credentials: dict[str, dict[str, str]]
    """The headers by which each of PEOPLE is known."""
    conversations: list[str]
    number: str
    """Of a complaint."""


async def open_bank(gateway: Gateway) -> Bank:
    """A conversation in each state, a complaint, and everybody signed in."""
    staff = {role: await hire(gateway, role, role=role) for role in _DESK}
    agent = staff["agent"]
    conversations = [await conversation_in(gateway, state, agent) for state in State]
    principal = await gateway.identity.principal(conversations[0])
    complaint = await gateway.foundation.complaints.file(principal, DRAFT, idempotency_key="fuzz")
    people = {
        "nobody": {},
        "customer": {"authorization": f"Bearer {await gateway.sessions.open(conversations[0])}"},
    }
    for role in _DESK:
        people[role] = {"cookie": f"{SESSION}={await session_of(gateway, role)}", "x-desk": "1"}
    return Bank(people, conversations, complaint.number)


async def conversation_in(gateway: Gateway, state: State, agent: Agent) -> str:
    """A customer's conversation that has come to `state`."""
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, "C1001")
    await gateway.conversations.receive(conversation_id, "m1", "你好")
    if state is State.BOT:
        return conversation_id
    async with gateway.log.change(conversation_id) as change:
        await gateway.handoff.queue(change, HandoffWish("asked"))
    if state is State.QUEUED:
        return conversation_id
    await gateway.handoff.claim(conversation_id, agent)
    if state is State.CLOSED:
        await gateway.handoff.close(conversation_id, agent)
    return conversation_id
