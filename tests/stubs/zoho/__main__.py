"""`python -m tests.stubs.zoho`: the stub on a port of 127.0.0.1, with the demo bank's customers."""

import socket
import sys
from typing import Annotated

import typer
import uvicorn

from bot.clock import bank_date, utc_now
from bot.crm.demo import profiles
from tests.stubs.zoho.server import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, Zoho, create_app


def serve(port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1; 0 takes a free one.")] = 8030) -> None:
    """Play Zoho CRM until Ctrl-C; what goes wrong is switched under /control (docs/crm.md)."""
    zoho = Zoho()
    for customer in profiles(bank_date(utc_now())):
        zoho.store.add_contact(customer)
    listening = socket.create_server(("127.0.0.1", port))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    typer.echo(
        f"CRM=zoho CRM_MAPPING_FILE=examples/crm/zoho.yml ZOHO_ACCOUNTS_URL={url} ZOHO_API_URL={url} "
        f"ZOHO_CLIENT_ID={CLIENT_ID} ZOHO_CLIENT_SECRET={CLIENT_SECRET} ZOHO_REFRESH_TOKEN={REFRESH_TOKEN}"
    )
    sys.stdout.flush()
    uvicorn.Server(uvicorn.Config(create_app(zoho), log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    typer.run(serve)
