"""A customer and an agent, as their browsers talk to the gateway."""

import re
import time
import uuid
from typing import Any

import httpx

from bot.operations.seeding import DEMO_PASSWORD


class Customer:
    """One browser tab: a session and what has been said in it."""

    def __init__(self, url: str, customer_id: str | None = None) -> None:
        """Anonymous unless `customer_id` names the demo customer who is signed in."""
        self.http = httpx.Client(base_url=url, timeout=30)
        body = {}
        if customer_id is not None:
            body = self.http.post("/demo/token", json={"customer_id": customer_id}).raise_for_status().json()
        opened = self.http.post("/api/chat/sessions", json=body).raise_for_status().json()
        self.conversation_id: str = opened["conversation_id"]
        self.http.headers["Authorization"] = f"Bearer {opened['session']}"
        self.state = "bot"
        self.last: dict[str, Any] = {}

    def say(self, text: str) -> str:
        """Send a message; everything said in answer, as one text."""
        body = {"client_message_id": uuid.uuid4().hex, "text": text}
        answer = self.http.post("/api/chat/messages", json=body).raise_for_status().json()
        self.state = answer["state"]
        self.last = answer["messages"][-1] if answer["messages"] else {}
        return "\n".join(message["text"] for message in answer["messages"])

    def press(self, start: str) -> str:
        """Press the button of the last message whose title begins with `start`."""
        titles = [button["title"] for button in self.last.get("buttons", [])]
        return self.say(next(title for title in titles if title.startswith(start)))

    def code(self) -> str:
        """The code that the newest SMS brought."""
        params = {"conversation_id": self.conversation_id}
        newest = self.http.get("/demo/sms", params=params).raise_for_status().json()[0]
        found = re.search(r"验证码(\d{6})", newest["text"])
        assert found, newest
        return found[1]

    def log(self) -> list[dict[str, Any]]:
        """Everything in the conversation."""
        messages: list[dict[str, Any]] = self.http.get("/api/chat/messages").raise_for_status().json()["messages"]
        return messages


class DeskAgent:
    """An agent who is signed in."""

    def __init__(self, url: str, login: str = "agent1") -> None:
        self.http = httpx.Client(base_url=f"{url}/api/desk", timeout=30, headers={"X-Desk": "1"})
        self.http.post("/login", json={"login": login, "password": DEMO_PASSWORD}).raise_for_status()

    def queue(self) -> list[str]:
        """The waiting conversations in the order in which they came, whoever is served first."""
        found = self.http.get("/conversations", params={"view": "queued"}).raise_for_status().json()
        lines = sorted(found["conversations"], key=lambda line: line["queued_at"])
        return [line["conversation_id"] for line in lines]

    def open(self, conversation_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.http.get(f"/conversations/{conversation_id}").raise_for_status().json()
        return shown

    def do(self, conversation_id: str, what: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/conversations/{conversation_id}/{what}", json=body)


def eventually(condition: Any, timeout_s: float = 30.0) -> Any:
    """Ask until the answer is true; fails when it never is."""
    deadline = time.monotonic() + timeout_s
    while not (result := condition()):
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.2)
    return result
