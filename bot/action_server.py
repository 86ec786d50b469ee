"""The private process that runs custom actions: rasa-sdk's ActionExecutor behind FastAPI."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions import all_actions
from bot import logs
from bot.bootstrap import Services, build_services
from bot.settings import get_settings

_log = structlog.get_logger(__name__)


def create_app(services: Services | None = None) -> FastAPI:
    """The application; started by `uvicorn --factory bot.action_server:create_app`."""
    logs.configure("actions")
    executor = ActionExecutor()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        built = services or build_services(get_settings())
        for action in all_actions(built):
            executor.register_action(action)
        yield
        await built.foundation.close()

    app = FastAPI(title="Zhanggui actions", lifespan=lifespan, openapi_url=None)

    @app.post("/webhook")
    async def webhook(request: Request) -> JSONResponse:
        call = await request.json()
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as rejection:
            return _refusal(400, str(rejection), rejection.action_name)
        except ActionNotFoundException as missing:
            _log.error("unknown_action", action=missing.action_name)
            return _refusal(404, str(missing), missing.action_name)
        return JSONResponse(result.model_dump() if result else None)

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
