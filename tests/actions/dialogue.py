"""Talk to the actions as Rasa would: rules choose the action, slots and the form are kept between messages."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import all_actions
from bot.application import Services
from tests.fakes.sms import FakeSms

ROOT = Path(__file__).resolve().parents[2]


def rules() -> dict[str, str]:
    """Intent → action, from the rules that begin with an intent."""
    found = {}
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            first, second = rule["steps"][:2]
            if "intent" in first:
                found[first["intent"]] = second["action"]
    return found


class Dialogue:
    """One conversation. `said` are the texts of the last turn, `handoff` the last wish for a person, if any."""

    def __init__(self, services: Services, conversation_id: str) -> None:
        self.actions = {action.name(): action for action in all_actions(services)}
        self.rules = rules()
        self.services = services
        self.conversation_id = conversation_id
        self.slots: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.loop: str | None = None
        self.messages: list[dict[str, Any]] = []
        self.metadata: dict[str, Any] = {}
        """What a message says about itself, as Rasa passes it on."""

    async def say(self, text: str, intent: str = "nlu_fallback", **entities: str) -> str:
        """Say `text`, understood as given; the bot's texts of this turn, one a line."""
        await self._hear(text, intent, entities)
        if self.loop:
            if await self._form():
                return self.text
            await self._run(self.rules[intent])
            if self.loop:
                await self._form(answered=True)
            return self.text
        action = self.rules[intent]
        if action == "complaint_form":
            self.loop = action
            await self._form()
        else:
            await self._run(action)
        return self.text

    async def run(self, action: str, text: str, intent: str, **entities: str) -> str:
        """Have `text` answered by the action of this name, whatever the rules say; everything it says and shows."""
        await self._hear(text, intent, entities)
        await self._run(action)
        return json.dumps(self.messages, ensure_ascii=False)

    async def press(self, title: str) -> str:
        """Press a button of the last turn, or send the payload of one."""
        payload = next(b["payload"] for m in self.messages for b in m["buttons"] or () if b["title"] == title)
        return await self.send(payload)

    async def send(self, payload: str) -> str:
        """Send a payload such as `/check_balance{"card_tail":"1234"}`."""
        intent, _, entities = payload.removeprefix("/").partition("{")
        return await self.say(payload, intent, **(yaml.safe_load("{" + entities) if entities else {}))

    @property
    def text(self) -> str:
        return "\n".join(m["text"] for m in self.messages if m["text"])

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for message in self.messages for button in message["buttons"] or ()]

    @property
    def notes(self) -> list[dict[str, Any]]:
        return [message["custom"] for message in self.messages if message["custom"]]

    @property
    def handoff(self) -> dict[str, Any] | None:
        return next((note for note in self.notes if note["type"] == "handoff"), None)

    @property
    def next(self) -> list[str]:
        """What the gateway is to ask next."""
        return [note["text"] for note in self.notes if note["type"] == "next"]

    async def _hear(self, text: str, intent: str, entities: dict[str, str]) -> None:
        self.messages = []
        found = []
        for kind, value in entities.items():
            start = max(0, text.find(value))
            found.append({"entity": kind, "value": value, "start": start, "end": start + len(value)})
        parsed = {
            "metadata": self.metadata,
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": found,
        }
        self.events.append({"event": "user", "text": text, "metadata": self.metadata, "parse_data": parsed})

    async def _form(self, *, answered: bool = False) -> bool:
        """Let the form have the message; False when it refuses it."""
        events = await self._run("validate_complaint_form")
        if not answered and {event["name"] for event in events if event["event"] == "slot"} == {"requested_slot"}:
            self.events.append({"event": "action_execution_rejected", "name": self.loop})
            return False
        asked = self.slots.get("requested_slot")
        if asked:
            await self._run(f"action_ask_{asked}")
        elif self.loop:
            self.loop = None
            await self._run("action_submit_complaint")
        return True

    async def _run(self, name: str) -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        parsed = next(e["parse_data"] for e in reversed(self.events) if e["event"] == "user")
        loop = {"name": self.loop} if self.loop else {}
        sender = f"{self.conversation_id}.0"
        tracker = Tracker(sender, dict(self.slots), parsed, self.events, False, None, loop, "action_listen")
        events: list[dict[str, Any]] = await self.actions[name].run(dispatcher, tracker, {})
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.loop = event["name"]
        self.messages += dispatcher.messages
        return events


async def pass_code(dialogue: Dialogue, sms: FakeSms) -> str:
    """Type the code that was sent last; what the bot says when it has passed."""
    code = re.search(r"\d{6}", sms.sent[-1][1])
    assert code is not None
    outcome = await dialogue.services.identity.answer_challenge(dialogue.conversation_id, code[0])
    assert outcome.result == "passed"
    assert outcome.resume is not None
    return await dialogue.send(outcome.resume)
