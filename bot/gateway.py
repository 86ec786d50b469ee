"""The public process: the channels, the desk, the pages, health and metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import logs
from bot.application import Gateway
from bot.background import running
from bot.bootstrap import build_gateway, load_texts
from bot.channels import demo, web
from bot.channels.addresses import is_within
from bot.channels.body_limit import BodyLimit
from bot.channels.error_handlers import add_error_handlers
from bot.channels.failures import Failures, cause_of
from bot.channels.inbound import refuse_nul
from bot.channels.openapi import COMMON
from bot.channels.request_ids import RequestIds
from bot.channels.security_headers import SecurityHeaders
from bot.channels.wechat import bind_routes, routes
from bot.complaints import move_routes as complaint_moves
from bot.complaints import routes as complaints
from bot.handoff import (
    complaint_routes,
    desk,
    desk_stream,
    note_routes,
    outbox,
    pictures,
    reveal_routes,
    team_routes,
    ticket_routes,
    transfer_routes,
    wall_routes,
    writing_routes,
)
from bot.handoff.outside import routes as outside_desk
from bot.knowledge.editing import draft_routes as knowledge_drafts
from bot.knowledge.editing import routes as knowledge
from bot.knowledge.editing import sheet_routes as knowledge_sheets
from bot.rights.build import build_rights
from bot.settings import Settings, get_settings
from bot.staff import account_routes, login_routes, own_routes
from bot.texts import Texts

_PAGES = Path(__file__).with_name("web")
_log = structlog.get_logger(__name__)


def create_app(settings: Settings | None = None, gateway: Gateway | None = None) -> FastAPI:
    """The application; started by `uvicorn --factory bot.gateway:create_app`."""
    settings = settings or get_settings()
    logs.configure("gateway")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        built = app.state.gateway = gateway or build_gateway(settings)
        wechat = built.wechat.jobs() if built.wechat else []
        retention = build_rights(built.foundation).job
        rebuilding = built.knowledge.rebuilding
        outside = built.outside_desk.jobs() if built.outside_desk else []
        jobs = (built.foundation.deliverer.run(), retention.run(), rebuilding.run(), built.watch.run())
        async with running(*jobs, *wechat, *outside):
            yield
        await built.foundation.close()

    # No /docs: the stock page loads its scripts from other hosts, which the CSP and a bank's network refuse.
    app = FastAPI(
        title="掌柜 Zhanggui",
        lifespan=lifespan,
        responses=COMMON,
        dependencies=[Depends(refuse_nul)],
        openapi_url="/openapi.json" if settings.environment == "development" else None,
        docs_url=None,
        redoc_url=None,
    )
    texts = load_texts(settings)
    add_error_handlers(app, texts)
    app.include_router(web.router)
    app.include_router(routes.router)
    app.include_router(bind_routes.router)
    app.include_router(login_routes.router)
    app.include_router(own_routes.router)
    app.include_router(account_routes.router)
    app.include_router(desk.router)
    app.include_router(desk_stream.router)
    app.include_router(note_routes.router)
    app.include_router(writing_routes.router)
    app.include_router(complaint_routes.router)
    app.include_router(wall_routes.router)
    app.include_router(complaints.router)
    app.include_router(complaint_moves.router)
    app.include_router(knowledge.router)
    app.include_router(knowledge_drafts.router)
    app.include_router(knowledge_sheets.router)
    app.include_router(outbox.router)
    app.include_router(pictures.router)
    app.include_router(reveal_routes.router)
    app.include_router(team_routes.router)
    app.include_router(ticket_routes.router)
    app.include_router(transfer_routes.router)
    app.include_router(outside_desk.router)
    if settings.environment == "development":
        app.include_router(demo.router)
    _add_health(app)
    _add_pages(app, settings)
    _add_middleware(app, settings, texts)
    return app


def _add_middleware(app: FastAPI, settings: Settings, texts: Texts) -> None:
    """What every request passes; the one added last is the outermost."""
    too_long = texts("utter_message_too_long", limit=settings.max_message_chars)
    app.add_middleware(BodyLimit, message=too_long, files={knowledge_sheets.SHEET: knowledge_sheets.MAX_SHEET_BYTES})
    app.add_middleware(Failures, message=texts("utter_internal_error"))
    if settings.allowed_origins:
        headers = ["authorization", "content-type"]
        app.add_middleware(CORSMiddleware, allow_origins=settings.allowed_origins, allow_headers=headers)
    app.add_middleware(SecurityHeaders, frames=settings.allowed_origins)
    app.add_middleware(RequestIds)


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", tags=["operations"])
    async def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @app.get(
        "/readyz", tags=["operations"], response_model=dict[str, bool], responses={503: {"model": dict[str, bool]}}
    )
    async def readyz(request: Request) -> JSONResponse:
        """Database and dialogue answer; 503 with the part that does not."""
        built: Gateway = request.app.state.gateway
        parts = {"database": await _database_answers(built), "dialogue": await built.dialogue.ready()}
        return JSONResponse(parts, status_code=200 if all(parts.values()) else 503)

    @app.get("/metrics", tags=["operations"], response_class=PlainTextResponse)
    async def counts(request: Request) -> PlainTextResponse:
        """Prometheus metrics, for the bank's own networks; to others there is nothing here."""
        if not is_within(request, request.app.state.gateway.settings.metrics_networks):
            raise HTTPException(404)
        await _count_the_room(request.app.state.gateway)
        return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _count_the_room(gateway: Gateway) -> None:
    """Bring the gauges of waiting customers, agents and clocks up to date; without a database the others go out."""
    try:
        await gateway.wall.read()
    except SQLAlchemyError as error:
        _log.error("room_not_counted", cause=cause_of(error))


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
