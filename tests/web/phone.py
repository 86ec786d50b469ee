"""A simulated WeChat in a thread, with a bank behind it that repeats what it hears."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from defusedxml.ElementTree import fromstring
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

from bot.channels.wechat.simulator.account import Mode
from bot.channels.wechat.simulator.app import create_app
from bot.channels.wechat.simulator.simulator import Simulator
from bot.channels.wechat.simulator.xml import written
from bot.settings import Settings


class Phones:
    """The simulator, and what it has pushed to the bank; `url` is where its page is."""

    def __init__(self) -> None:
        self.url = ""
        self.pushed: list[dict[str, str]] = []

    def app(self, port: int) -> FastAPI:
        self.url = f"http://127.0.0.1:{port}"
        settings = Settings(_env_file=None, wechat_public_url=self.url, wechat_simulator_port=port)
        self.simulator = Simulator(settings)
        self.simulator.account.mode = Mode.PLAIN
        app = create_app(self.simulator)
        app.post("/wechat")(self._answer)
        return app

    def wait_for_push(self, field: str, value: str, *, limit_s: float = 10) -> None:
        """Until something with this `value` in this `field` has reached the bank."""
        deadline = time.monotonic() + limit_s
        while all(pushed.get(field) != value for pushed in self.pushed):
            assert time.monotonic() < deadline, self.pushed
            time.sleep(0.02)

    async def _answer(self, request: Request) -> PlainTextResponse:
        pushed = {child.tag: child.text or "" for child in fromstring(await request.body())}
        self.pushed.append(pushed)
        if "Content" not in pushed:
            return PlainTextResponse("success")
        reply = {
            "ToUserName": pushed["FromUserName"],
            "FromUserName": pushed["ToUserName"],
            "CreateTime": 1,
            "MsgType": "text",
            "Content": f"收到：{pushed['Content']}",
        }
        return PlainTextResponse(written(reply))


@contextmanager
def running_phones() -> Iterator[Phones]:
    """Serve on a free port of this machine."""
    phones, socket = Phones(), uvicorn.Config("", port=0, log_level="error").bind_socket()
    app = phones.app(socket.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[socket])), daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the simulator did not start"
        time.sleep(0.02)
    try:
        yield phones
    finally:
        server.should_exit = True
        thread.join(10)
