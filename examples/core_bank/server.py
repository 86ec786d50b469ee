"""A reference of what a bank puts before its core: the interface of docs/core-banking.openapi.yaml on demo books.

    .venv/bin/python -m examples.core_bank

A bank keeps the routes and replaces `SqlCoreBanking` by calls to its own systems. Whoever may call is decided by a
bearer token here; a bank will add mutual TLS and keep the interface within its own network.
"""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.banking import wire
from bot.banking.errors import InvalidCursorError, UnknownCardError
from bot.banking.models import TransactionQuery
from bot.banking.port import CoreBanking

_REFUSALS: dict[int | str, dict[str, Any]] = {status: {"model": wire.ErrorBody} for status in (400, 401, 422)}
CustomerId = Annotated[str, Path(max_length=64, description="The bank's own number of the customer")]


class UnauthorizedError(Exception):
    """The call carries no token, or a wrong one."""


def create_app(core: CoreBanking, token: str) -> FastAPI:
    """The reference core; `token` is what callers must send as bearer."""

    def authorized(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]) -> None:
        if sent is None or not hmac.compare_digest(sent.credentials.encode(), token.encode()):
            raise UnauthorizedError

    def named(route: APIRoute) -> str:
        return route.name

    app = FastAPI(
        generate_unique_id_function=named,
        title="Core banking for 掌柜",
        version="1.0",
        summary="What the assistant asks of a bank's core systems, one customer at a time.",
        description=(
            "Reads may be repeated. A block is idempotent by card and by key; there is deliberately no way to open "
            "a blocked card. A customer the core does not know has empty lists and no points, never a 404. Answer "
            "within a second: the assistant gives up after its CORE_TIMEOUT_S and tells the customer so."
        ),
    )
    app.state.core = core
    app.include_router(router, dependencies=[Depends(authorized)])
    app.add_exception_handler(UnauthorizedError, _answer(401, "unauthorized", "a valid bearer token is needed"))
    app.add_exception_handler(UnknownCardError, _answer(404, "unknown_card", "the customer has no such card"))
    app.add_exception_handler(InvalidCursorError, _answer(400, "invalid_cursor", "a cursor that no page has given"))
    app.add_exception_handler(RequestValidationError, _answer(422, "invalid_request", "see the OpenAPI page"))
    return app


def _answer(status: int, code: str, message: str) -> Any:
    async def handle(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"code": code, "message": message}, status_code=status)

    return handle


def _core(request: Request) -> CoreBanking:
    core: CoreBanking = request.app.state.core
    return core


Core = Annotated[CoreBanking, Depends(_core)]
router = APIRouter(prefix="/v1/customers/{customer_id}", responses=_REFUSALS)


@router.get("/accounts")
async def accounts(core: Core, customer_id: CustomerId) -> wire.AccountsBody:
    """Every account of the customer, debit before credit, in the order they were opened."""
    found = await core.accounts(customer_id)
    return wire.AccountsBody.model_validate({"accounts": found}, from_attributes=True)


@router.get("/transactions")
async def transactions(
    core: Core, customer_id: CustomerId, query: Annotated[wire.TransactionsQuery, Query()]
) -> wire.TransactionsBody:
    """A page of the bookings that match, newest first.

    Days are the bank's (UTC+8), both included. The sums leave out what moved between the customer's own accounts
    unless a card, a kind or a keyword narrows the query. A cursor is a position: bookings that arrive while a
    customer pages repeat and hide nothing.
    """
    page = await core.transactions(customer_id, TransactionQuery(**query.model_dump()))
    return wire.TransactionsBody.model_validate(page, from_attributes=True)


@router.get("/bills")
async def bills(core: Core, customer_id: CustomerId) -> wire.BillsBody:
    """The latest statement of each credit card that has one, in the order of the accounts."""
    return wire.BillsBody.model_validate({"bills": await core.bills(customer_id)}, from_attributes=True)


@router.get("/points")
async def points(core: Core, customer_id: CustomerId) -> wire.PointsBody:
    """The customer's bonus points."""
    return wire.PointsBody.model_validate(await core.points(customer_id), from_attributes=True)


@router.post("/cards/{card_tail}/block", responses={404: {"model": wire.ErrorBody}})
async def block(
    core: Core,
    customer_id: CustomerId,
    card_tail: wire.Tail,
    idempotency_key: Annotated[str, Header(min_length=1, max_length=128)],
) -> wire.CardBody:
    """Block the card at once. Once more, with the same key or another, changes nothing and answers the same."""
    card = await core.block_card(customer_id, card_tail, idempotency_key=idempotency_key)
    return wire.CardBody.model_validate(card, from_attributes=True)
