"""A bank's own core over HTTP: the interface of docs/core-banking.openapi.yaml, which the bank implements."""

from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from bot.banking import wire
from bot.banking.errors import (
    BankingError,
    CoreBankingRefusedError,
    CoreBankingUnavailableError,
    InvalidCursorError,
    UnknownCardError,
)
from bot.banking.models import (
    Account,
    Card,
    CreditCardBill,
    Points,
    Transaction,
    TransactionPage,
    TransactionQuery,
)

Body = TypeVar("Body", bound=BaseModel)


class HttpCoreBanking:
    """The `CoreBanking` port. One request a call; retries and breakers are the business of whoever wraps it."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: str, *, timeout_s: float) -> None:
        """`url` ends before `/customers`; `token` is sent as bearer; `timeout_s` covers a whole call's reading."""
        self._http = http
        self._url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}"}
        self._timeout_s = timeout_s

    async def accounts(self, customer_id: str) -> list[Account]:
        """See `CoreBanking.accounts`."""
        body = await self._get(wire.AccountsBody, customer_id, "accounts")
        return [Account(**account.model_dump()) for account in body.accounts]

    async def transactions(self, customer_id: str, query: TransactionQuery) -> TransactionPage:
        """See `CoreBanking.transactions`."""
        asked = wire.TransactionsQuery.model_validate(query, from_attributes=True)
        params = asked.model_dump(mode="json", exclude_none=True)
        body = await self._get(wire.TransactionsBody, customer_id, "transactions", params)
        items = tuple(Transaction(**item.model_dump()) for item in body.items)
        return TransactionPage(**{**body.model_dump(exclude={"items"}), "items": items})

    async def bills(self, customer_id: str) -> list[CreditCardBill]:
        """See `CoreBanking.bills`."""
        body = await self._get(wire.BillsBody, customer_id, "bills")
        return [CreditCardBill(**bill.model_dump()) for bill in body.bills]

    async def points(self, customer_id: str) -> Points:
        """See `CoreBanking.points`."""
        return Points(**(await self._get(wire.PointsBody, customer_id, "points")).model_dump())

    async def block_card(self, customer_id: str, card_tail: str, *, idempotency_key: str) -> Card:
        """See `CoreBanking.block_card`."""
        path = f"cards/{quote(card_tail, safe='')}/block"
        headers = {"idempotency-key": idempotency_key}
        body = await self._ask(wire.CardBody, "POST", customer_id, path, headers=headers, card_tail=card_tail)
        return Card(**body.model_dump())

    async def _get(self, shape: type[Body], customer_id: str, path: str, params: dict[str, Any] | None = None) -> Body:
        return await self._ask(shape, "GET", customer_id, path, params=params)

    async def _ask(
        self,
        shape: type[Body],
        method: str,
        customer_id: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        card_tail: str = "",
    ) -> Body:
        url = f"{self._url}/customers/{quote(customer_id, safe='')}/{path}"
        try:
            response = await self._http.request(
                method, url, params=params, headers={**self._headers, **(headers or {})}, timeout=self._timeout_s
            )
            if response.is_success:
                return shape.model_validate_json(response.content)
        except httpx.HTTPError as error:
            raise CoreBankingUnavailableError(f"{method} {path}: {type(error).__name__}") from error
        except ValidationError as error:
            # The body may hold personal data: of what was wrong only the places are told.
            places = sorted({".".join(map(str, fault["loc"])) for fault in error.errors()})
            raise CoreBankingUnavailableError(f"{method} {path}: unexpected {', '.join(places)}") from None
        raise _refusal(response, f"{method} {path}", card_tail)


def _refusal(response: httpx.Response, call: str, card_tail: str) -> BankingError:
    """What an answer that is no success means."""
    if response.status_code >= 500 or response.status_code in (408, 425, 429):
        return CoreBankingUnavailableError(f"{call}: {response.status_code}")
    try:
        code = wire.ErrorBody.model_validate_json(response.content).code
    except ValidationError:
        code = ""
    match code:
        case "unknown_card":
            return UnknownCardError(card_tail)
        case "invalid_cursor":
            return InvalidCursorError(call)
        case _:
            return CoreBankingRefusedError(f"{call}: {response.status_code} {code}")
