"""What every CRM adapter does when things go wrong; nothing is lost, nothing is written twice."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from bot.crm.errors import CrmRejectedError, CrmUnavailableError
from bot.crm.models import CaseState, CaseUpdate
from bot.crm.port import Crm
from tests.contracts.crm import NUMBER, CrmContract, draft, opened
from tests.stubs.faults import Fault, Faults

Write = Callable[[Crm], Awaitable[Any]]

READS: dict[str, Write] = {
    "profile": lambda crm: crm.profile("C1"),
    "find_by_phone": lambda crm: crm.find_by_phone("13900000092"),
    "case": lambda crm: crm.case(NUMBER),
    "cases_of": lambda crm: crm.cases_of("C1"),
}
WRITES: dict[str, Write] = {
    "open_case": lambda crm: crm.open_case(draft(), idempotency_key="k1"),
    "update_case": lambda crm: crm.update_case(NUMBER, CaseUpdate(state=CaseState.CLOSED), idempotency_key="w1"),
    "add_note": lambda crm: crm.add_note(NUMBER, "客户来电催办", idempotency_key="w1"),
    "escalate_case": lambda crm: crm.escalate_case(NUMBER, "客户称将向监管部门反映", idempotency_key="w1"),
    "write_interaction": lambda crm: crm.write_interaction("C1", "conv-1", "查询余额", idempotency_key="w1"),
}
each_read = pytest.mark.parametrize("read", READS.values(), ids=READS)
each_write = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


async def prepare(crm: Crm, write: Write) -> None:
    """Open the case that the write is about, unless opening it is what is tried."""
    if write is not WRITES["open_case"]:
        await WRITES["open_case"](crm)


class Outage(Protocol):
    """Switches what stands behind the adapter off and on."""

    def begin(self) -> None: ...

    def end(self) -> None: ...


class CrmOutageContract(CrmContract):
    """Add a fixture `outage` that cuts `crm` off."""

    @each_read
    async def test_a_read_from_a_crm_that_is_down_may_succeed_later(
        self, crm: Crm, outage: Outage, read: Write
    ) -> None:
        await WRITES["open_case"](crm)
        told = await read(crm)
        outage.begin()
        with pytest.raises(CrmUnavailableError):
            await read(crm)
        outage.end()
        assert await read(crm) == told

    @each_write
    async def test_a_write_to_a_crm_that_is_down_may_succeed_later(
        self, crm: Crm, outage: Outage, write: Write
    ) -> None:
        await prepare(crm, write)
        outage.begin()
        for _ in range(2):
            with pytest.raises(CrmUnavailableError):
                await write(crm)
        outage.end()
        await write(crm)
        once = await opened(crm)
        await write(crm)
        assert await opened(crm) == once


@dataclass(frozen=True)
class Remote:
    """A stub server as the contract needs it; the texts are parts of "METHOD path" of requests."""

    faults: Faults
    expire_tokens: Callable[[], None]
    fetching_a_token: str
    using_the_api: str
    writing: dict[str, str]
    """The last request of each of WRITES, which does the work."""
    stored: Callable[[], list[Any]]
    """Everything written so far, to be compared."""
    throttled: tuple[int, Any]
    refused: tuple[int, Any]
    """Status and body of the answers that say so; `refused` is about one record."""

    def fetched(self) -> int:
        """How many tokens were asked for."""
        return sum(self.fetching_a_token in call for call in self.faults.calls)

    async def fail(self, kind: Any, match: str, **how: Any) -> None:
        """Let the next such request go wrong."""
        await self.faults.add(Fault(kind=kind, match=match, **how))

    def writing_of(self, write: Write) -> str:
        """The request that does the work of this write."""
        return self.writing[next(name for name, one in WRITES.items() if one is write)]


class RemoteCrmContract(CrmOutageContract):
    """For adapters that speak HTTP: add a fixture `remote` that stands behind `crm`, and `another`, a second worker."""

    @pytest.mark.parametrize(
        "how",
        [
            {"kind": "cut"},
            {"kind": "cut_after"},
            {"kind": "slow", "seconds": 3.0},
            {"kind": "answer", "status": 500, "body": "<html>oops</html>"},
            {"kind": "answer", "status": 503},
            {"kind": "answer", "status": 200, "body": "<html>gateway</html>"},
            {"kind": "answer", "status": 200, "body": []},
        ],
        ids=lambda how: "-".join(str(how[key]) for key in ("kind", "status") if key in how),
    )
    async def test_what_goes_wrong_on_the_way_may_go_well_later(
        self, crm: Crm, remote: Remote, how: dict[str, Any]
    ) -> None:
        await crm.profile("C1")
        await remote.fail(match=remote.using_the_api, **how)
        with pytest.raises(CrmUnavailableError):
            await crm.profile("C1")
        assert await crm.profile("C1") is not None

    @each_write
    async def test_a_write_whose_answer_got_lost_is_not_written_again(
        self, crm: Crm, remote: Remote, write: Write
    ) -> None:
        await prepare(crm, write)
        await remote.fail("cut_after", remote.writing_of(write))
        with pytest.raises(CrmUnavailableError):
            await write(crm)
        stored = remote.stored()
        await write(crm)
        assert remote.stored() == stored

    @each_write
    async def test_a_refused_write_is_refused_for_good(self, crm: Crm, remote: Remote, write: Write) -> None:
        await prepare(crm, write)
        status, body = remote.refused
        await remote.fail("answer", remote.writing_of(write), status=status, body=body)
        with pytest.raises(CrmRejectedError):
            await write(crm)

    async def test_throttled_calls_say_when_to_come_back(self, crm: Crm, remote: Remote) -> None:
        status, body = remote.throttled
        await remote.fail("answer", remote.using_the_api, status=status, body=body, times=2)
        waits = []
        for _ in range(2):
            with pytest.raises(CrmUnavailableError) as caught:
                await crm.profile("C1")
            waits.append(caught.value.retry_after_s)
        assert 0 < waits[0] <= waits[1]
        assert await crm.profile("C1") is not None

    async def test_a_token_that_ends_in_mid_call_is_renewed_once(self, crm: Crm, remote: Remote) -> None:
        await crm.profile("C1")
        remote.expire_tokens()
        assert await crm.profile("C1") is not None
        assert remote.fetched() == 2

    async def test_calls_at_once_fetch_one_token_between_them(self, crm: Crm, another: Crm, remote: Remote) -> None:
        assert None not in await asyncio.gather(*(worker.profile("C1") for worker in (crm, another) * 3))
        assert remote.fetched() == 1
        remote.expire_tokens()
        assert None not in await asyncio.gather(*(worker.profile("C1") for worker in (crm, another) * 3))
        assert remote.fetched() == 2

    async def test_without_a_token_all_may_go_well_later(self, crm: Crm, remote: Remote) -> None:
        await remote.fail("answer", remote.fetching_a_token, status=200, body={"error": "invalid_code"})
        with pytest.raises(CrmUnavailableError):
            await crm.profile("C1")
        assert await crm.profile("C1") is not None

    async def test_tokens_are_never_fetched_so_often_that_we_are_blocked(self, crm: Crm, remote: Remote) -> None:
        waits: list[float | None] = []
        for _ in range(12):
            remote.expire_tokens()
            try:
                await crm.profile("C1")
            except CrmUnavailableError as error:
                waits.append(error.retry_after_s)
        assert remote.fetched() < 10
        assert waits
        assert all(wait is not None and wait > 0 for wait in waits)
