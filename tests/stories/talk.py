"""One conversation of a story, as its customer has it."""

import re

from bot.application import Gateway
from bot.conversations.messages import State
from tests.fakes.sms import FakeSms

CODE = "（验证码）"
"""Stands for the one-time code that came last."""


class Talk:
    """Says what a customer says; `state` and `reason` tell whether a person has been fetched, and why."""

    def __init__(self, gateway: Gateway, sms: FakeSms, conversation_id: str) -> None:
        self._gateway = gateway
        self._sms = sms
        self._conversation_id = conversation_id
        self._said = 0
        self.state = State.BOT

    @classmethod
    async def begin(cls, gateway: Gateway, sms: FakeSms) -> "Talk":
        """A new conversation of a stranger."""
        return cls(gateway, sms, (await gateway.log.open("web")).conversation_id)

    async def sign_in(self, customer_id: str) -> None:
        """Be this customer of the demo bank, signed in on the bank's page."""
        await self._gateway.identity.bind(self._conversation_id, customer_id)

    async def say(self, text: str) -> list[str]:
        """Send a message, CODE for the code; every message said in answer."""
        self._said += 1
        typed = text.replace(CODE, self._code()) if CODE in text else text
        turn = await self._gateway.conversations.receive(self._conversation_id, str(self._said), typed)
        self.state = turn.conversation.state
        return [message.text for message in turn.messages]

    async def reason(self) -> str | None:
        """Why a person serves or is waited for; None while nobody is."""
        handoff = await self._gateway.handoff.latest(self._conversation_id)
        return handoff.reason if handoff and self.state is not State.BOT else None

    def _code(self) -> str:
        found = re.search(r"验证码(\d{6})", self._sms.sent[-1][1])
        assert found, self._sms.sent[-1]
        return found[1]
