"""`python -m bot wechat`: try the channel without an account, and publish the account's menu."""

import asyncio
from typing import Annotated

import typer

from bot.cli.failures import fails_clearly
from bot.operations.console import Console

app = typer.Typer(help="The WeChat Official Account.", no_args_is_help=True)


@app.command()
@fails_clearly
def simulate() -> None:
    """Play WeChat for a gateway on this machine, with a page that shows what a phone would show.

    Start the system with `python -m bot run` beside it. Exit code 1 when something is in the way.
    """
    import uvicorn

    from bot.channels.wechat.menu import Menu
    from bot.channels.wechat.simulator.app import create_app
    from bot.channels.wechat.simulator.simulator import Simulator
    from bot.operations.errors import OperationsError
    from bot.operations.ports import require_free_port
    from bot.settings import get_settings

    settings = get_settings()
    if settings.environment == "production":
        raise OperationsError("the simulator is for ENVIRONMENT=development only.")
    port = settings.wechat_simulator_port
    require_free_port(port, title="WeChat simulator", setting="WECHAT_SIMULATOR_PORT")
    console = Console()
    console.say(f"  a customer's phone  http://127.0.0.1:{port}/")
    console.say(f"  pushes go to        {settings.wechat_public_url}/wechat (start it with: python -m bot run)")
    console.say("Ctrl-C stops it.")
    simulator = Simulator(settings)
    simulator.menu.publish(Menu.of(settings).as_wechat())
    uvicorn.run(create_app(simulator), host="127.0.0.1", port=port, log_level="warning")


@app.command()
@fails_clearly
def menu(
    publish: Annotated[bool, typer.Option("--publish", help="Make it the menu of the account.")] = False,
) -> None:
    """Show the menu of bot/channels/wechat/menu.yml, and publish it.

    Exit code 1 when WeChat would not take it, or does not.
    """
    from bot.bootstrap import build_foundation
    from bot.channels.wechat.errors import WechatError
    from bot.channels.wechat.menu import Menu
    from bot.channels.wechat.outbound import build_api
    from bot.operations import database
    from bot.settings import get_settings

    settings = get_settings()
    shown = Menu.of(settings)
    console = Console()
    for line in shown.lines():
        console.say(line)
    if not publish:
        return
    database.upgrade(settings)  # the access token is shared through a table

    async def send() -> None:
        base = build_foundation(settings)
        try:
            await build_api(settings, base.http, base.db, base.clock).publish_menu(shown.as_wechat())
        except WechatError as error:
            raise WechatError(f"{settings.wechat_api_url} did not take the menu: {error}") from error
        finally:
            await base.close()

    asyncio.run(send())
    console.say("published; phones show it within a day, at once to those who follow anew")
