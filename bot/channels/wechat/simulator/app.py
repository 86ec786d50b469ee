"""The simulator as a web application: WeChat's API, its authorize page, and the page with the phone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from bot.channels.wechat.simulator import api, authorize, phones
from bot.channels.wechat.simulator.api import Wechat
from bot.channels.wechat.simulator.refusals import WechatApiError, refusal
from bot.channels.wechat.simulator.simulator import Simulator
from bot.settings import ROOT

_PAGES = ROOT / "bot" / "web"


def create_app(simulator: Simulator) -> FastAPI:
    """Serve `simulator`; its page needs nothing from anywhere else."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.simulator = simulator
        yield
        await simulator.close()

    app = FastAPI(title="WeChat, simulated", lifespan=lifespan)
    app.add_exception_handler(WechatApiError, _refused)
    for part in (api, authorize, phones):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=_PAGES), name="static")

    @app.get("/pictures/{media_id}", include_in_schema=False)
    async def picture(wechat: Wechat, media_id: str) -> Response:
        found = wechat.media.get(media_id)
        if found is None:
            raise HTTPException(404)
        return Response(found.content, media_type=found.content_type)

    @app.get("/sms", include_in_schema=False)
    async def short_messages(wechat: Wechat) -> Any:
        return await wechat.short_messages()

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(_PAGES / "simulator" / "index.html")

    return app


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WechatApiError)
    return JSONResponse(refusal(error.code))
