"""What the OpenAPI page says of answers that are no success: every route may refuse, always in one shape."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

Responses = dict[int | str, dict[str, Any]]


class Problem(BaseModel):
    """Why a request was refused."""

    code: str = Field(min_length=1)
    """Stable, for programs."""
    message: str = Field(min_length=1)
    """For people, in Chinese."""
    request_id: str
    """Under which the log has it."""


def problems(*statuses: int) -> Responses:
    """The `responses=` of a route, a router or the application that refuses with one of `statuses`."""
    return {status: {"model": Problem, "description": HTTPStatus(status).phrase} for status in statuses}


COMMON = problems(400, 413, 422, 503)
"""Of every route: a body that is no JSON, too large or not what the route takes; a system we need is away."""
