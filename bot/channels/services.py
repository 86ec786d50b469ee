"""How a route gets at the services of its process."""

from typing import Annotated

from fastapi import Depends, Request

from bot.application import Gateway


def gateway_of(request: Request) -> Gateway:
    """The services of this gateway process."""
    gateway: Gateway = request.app.state.gateway
    return gateway


Services = Annotated[Gateway, Depends(gateway_of)]
