"""The two directions of a WebSocket, run side by side until the other side leaves."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from fastapi import WebSocket, WebSocketDisconnect

from bot.channels.api import ApiError
from bot.channels.frames import TOO_MANY, Frame, FrameError, frame_of

LOOK_AGAIN_S = 15.0
"""How long a stream trusts the fan-out to tell it of changes before it looks by itself."""

_CANCEL_AGAIN_S = 1.0


async def serve(
    socket: WebSocket, *, outgoing: Callable[[], Awaitable[None]], incoming: Callable[[Frame], Awaitable[None]]
) -> None:
    """Run `outgoing` and hand each received frame to `incoming`; returns when the socket is gone.

    A frame that we do not take, or one too many (an ApiError of `incoming`), closes the stream.
    """
    tasks = [asyncio.ensure_future(outgoing()), asyncio.ensure_future(_receive(socket, incoming))]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _cancel(tasks)
    for task in done:
        await _end(socket, task.exception())


async def _cancel(tasks: Iterable["asyncio.Future[None]"]) -> None:
    """End the tasks. Again where a library has swallowed the cancellation, or the stream would never end."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_CANCEL_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)  # they have ended; their errors are looked at by the caller


async def _receive(socket: WebSocket, incoming: Callable[[Frame], Awaitable[None]]) -> None:
    while True:
        await incoming(frame_of(await socket.receive()))


async def _end(socket: WebSocket, error: BaseException | None) -> None:
    if isinstance(error, FrameError):
        await socket.close(error.close_code, error.reason)
    elif isinstance(error, ApiError):
        await socket.close(TOO_MANY, error.code)
    elif error is not None and not isinstance(error, WebSocketDisconnect):
        raise error
