"""What all requests have in common on their way in: nothing in them that a database would stumble over."""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, field_validator
from starlette.requests import HTTPConnection

from bot.channels.api import ApiError
from bot.storage.text import storable

_MOST = 2**31 - 1
"""What an integer column holds."""
After = Annotated[int, Query(ge=0, le=_MOST)]
"""The last sequence number that was seen."""
RowId = Annotated[int, Path(ge=1, le=_MOST)]
"""The number of something in the path."""


class Inbound(BaseModel):
    """The root of all request bodies."""

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        return storable(value)


def refuse_nul(connection: HTTPConnection) -> None:
    """A dependency of every route: 422 for an address with NUL in it, which names nothing and PostgreSQL refuses."""
    if any("\x00" in str(value) for value in (*connection.path_params.values(), *connection.query_params.values())):
        raise ApiError(422, "invalid_message", "请求格式不正确")
