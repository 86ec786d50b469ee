"""The stub's routes: taking messages as docs/identity.md says, and a control side to switch what goes wrong."""

import hmac
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, Field

from bot.clock import Clock, utc_now
from bot.identity.sms_signature import sign
from tests.stubs.faults import Application, Faults

KEY_ID, SECRET = "stub-2026", "stub-sms-secret-for-trying-out-only"
WINDOW_S = 300


class Message(BaseModel):
    """What is to be sent."""

    message_id: str = Field(min_length=1, max_length=64)
    phone: str = Field(pattern=r"^1\d{10}$")
    text: str = Field(min_length=1, max_length=500)


class SmsGateway:
    """The state of the stub; `clock` is its own."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self.clock = clock
        self.faults = Faults()
        self.nonces: set[str] = set()
        self.sent: dict[str, Message] = {}
        """By `message_id`, in the order in which they were first taken."""

    def admit(self, key_id: str, timestamp: int, nonce: str, signature: str, body: bytes) -> None:
        """Raises 401 for a wrong key, signature or time, 409 for a nonce seen before."""
        expected = sign(SECRET, timestamp, nonce, body)
        if key_id != KEY_ID or not hmac.compare_digest(signature.encode(), expected.encode()):
            raise HTTPException(401, "signature")
        if abs(self.clock().timestamp() - timestamp) > WINDOW_S:
            raise HTTPException(401, "timestamp")
        if nonce in self.nonces:
            raise HTTPException(409, "nonce")
        self.nonces.add(nonce)


def create_app(gateway: SmsGateway) -> Application:
    """The server around this state."""
    app = FastAPI(title="A stand-in for a bank's SMS gateway")
    app.include_router(gateway.faults.router)

    @app.post("/messages", status_code=202)
    async def take(
        request: Request,
        x_sms_key: Annotated[str, Header()],
        x_sms_timestamp: Annotated[int, Header()],
        x_sms_nonce: Annotated[str, Header()],
        x_sms_signature: Annotated[str, Header()],
    ) -> dict[str, Any]:
        body = await request.body()
        gateway.admit(x_sms_key, x_sms_timestamp, x_sms_nonce, x_sms_signature, body)
        try:
            message = Message.model_validate_json(body)
        except ValueError:
            raise HTTPException(422, "message") from None
        if gateway.sent.setdefault(message.message_id, message) != message:
            raise HTTPException(409, "message_id")
        return {"message_id": message.message_id}

    @app.get("/control/messages")
    async def messages() -> list[Message]:
        return list(gateway.sent.values())

    return gateway.faults.around(app)
