"""A bank's core over HTTP: the contract against the reference server, and what goes wrong on the way."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from bot.banking.errors import CoreBankingRefusedError, CoreBankingUnavailableError
from bot.banking.http import HttpCoreBanking
from bot.banking.sql import SqlCoreBanking
from bot.storage.database import Database
from examples.core_bank.__main__ import OPENAPI_FILE, document
from examples.core_bank.server import create_app
from tests.banking.books import fill
from tests.contracts.core_banking import CoreBankingContract
from tests.fakes.clock import FakeClock

Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class TestHttpCoreBanking(CoreBankingContract):
    @pytest.fixture
    async def core(self, db: Database, clock: FakeClock) -> AsyncIterator[HttpCoreBanking]:
        await fill(db)
        server = create_app(SqlCoreBanking(db, clock), "right")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server)) as http:
            yield HttpCoreBanking(http, "http://core/v1/", "right", timeout_s=5)

    async def test_a_wrong_token_is_for_somebody_to_look_at(self, core: HttpCoreBanking) -> None:
        stranger = HttpCoreBanking(core._http, "http://core/v1", "wrong", timeout_s=5)
        with pytest.raises(CoreBankingRefusedError, match="401 unauthorized"):
            await stranger.accounts("C1")

    @pytest.mark.parametrize("customer_id", ["../C1", "C1/accounts", "客户 1", "C1?x=1", "%2e%2e"])
    async def test_odd_customer_ids_stay_within_their_place(self, core: HttpCoreBanking, customer_id: str) -> None:
        with contextlib.suppress(CoreBankingRefusedError):  # a server may refuse the path, but shows nobody's accounts
            assert await core.accounts(customer_id) == []


def test_the_document_is_what_the_reference_serves() -> None:
    """Fails when the interface changed: `python -m examples.core_bank openapi` writes it anew."""
    assert OPENAPI_FILE.read_text(encoding="utf-8") == document()


@pytest.fixture
async def broken() -> AsyncIterator[Callable[[Connected], Awaitable[HttpCoreBanking]]]:
    """Makes a core whose connections are handled as the test says."""
    servers: list[asyncio.Server] = []
    async with httpx.AsyncClient() as http:

        async def start(connected: Connected) -> HttpCoreBanking:
            server = await asyncio.start_server(connected, "127.0.0.1", 0)
            servers.append(server)
            port = server.sockets[0].getsockname()[1]
            return HttpCoreBanking(http, f"http://127.0.0.1:{port}/v1", "token", timeout_s=0.3)

        yield start
    for server in servers:
        server.close()


async def _cut_at_once(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _cut_within_the_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"accounts": [')
    await writer.drain()
    writer.close()


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


def _says(head: str, body: str) -> Connected:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {head}\r\ncontent-length: {len(body.encode())}\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    return answer


@pytest.mark.parametrize(
    "connected",
    [
        _cut_at_once,
        _cut_within_the_answer,
        _silent,
        _says("500 Broken", "<html>oops</html>"),
        _says("503 Down", ""),
        _says("429 Slow down", "{}"),
        _says("200 OK", "not json"),
        _says("200 OK", '{"accounts": [{"card_tail": "12345"}]}'),
    ],
    ids=["cut", "cut-in-answer", "silent", "500", "503", "429", "no-json", "wrong-shape"],
)
async def test_whatever_goes_wrong_is_told_as_unavailable(
    broken: Callable[[Connected], Awaitable[HttpCoreBanking]], connected: Connected
) -> None:
    core = await broken(connected)
    calls: list[Awaitable[Any]] = [core.accounts("C1"), core.block_card("C1", "1234", idempotency_key="b1")]
    for call in calls:
        with pytest.raises(CoreBankingUnavailableError):
            await call


async def test_what_was_wrong_is_told_without_what_was_said(
    broken: Callable[[Connected], Awaitable[HttpCoreBanking]],
) -> None:
    core = await broken(_says("200 OK", '{"accounts": [{"card_tail": "6222020200012345678"}]}'))
    with pytest.raises(CoreBankingUnavailableError, match=r"accounts\.0\.card_tail") as caught:
        await core.accounts("C1")
    assert "6222" not in str(caught.value)
