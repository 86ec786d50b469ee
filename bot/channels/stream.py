"""The two directions of a WebSocket, run side by side until the other side leaves."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

Frame = dict[str, Any]
LOOK_AGAIN_S = 15.0
"""How long a stream trusts the fan-out to tell it of changes before it looks by itself."""


async def serve(
    socket: WebSocket, *, outgoing: Callable[[], Awaitable[None]], incoming: Callable[[Frame], Awaitable[None]]
) -> None:
    """Run `outgoing` and hand each received frame to `incoming`; returns when the socket is gone."""
    tasks = [asyncio.ensure_future(outgoing()), asyncio.ensure_future(_receive(socket, incoming))]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        error = task.exception()
        if error is not None and not isinstance(error, WebSocketDisconnect):
            raise error


async def _receive(socket: WebSocket, incoming: Callable[[Frame], Awaitable[None]]) -> None:
    while True:
        try:
            frame = json.loads(await socket.receive_text())
        except (ValueError, KeyError):  # not JSON, or binary: nothing we speak
            continue
        if isinstance(frame, dict):
            await incoming(frame)
