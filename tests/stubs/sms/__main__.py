"""`python -m tests.stubs.sms`: the stub on a port of 127.0.0.1."""

import socket
import sys
from typing import Annotated

import typer
import uvicorn

from tests.stubs.sms.server import KEY_ID, SECRET, SmsGateway, create_app


def serve(port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1; 0 takes a free one.")] = 8040) -> None:
    """Play the bank's SMS gateway until Ctrl-C; messages and faults are under /control (docs/identity.md)."""
    listening = socket.create_server(("127.0.0.1", port))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/messages"
    typer.echo(f"SMS=http SMS_URL={url} SMS_KEY_ID={KEY_ID} SMS_SECRET={SECRET}")
    sys.stdout.flush()
    uvicorn.Server(uvicorn.Config(create_app(SmsGateway()), log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    typer.run(serve)
