"""The adapter against Chatwoot's shapes and errors."""

from collections.abc import Callable

import httpx
import pytest

from bot.handoff.outside.chatwoot.api import ChatwootApi
from bot.handoff.outside.chatwoot.desk import ChatwootDesk
from bot.handoff.outside.errors import OutsideDeskRefusedError, OutsideDeskUnavailableError
from bot.handoff.outside.port import Ended, Kind, Replied, Visitor
from tests.contracts.outside_desk import CARD, LI, WANG, OutsideDeskContract, Said, line
from tests.stubs.chatwoot.server import Chatwoot
from tests.stubs.chatwoot.store import ACCOUNT, INBOX, TOKEN
from tests.stubs.faults import Fault

_KINDS = {"incoming": Kind.CUSTOMER, "note": Kind.NOTE}


class TestChatwootDesk(OutsideDeskContract):
    @pytest.fixture
    def said(self, chatwoot: Chatwoot) -> Said:
        return lambda outside_id: [(_KINDS[kind], text) for kind, text in chatwoot.store.said(int(outside_id))]

    @pytest.fixture
    def delete(self, chatwoot: Chatwoot) -> Callable[[str], None]:
        return lambda outside_id: chatwoot.store.delete(int(outside_id))


async def test_a_contact_has_the_masked_name_and_our_id(desk: ChatwootDesk, chatwoot: Chatwoot) -> None:
    await desk.open(WANG)
    (contact,) = chatwoot.store.contacts.values()
    assert (contact["name"], contact["identifier"]) == ("王*明", f"zhanggui-{WANG.conversation_id}")
    assert contact["phone_number"] is contact["email"] is None


@pytest.mark.parametrize("match", ["/contacts", "POST /api/v1/accounts/1/conversations", "toggle_status"])
@pytest.mark.parametrize("kind", ["cut", "cut_after"])
async def test_an_opening_that_broke_off_is_taken_up(
    desk: ChatwootDesk, chatwoot: Chatwoot, match: str, kind: str
) -> None:
    if match == "toggle_status":  # is asked only of what has ended
        await desk.end(await desk.open(WANG))
    chatwoot.faults.waiting.append(Fault(kind=kind, match=match))  # type: ignore[arg-type]
    with pytest.raises(OutsideDeskUnavailableError):
        await desk.open(WANG)
    assert await desk.is_open(await desk.open(WANG))
    assert len(chatwoot.store.contacts) == len(chatwoot.store.conversations) == 1


@pytest.mark.parametrize("kind", ["cut", "cut_after"])
async def test_a_line_whose_confirmation_got_lost_stands_there_once(
    desk: ChatwootDesk, chatwoot: Chatwoot, kind: str
) -> None:
    outside_id = await desk.open(WANG)
    await desk.add(outside_id, CARD, in_doubt=False)
    chatwoot.faults.waiting.append(Fault(kind=kind, match="POST"))  # type: ignore[arg-type]
    with pytest.raises(OutsideDeskUnavailableError):
        await desk.add(outside_id, line(1), in_doubt=False)
    for _ in range(45):  # three pages of agents' words in between
        chatwoot.store.says(int(outside_id), "请稍等", private=True)
    await desk.add(outside_id, line(1), in_doubt=True)
    ours = [text for kind, text in chatwoot.store.said(int(outside_id)) if text != "请稍等"]
    assert ours == [CARD.text, "第1句"]


async def test_who_has_signed_in_since_has_a_name(desk: ChatwootDesk, chatwoot: Chatwoot) -> None:
    outside_id = await desk.open(Visitor(WANG.conversation_id, "访客cccccc"))
    assert await desk.open(WANG) == outside_id
    assert [each["name"] for each in chatwoot.store.contacts.values()] == ["王*明"]


async def test_what_is_not_in_doubt_is_not_looked_for(desk: ChatwootDesk, chatwoot: Chatwoot) -> None:
    outside_id = await desk.open(WANG)
    chatwoot.faults.calls.clear()
    await desk.add(outside_id, line(1), in_doubt=False)
    assert chatwoot.faults.calls == [f"POST /api/v1/accounts/1/conversations/{outside_id}/messages"]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_what_passes_is_an_outage(desk: ChatwootDesk, chatwoot: Chatwoot, status: int) -> None:
    outside_id = await desk.open(WANG)
    chatwoot.faults.waiting.append(Fault(kind="answer", status=status, body={"error": "x"}))
    with pytest.raises(OutsideDeskUnavailableError, match=str(status)):
        await desk.add(outside_id, line(1), in_doubt=False)


