"""The desk's API for what the CRM has not taken, as the fake gateway speaks it."""

from typing import Any

from fastapi import APIRouter, Header

from tests.web.fake_gateway.state import FakeGateway


def outbox_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/desk/outbox`"""
    router = APIRouter(prefix="/api/desk/outbox")

    @router.get("")
    async def outbox() -> dict[str, Any]:
        return {"writes": gateway.writes}

    @router.post("/{write_id}/{what}")
    async def change(write_id: int, what: str, x_desk: str = Header()) -> dict[str, Any]:
        gateway.moves.append((what, {"write_id": write_id}))
        gateway.writes = [write for write in gateway.writes if write["write_id"] != write_id]
        return {}

    return router
