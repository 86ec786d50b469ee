"""What the CRM has not taken yet, for supervisors: see it, try it again, give it up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends
from pydantic import Field, StringConstraints

from bot.channels.api import ApiError
from bot.channels.inbound import Inbound, RowId
from bot.channels.openapi import problems
from bot.channels.services import Services
from bot.crm.errors import UnknownWriteError
from bot.staff.access import Permit, desk_router
from bot.staff.models import Agent
from bot.staff.roles import Operation

router = desk_router("/outbox")
Reader = Annotated[Agent, Depends(Permit(Operation.OUTBOX_READ))]
Worker = Annotated[Agent, Depends(Permit(Operation.OUTBOX_WORK))]


class Discard(Inbound):
    """Why a write is given up; kept in the audit log."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=500)]


@router.get("")
async def outbox(gateway: Services, _agent: Reader) -> dict[str, Any]:
    """The writes that wait, oldest first, without their content."""
    return {"writes": [asdict(write) for write in await gateway.foundation.outbox.waiting()]}


@router.post("/{write_id}/retry", responses=problems(404))
async def retry(gateway: Services, agent: Worker, write_id: RowId) -> dict[str, Any]:
    """Try a write again at once; 404 when it waits no more."""
    with _waiting():
        await gateway.foundation.outbox.retry(write_id, agent.actor)
    return {}


@router.post("/{write_id}/discard", responses=problems(404))
async def discard(gateway: Services, agent: Worker, write_id: RowId, body: Discard) -> dict[str, Any]:
    """Give a write up; 404 when it waits no more."""
    with _waiting():
        await gateway.foundation.outbox.discard(write_id, agent.actor, body.reason)
    return {}


@contextmanager
def _waiting() -> Iterator[None]:
    try:
        yield
    except UnknownWriteError as error:
        raise ApiError(404, error.code, "这条记录已经送达或已放弃，请刷新") from error
