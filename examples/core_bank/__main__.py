"""`python -m examples.core_bank`: the reference core with the demo bank's books, or its OpenAPI document."""

import asyncio
from typing import Annotated

import typer
import uvicorn
import yaml

from bot.banking import demo
from bot.banking.sql import SqlCoreBanking
from bot.clock import bank_date, utc_now
from bot.settings import ROOT
from bot.storage.database import Database
from bot.storage.schema import metadata
from examples.core_bank.server import create_app

app = typer.Typer(add_completion=False, invoke_without_command=True)
OPENAPI_FILE = ROOT / "docs" / "core-banking.openapi.yaml"
TOKEN = "reference-core-token-for-trying-out"  # noqa: S105 - for loopback only


@app.callback()
def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1.")] = 8020,
    token: Annotated[str, typer.Option(help="What callers must send as bearer token.")] = TOKEN,
) -> None:
    """Serve the demo books until Ctrl-C."""
    if context.invoked_subcommand is None:
        typer.echo(f"CORE_BANKING=http CORE_URL=http://127.0.0.1:{port}/v1 CORE_TOKEN={token}")
        asyncio.run(_serve(port, token))


@app.command()
def openapi() -> None:
    """Write docs/core-banking.openapi.yaml anew."""
    OPENAPI_FILE.write_text(document(), encoding="utf-8")


def document() -> str:
    """The interface as OpenAPI."""
    described = create_app(SqlCoreBanking(Database("sqlite:///:memory:"), utc_now), TOKEN).openapi()
    return str(yaml.safe_dump(described, allow_unicode=True, sort_keys=False, width=120))


async def _serve(port: int, token: str) -> None:
    db = Database(f"sqlite:///{ROOT}/var/reference-core.db")
    async with db.write() as connection:
        await connection.run_sync(metadata.create_all)
    await demo.seed(db, bank_date(utc_now()))
    server = create_app(SqlCoreBanking(db, utc_now), token)
    await uvicorn.Server(uvicorn.Config(server, host="127.0.0.1", port=port, log_level="warning")).serve()


if __name__ == "__main__":
    app()
