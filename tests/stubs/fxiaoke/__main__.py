"""`python -m tests.stubs.fxiaoke`: the stub on a port of 127.0.0.1, with the demo bank's customers."""

from typing import Annotated

import typer
import uvicorn

from bot.clock import bank_date, utc_now
from bot.crm.demo import profiles
from tests.stubs.fxiaoke.gate import APP_ID, APP_SECRET, PERMANENT_CODE, USER_MOBILE
from tests.stubs.fxiaoke.server import Fxiaoke, create_app


def serve(port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1.")] = 8040) -> None:
    """Play 纷享销客 until Ctrl-C; what goes wrong is switched under /control (docs/crm.md)."""
    fxiaoke = Fxiaoke()
    for customer in profiles(bank_date(utc_now())):
        fxiaoke.store.add_account(customer)
    typer.echo(
        f"CRM=fxiaoke CRM_MAPPING_FILE=examples/crm/fxiaoke.yml FXIAOKE_URL=http://127.0.0.1:{port} "
        f"FXIAOKE_APP_ID={APP_ID} FXIAOKE_APP_SECRET={APP_SECRET} FXIAOKE_PERMANENT_CODE={PERMANENT_CODE} "
        f"FXIAOKE_USER_MOBILE={USER_MOBILE}"
    )
    uvicorn.run(create_app(fxiaoke), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    typer.run(serve)
