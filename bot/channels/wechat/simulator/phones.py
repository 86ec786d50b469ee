"""What the simulator's own page asks for: the phone as it looks now, and what its user does with it."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Header, HTTPException, Request
from pydantic import BaseModel, Field

from bot.channels.wechat.simulator.account import Mode
from bot.channels.wechat.simulator.api import Wechat
from bot.channels.wechat.simulator.phone import Bubble

router = APIRouter(prefix="/phones")
_going_on: set[asyncio.Task[None]] = set()
Text = Annotated[str, Body(embed=True, min_length=1, max_length=4000)]
MAX_PICTURE_BYTES = 10 * 1024 * 1024


class Switches(BaseModel):
    """What the owner of the account, or fate, may change while the simulator runs."""

    mode: Mode | None = None
    recognises_voice: bool | None = None
    verified: bool | None = None
    at_once: Literal[1, 2] | None = Field(None, description="Tries that WeChat makes at the same time.")


@router.get("/{number}")
async def look(simulator: Wechat, number: int) -> dict[str, Any]:
    """Everything the page shows."""
    phone, account = simulator.user(number).phone, simulator.account
    return {
        "account": account.name,
        "openid": phone.openid,
        "follows": phone.follows,
        "typing": phone.is_typing,
        "bubbles": [_shown(bubble) for bubble in phone.bubbles],
        "menu": simulator.menu.buttons,
        "quota": {"left": phone.quota.left, "ends_at": phone.quota.ends_at},
        "switches": {
            "mode": account.mode,
            "recognises_voice": account.recognises_voice,
            "verified": account.verified,
            "at_once": simulator.patience.at_once,
        },
    }


@router.post("/{number}/switches", status_code=204)
async def switch(simulator: Wechat, number: int, changes: Switches) -> None:  # noqa: ARG001 - one account for all
    """Change the account's ways for all phones."""
    for name, value in changes.model_dump(exclude_none=True).items():
        setattr(simulator.patience if name == "at_once" else simulator.account, name, value)


@router.post("/{number}/follow", status_code=202)
async def follow(simulator: Wechat, number: int) -> None:
    """Follow the account."""
    _go(simulator.user(number).follow())


@router.post("/{number}/unfollow", status_code=202)
async def unfollow(simulator: Wechat, number: int) -> None:
    """Unfollow it."""
    _go(simulator.user(number).unfollow())


@router.post("/{number}/scan", status_code=202)
async def scan(simulator: Wechat, number: int, scene: Text) -> None:
    """Scan a code with a scene."""
    _go(simulator.user(number).scan(scene))


@router.post("/{number}/text", status_code=202)
async def text(simulator: Wechat, number: int, text: Text) -> None:
    """Send a text."""
    _go(simulator.user(number).text(text))


@router.post("/{number}/voice", status_code=202)
async def voice(simulator: Wechat, number: int, text: Text) -> None:
    """Speak."""
    _go(simulator.user(number).voice(text))


@router.post("/{number}/picture", status_code=202)
async def picture(simulator: Wechat, number: int, request: Request, content_type: Annotated[str, Header()]) -> None:
    """Send the picture that is the body of the request."""
    content = await request.body()
    if not content_type.startswith("image/") or len(content) > MAX_PICTURE_BYTES:
        raise HTTPException(422, "a picture of at most 10 MB")
    _go(simulator.user(number).picture(content, content_type))


@router.post("/{number}/location", status_code=202)
async def location(simulator: Wechat, number: int) -> None:
    """Send a place."""
    _go(simulator.user(number).location("上海市黄浦区人民广场", 31.232781, 121.475137))


@router.post("/{number}/link", status_code=202)
async def link(simulator: Wechat, number: int) -> None:
    """Send an article."""
    _go(simulator.user(number).link("存款利率又降了？", "https://news.example.com/rates"))


@router.post("/{number}/video", status_code=202)
async def video(simulator: Wechat, number: int) -> None:
    """Send a video."""
    _go(simulator.user(number).video())


@router.post("/{number}/menu", status_code=202)
async def tap(simulator: Wechat, number: int, place: Annotated[list[int], Body(embed=True)]) -> dict[str, str]:
    """Tap a menu button; the address to open, if it is a link."""
    try:
        button = simulator.menu.button(*place)
    except (IndexError, KeyError):
        raise HTTPException(404) from None
    _go(simulator.user(number).tap(button))
    return {"url": button.get("url", "")}


@router.post("/{number}/choose", status_code=202)
async def choose(simulator: Wechat, number: int, item: Annotated[dict[str, str], Body(embed=True)]) -> None:
    """Tap an item of a msgmenu."""
    _go(simulator.user(number).choose(item))


def _go(doing: Coroutine[Any, Any, None]) -> None:
    """Let it go on while the page shows at once what was sent: WeChat may take up to 15 seconds."""
    task = asyncio.create_task(doing)
    _going_on.add(task)
    task.add_done_callback(_going_on.discard)


def _shown(bubble: Bubble) -> dict[str, Any]:
    return {"seq": bubble.seq, "side": bubble.side, "kind": bubble.kind, "at": bubble.at, **bubble.content}
