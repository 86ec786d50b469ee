"""Serves the fake gateway's APIs and the pages of `bot/web` on a port of this machine."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from bot.channels.security_headers import SecurityHeaders
from tests.web.fake_gateway.aids import aid_routes
from tests.web.fake_gateway.complaints import complaint_routes
from tests.web.fake_gateway.customer import customer_routes, demo_routes
from tests.web.fake_gateway.desk import desk_routes
from tests.web.fake_gateway.knowledge import knowledge_routes
from tests.web.fake_gateway.outbox import outbox_routes
from tests.web.fake_gateway.staff import account_routes, staff_routes
from tests.web.fake_gateway.state import FakeGateway
from tests.web.fake_gateway.team import team_routes

PAGES = Path(__file__).resolve().parents[3] / "bot" / "web"


def create_app(gateway: FakeGateway) -> FastAPI:
    """The HTTP and WebSocket side of `gateway`, with the pages of `bot/web`."""
    app = FastAPI()

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse(error.detail, error.status_code)

    @app.middleware("http")
    async def headers_and_faults(request: Request, call_next: Any) -> Response:
        if gateway.failing and request.url.path.startswith("/api/"):
            return JSONResponse({"code": "unavailable", "message": ""}, 503)
        response: Response = await call_next(request)
        if not request.url.path.startswith("/api/desk"):
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
        return Response(status_code=204, headers=dict(response.headers)) if request.method == "OPTIONS" else response

    app.add_middleware(SecurityHeaders)
    app.include_router(customer_routes(gateway))
    app.include_router(complaint_routes(gateway))
    app.include_router(knowledge_routes(gateway))
    app.include_router(outbox_routes(gateway))
    app.include_router(staff_routes(gateway))
    app.include_router(account_routes(gateway))
    app.include_router(aid_routes(gateway))
    app.include_router(team_routes(gateway))
    app.include_router(desk_routes(gateway))
    app.include_router(demo_routes(gateway))
    app.mount("/static", StaticFiles(directory=PAGES))
    app.get("/")(lambda: FileResponse(PAGES / "demo" / "index.html"))
    app.get("/embedding")(lambda: embedding_page(gateway))
    app.get("/desk")(lambda: FileResponse(PAGES / "desk" / "index.html"))
    return app


def embedding_page(gateway: FakeGateway) -> HTMLResponse:
    """Another site's page with the widget's one line, and the least its CSP must allow for it."""
    allowed = f"{gateway.url} {gateway.url.replace('http', 'ws')}"
    csp = f"default-src 'none'; script-src {gateway.url}; connect-src {allowed}"
    line = f'<script type="module" src="{gateway.url}/static/widget/widget.js" data-side="left"></script>'
    return HTMLResponse(f"<!doctype html>{line}", headers={"Content-Security-Policy": csp})


@contextmanager
def running(gateway: FakeGateway) -> Iterator[FakeGateway]:
    """Serve `gateway` on a free port of this machine, in a thread."""
    config = uvicorn.Config(create_app(gateway), port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)

    def serve() -> None:
        gateway.loop = asyncio.new_event_loop()
        gateway.loop.run_until_complete(server.serve())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the fake gateway did not start"
        time.sleep(0.02)
    gateway.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield gateway
    finally:
        server.should_exit = True
        thread.join(10)
