"""The public process: the channels, the desk, the pages, health and metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from bot import logs
from bot.bootstrap import Gateway, build_gateway, load_texts
from bot.channels import demo, web
from bot.channels.api import ApiError, answer_api_error
from bot.channels.middleware import BodyLimit, SecurityHeaders
from bot.handoff import desk, desk_stream
from bot.settings import Settings, get_settings

_PAGES = Path(__file__).with_name("web")


def create_app(settings: Settings | None = None, gateway: Gateway | None = None) -> FastAPI:
    """The application; started by `uvicorn --factory bot.gateway:create_app`."""
    settings = settings or get_settings()
    logs.configure("gateway")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient() as http:
            app.state.gateway = gateway or build_gateway(settings, http)
            yield
            await app.state.gateway.foundation.close()

    app = FastAPI(title="掌柜 Zhanggui", lifespan=lifespan)
    app.add_exception_handler(ApiError, answer_api_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.include_router(web.router)
    app.include_router(desk.router)
    app.include_router(desk_stream.router)
    if settings.environment == "development":
        app.include_router(demo.router)
    _add_health(app)
    _add_pages(app, settings)
    too_long = load_texts(settings)("utter_message_too_long", limit=settings.max_message_chars)
    app.add_middleware(BodyLimit, message=too_long)
    app.add_middleware(SecurityHeaders)
    if settings.allowed_origins:
        headers = ["authorization", "content-type"]
        app.add_middleware(CORSMiddleware, allow_origins=settings.allowed_origins, allow_headers=headers)
    return app


async def _invalid(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"code": "invalid_message", "message": "请求格式不正确"}, status_code=422)


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", tags=["operations"])
    async def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["operations"])
    async def readyz(request: Request) -> JSONResponse:
        """Database and dialogue answer; 503 with the part that does not."""
        built: Gateway = request.app.state.gateway
        parts = {"database": await _database_answers(built), "dialogue": await built.dialogue.ready()}
        return JSONResponse(parts, status_code=200 if all(parts.values()) else 503)

    @app.get("/metrics", tags=["operations"])
    async def metrics() -> PlainTextResponse:
        """Prometheus metrics."""
        return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _database_answers(gateway: Gateway) -> bool:
    try:
        async with gateway.foundation.db.read() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception:  # whatever the driver raises, the answer is no
        return False
    return True


def _add_pages(app: FastAPI, settings: Settings) -> None:
    app.mount("/static", StaticFiles(directory=_PAGES), name="static")

    @app.get("/desk", include_in_schema=False)
    async def desk_page() -> FileResponse:
        return FileResponse(_PAGES / "desk" / "index.html")

    if settings.environment == "development":

        @app.get("/", include_in_schema=False)
        async def demo_page() -> FileResponse:
            return FileResponse(_PAGES / "demo" / "index.html")