@pytest.mark.parametrize("status", [401, 403, 422])
async def test_what_people_have_to_look_into_is_a_refusal(desk: ChatwootDesk, chatwoot: Chatwoot, status: int) -> None:
    outside_id = await desk.open(WANG)
    chatwoot.faults.waiting.append(Fault(kind="answer", status=status, body={"error": "x"}))
    with pytest.raises(OutsideDeskRefusedError, match=str(status)):
        await desk.add(outside_id, line(1), in_doubt=False)


@pytest.mark.parametrize("body", ["<html>", "[]", {"payload": None}, {}])
async def test_an_answer_without_what_it_should_hold_is_an_outage(
    desk: ChatwootDesk, chatwoot: Chatwoot, body: object
) -> None:
    chatwoot.faults.waiting.append(Fault(kind="answer", status=200, match="search", body=body))
    with pytest.raises(OutsideDeskUnavailableError):
        await desk.open(WANG)


async def test_the_limit_tells_how_long_to_wait() -> None:
    answer = httpx.Response(429, headers={"retry-after": "37"})
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _request: answer)) as http:
        api = ChatwootApi(http, url="http://c", account_id=1, inbox_id=7, token="t", timeout_s=5)
        with pytest.raises(OutsideDeskUnavailableError) as refused:
            await ChatwootDesk(api).open(WANG)
    assert refused.value.retry_after_s == 37


@pytest.mark.parametrize(
    ("account", "inbox", "token"), [(ACCOUNT, INBOX, "wrong"), (2, INBOX, TOKEN), (ACCOUNT, 8, TOKEN)]
)
async def test_wrong_credentials_and_places_are_refusals(
    chatwoot: Chatwoot,
    server: tuple[Chatwoot, str],
    http: httpx.AsyncClient,
    account: int,
    inbox: int,
    token: str,
) -> None:
    api = ChatwootApi(http, url=server[1], account_id=account, inbox_id=inbox, token=token, timeout_s=5)
    with pytest.raises(OutsideDeskRefusedError):
        await ChatwootDesk(api).open(WANG)


async def test_silence_is_an_outage(chatwoot: Chatwoot, server: tuple[Chatwoot, str], http: httpx.AsyncClient) -> None:
    chatwoot.faults.waiting.append(Fault(kind="slow", seconds=3))
    api = ChatwootApi(http, url=server[1], account_id=ACCOUNT, inbox_id=INBOX, token=TOKEN, timeout_s=0.2)
    with pytest.raises(OutsideDeskUnavailableError, match="TimeoutError"):
        await ChatwootDesk(api).open(LI)


async def test_a_conversation_put_to_sleep_is_not_over(desk: ChatwootDesk, chatwoot: Chatwoot) -> None:
    outside_id = await desk.open(WANG)
    chatwoot.store.set_status(int(outside_id), "snoozed")
    assert await desk.is_open(outside_id)


async def test_what_agents_have_done_since_the_card(desk: ChatwootDesk, chatwoot: Chatwoot) -> None:
    outside_id = await desk.open(WANG)
    number = int(outside_id)
    chatwoot.store.says(number, "上一次服务")
    await desk.add(outside_id, CARD, in_doubt=False)
    for each in range(1, 26):  # more than a page
        chatwoot.store.says(number, f"回复{each}")
        chatwoot.store.says(number, "备注", private=True)
        await desk.add(outside_id, line(each), in_doubt=False)
    done = await desk.since(outside_id, CARD.key)
    assert [each.text for each in done if isinstance(each, Replied)] == [f"回复{each}" for each in range(1, 26)]
    assert len(done) == 25
    chatwoot.store.set_status(number, "resolved")
    assert (await desk.since(outside_id, CARD.key))[-1] == Ended(outside_id, None, to_bot=False)


async def test_a_message_without_an_id_is_an_outage(desk: ChatwootDesk, chatwoot: Chatwoot) -> None:
    outside_id = await desk.open(WANG)
    body = {"payload": [{"content": "x"}]}
    chatwoot.faults.waiting.append(Fault(kind="answer", status=200, match="messages", body=body))
    with pytest.raises(OutsideDeskUnavailableError, match="no Message"):
        await desk.since(outside_id, CARD.key)
