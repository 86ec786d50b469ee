"""The private process that runs custom actions: rasa-sdk's ActionExecutor behind FastAPI."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import structlog
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, ValidationError
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions import all_actions
from bot import logs
from bot.application import Services
from bot.background import running
from bot.bearer import process_token, shows
from bot.bootstrap import build_services
from bot.knowledge.editing.hit_test import HitTest
from bot.knowledge.explanation import explain
from bot.knowledge.reloading import Reloader
from bot.settings import get_settings

_log = structlog.get_logger(__name__)


class _Tracker(BaseModel):
    """What rasa-sdk takes for granted of a tracker; the rest of it passes as it came."""

    model_config = ConfigDict(extra="allow")
    sender_id: str
    slots: dict[str, Any]
    latest_message: dict[str, Any] | None
    events: list[dict[str, Any]]
    active_loop: dict[str, Any] | None = None


class _Sentence(BaseModel):
    """An editor tries what would be answered."""

    text: str


class _Call(BaseModel):
    """Rasa asks for an action to be carried out."""

    model_config = ConfigDict(extra="allow")
    next_action: str | None
    tracker: _Tracker
    domain: dict[str, Any] = {}


def create_app(services: Services | None = None) -> FastAPI:
    """The application; started by `uvicorn --factory bot.action_server:create_app`."""
    logs.configure("actions")
    settings = services.settings if services else get_settings()
    token = process_token(settings.secret_key.get_secret_value(), "actions")
    executor = ActionExecutor()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        built = services or build_services(settings)
        app.state.services = built
        for action in all_actions(built):
            executor.register_action(action)
        reloader = Reloader(built.retriever, settings.index_dir)
        async with running(built.foundation.deliverer.run(), reloader.run()):
            yield
        await built.foundation.close()

    app = FastAPI(title="Zhanggui actions", lifespan=lifespan, openapi_url=None)

    async def require_token(header: Annotated[str, Header(alias="authorization")] = "") -> None:
        if not shows(header, token):
            raise HTTPException(401)

    @app.post("/webhook", dependencies=[Depends(require_token)])
    async def webhook(request: Request) -> JSONResponse:
        try:
            call = _Call.model_validate_json(await request.body())
        except ValidationError:
            return _refusal(400, "no call of an action", None)
        try:
            result = await executor.run(call.model_dump())
        except ActionExecutionRejection as rejection:
            return _refusal(400, str(rejection), rejection.action_name)
        except ActionNotFoundException as missing:
            _log.error("unknown_action", action=missing.action_name)
            return _refusal(404, str(missing), missing.action_name)
        return JSONResponse(result.model_dump() if result else None)

    @app.post("/hit-test", dependencies=[Depends(require_token)])
    async def hit_test(request: Request, sentence: _Sentence) -> HitTest:
        return await asyncio.to_thread(explain, request.app.state.services.retriever, sentence.text)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/metrics")
    async def metrics() -> PlainTextResponse:
        return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def _refusal(status: int, error: str, action: Any) -> JSONResponse:
    """The shape in which Rasa expects an action's refusal."""
    return JSONResponse({"error": error, "action_name": action}, status_code=status)
