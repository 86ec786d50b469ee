"""The desk's complaint API, on the real application."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.complaints.models import ComplaintDraft
from bot.gateway import create_app
from bot.privacy.tables import audit_log
from tests.fakes.clock import FakeClock
from tests.staff.people import hire

PASSWORD = "correct horse"
NAMES = {"lin": "林晓", "zhou": "周岚", "wu": "吴敏"}
ANSWER = {"text": "经核实，转账因对方账号有误退回，300元已退回您的账户。", "outcome": "upheld"}
SignIn = Callable[[str], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def sign_in(gateway: Gateway) -> AsyncIterator[SignIn]:
    """Signs in one of the desk's people: lin and zhou are agents, wu is a supervisor."""
    app = create_app(gateway.settings, gateway)
    app.state.gateway = gateway
    async with AsyncExitStack() as stack:

        async def opened(login: str) -> httpx.AsyncClient:
            await hire(gateway, login, NAMES[login], role="supervisor" if login == "wu" else "agent")
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://test/api/desk/", headers={"X-Desk": "1"}
            )
            await stack.enter_async_context(client)
            assert (await client.post("login", json={"login": login, "password": PASSWORD})).is_success
            return client

        yield opened


@pytest.fixture
async def lin(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("lin")


@pytest.fixture
async def zhou(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("zhou")


@pytest.fixture
async def wu(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("wu")


@pytest.fixture
async def number(gateway: Gateway, demo_bank: None) -> str:
    """A complaint of the demo bank's first customer."""
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, "C1001")
    return await filed(gateway, conversation_id, "转账失败，钱没退回来", key="k1")


async def filed(gateway: Gateway, conversation_id: str, what: str, *, key: str) -> str:
    who = await gateway.identity.principal(conversation_id)
    draft = ComplaintDraft(target="手机银行", what=what, wish="尽快退款", amount_fen=30000)
    return (await gateway.foundation.complaints.file(who, draft, idempotency_key=key)).number


async def detail(desk: httpx.AsyncClient, number: str) -> dict[str, Any]:
    answer = await desk.get(f"complaints/{number}")
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def move(desk: httpx.AsyncClient, number: str, name: str, **values: object) -> httpx.Response:
    return await desk.post(f"complaints/{number}/{name}", json=values)


async def later(desk: httpx.AsyncClient, clock: FakeClock, *, days: int) -> None:
    """Let days pass; a desk session lasts only a working day, so lin signs in again."""
    clock.advance(days=days)
    assert (await desk.post("login", json={"login": "lin", "password": PASSWORD})).is_success


async def actions(gateway: Gateway) -> list[str]:
    """What the audit log says that agents did."""
    query = select(audit_log.c.action).where(audit_log.c.actor.startswith("agent:")).order_by(audit_log.c.id)
    async with gateway.foundation.db.read() as connection:
        return list(await connection.scalars(query))


async def test_the_list_tells_what_is_due_and_how_many_wait(
    lin: httpx.AsyncClient, number: str, clock: FakeClock
) -> None:
    await later(lin, clock, days=13)
    found = (await lin.get("complaints", params={"watch": number})).json()
    (line,) = found["complaints"]
    assert (line["number"], line["days_left"], line["standing"]) == (number, 2, "warning")
    assert (line["category_name"], line["subcategory_name"]) == ("转账与支付", "失败与未到账")
    assert found["counts"] == {"breached": 0, "warning": 1, "mine": 0, "unassigned": 1, "approvals": 0}
    assert (found["total"], found["version"]) == (1, 1)


async def test_views_and_filters_narrow_the_list_down(
    lin: httpx.AsyncClient, zhou: httpx.AsyncClient, number: str
) -> None:
    async def numbers(desk: httpx.AsyncClient, **params: str) -> list[str]:
        answer = await desk.get("complaints", params=params)
        return [line["number"] for line in answer.json()["complaints"]]

    assert await numbers(lin, view="unassigned") == [number]
    await move(lin, number, "accept")
    assert await numbers(lin, view="unassigned") == []
    assert await numbers(lin, view="mine") == [number]
    assert await numbers(zhou, view="mine") == []
    assert await numbers(zhou, category="loan") == []
    assert await numbers(zhou, standing="breached") == []
    assert await numbers(zhou, state="accepted", number=number[-5:]) == [number]
    assert (await lin.get("complaints", params={"state": "nonsense"})).json()["code"] == "invalid_message"


async def test_a_searched_number_is_found_though_it_is_over(lin: httpx.AsyncClient, number: str) -> None:
    await move(lin, number, "accept")
    await move(lin, number, "investigate")
    await move(lin, number, "answer", **ANSWER)
    await move(lin, number, "close")
    assert (await lin.get("complaints")).json()["complaints"] == []
    (line,) = (await lin.get("complaints", params={"number": number.lower()})).json()["complaints"]
    assert (line["state"], line["days_left"]) == ("closed", None)


async def test_one_complaint_with_what_must_stay_hidden(lin: httpx.AsyncClient, gateway: Gateway, number: str) -> None:
    found = await detail(lin, number)
    complaint = found["complaint"]
    assert complaint["customer_name"] == "王**"
    assert "****" in complaint["phone"]
    assert complaint["amount"] == "¥300.00"
    assert [entry["event"] for entry in found["timeline"]] == ["file"]
    assert found["moves"] == ["accept", "assign", "reclassify", "extension", "note"]
    assert await actions(gateway) == ["complaint.read", "complaint_contact.read"]


async def test_from_receipt_to_a_second_round(lin: httpx.AsyncClient, gateway: Gateway, number: str) -> None:
    assert (await move(lin, number, "accept")).json() == {"number": number, "state": "accepted"}
    await move(lin, number, "investigate")
    found = await detail(lin, number)
    assert found["complaint"]["handler_name"] == "林晓"
    assert found["templates"][0]["title"] == "费用已退还"
    await move(lin, number, "answer", **ANSWER)
    await move(lin, number, "close")
    assert (await detail(lin, number))["moves"] == ["reopen", "note"]
    await move(lin, number, "reopen", reason="客户来电，钱没有到账")
    found = await detail(lin, number)
    assert (found["complaint"]["state"], found["complaint"]["round"]) == ("reopened", 2)
    said = [message.text for message in await gateway.log.messages(found["complaint"]["conversation_id"])]
    assert ANSWER["text"] in said[2]
    moves = [action for action in await actions(gateway) if not action.endswith(".read")]
    assert moves == [f"complaint.{move}" for move in ("accept", "investigate", "answer", "close", "reopen")]


async def test_a_doubled_click_happens_once(lin: httpx.AsyncClient, number: str) -> None:
    await move(lin, number, "accept")
    await move(lin, number, "investigate")
    first, second = [await move(lin, number, "answer", **ANSWER) for _ in range(2)]
    assert (first.status_code, second.status_code) == (200, 409)
    refused = second.json()
    assert refused["code"] == "forbidden_complaint_move"
    assert refused["message"] == "投诉的状态已经变化，请看最新情况后再操作"
    for _ in range(2):
        assert (await move(lin, number, "note", text="已回访", idempotency_key="n1")).is_success
    assert [entry["event"] for entry in (await detail(lin, number))["timeline"]].count("note") == 1


async def test_what_may_not_be_written_is_marked_and_refused(lin: httpx.AsyncClient, number: str) -> None:
    text = "这款产品保本，请放心"
    (found,) = (await lin.post("complaints/wording", json={"text": text})).json()["found"]
    assert text[found["start"] : found["end"]] == "保本"
    await move(lin, number, "accept")
    await move(lin, number, "investigate")
    refused = await move(lin, number, "answer", text=text, outcome="not_upheld")
    assert (refused.status_code, refused.json()["message"]) == (422, "有不能写给客户的用语：保本")
    gap = await move(lin, number, "answer", text="已于【日期】退回", outcome="upheld")
    assert gap.json()["code"] == "unfinished_answer"


async def test_only_the_handler_goes_on_until_it_is_assigned(
    lin: httpx.AsyncClient, zhou: httpx.AsyncClient, number: str
) -> None:
    await move(lin, number, "accept")
    assert (await detail(zhou, number))["moves"] == ["note"]
    refused = await move(zhou, number, "investigate")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_handler")
    colleague = next(each for each in (await lin.get("complaints/choices")).json()["agents"] if each["name"] == "周岚")
    assert (await move(lin, number, "assign", agent_id=colleague["agent_id"])).is_success
    assert (await move(zhou, number, "investigate")).is_success
    assert (await move(lin, number, "assign", agent_id="nobody")).json()["code"] == "unknown_agent"


async def test_an_extension_needs_a_supervisor(lin: httpx.AsyncClient, wu: httpx.AsyncClient, number: str) -> None:
    await move(lin, number, "accept")
    await move(lin, number, "extension", reason="等对方银行回函")
    assert (await move(lin, number, "extension", reason="再等等")).json()["code"] == "extension_pending"
    found = await detail(lin, number)
    assert "extension" not in found["moves"]
    assert found["extension"]["mine"] is True
    assert (await move(lin, number, "approve")).json()["code"] == "not_permitted"

    assert (await wu.get("complaints", params={"view": "approvals"})).json()["total"] == 1
    assert {"approve", "refuse"} < set((await detail(wu, number))["moves"])
    assert (await move(wu, number, "approve")).is_success
    found = await detail(wu, number)
    assert (found["complaint"]["due_on"], found["complaint"]["extended"]) == ("2027-01-07", True)
    assert "1月7日" in found["timeline"][-1]["told"]
    assert (await move(wu, number, "refuse", note="晚了")).json()["code"] == "no_extension_pending"


async def test_a_supervisor_does_not_decide_on_the_own_request(wu: httpx.AsyncClient, number: str) -> None:
    await move(wu, number, "extension", reason="等对方银行回函")
    assert "approve" not in (await detail(wu, number))["moves"]
    refused = await move(wu, number, "refuse", note="自己驳回")
    assert (refused.status_code, refused.json()["code"]) == (403, "own_request")


async def test_reclassifying_moves_the_deadline(lin: httpx.AsyncClient, number: str) -> None:
    changed = await move(lin, number, "reclassify", category="loan", subcategory="", complexity="complex", branch="")
    assert changed.is_success
    complaint = (await detail(lin, number))["complaint"]
    assert (complaint["category_name"], complaint["subcategory"], complaint["due_on"]) == ("贷款", None, "2026-12-23")
    unknown = await move(lin, number, "reclassify", category="nonsense", complexity="complex")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_complaint_category")


async def test_a_late_complaint_offers_no_extension(lin: httpx.AsyncClient, number: str, clock: FakeClock) -> None:
    await move(lin, number, "accept")
    await later(lin, clock, days=16)
    found = await detail(lin, number)
    assert (found["complaint"]["standing"], found["complaint"]["days_left"]) == ("breached", -1)
    assert "extension" not in found["moves"]
    assert (await move(lin, number, "extension", reason="太晚")).json()["code"] == "deadline_passed"


async def test_the_export_is_for_supervisors(
    lin: httpx.AsyncClient, wu: httpx.AsyncClient, gateway: Gateway, number: str
) -> None:
    period = {"since": "2026-11-01", "until": "2026-11-30"}
    assert (await lin.get("complaints/export", params=period)).json()["code"] == "not_permitted"
    answer = await wu.get("complaints/export", params=period)
    assert 'filename="complaints-20261101-20261130.xlsx"' in answer.headers["content-disposition"]
    workbook = openpyxl.load_workbook(BytesIO(answer.content))
    assert [sheet.title for sheet in workbook.worksheets] == ["投诉明细", "汇总"]
    assert workbook.worksheets[0]["A2"].value == number
    rows = (await wu.get("complaints/export", params={**period, "format": "csv"})).content.decode("utf-8-sig")
    assert rows.splitlines()[1].startswith(number)
    summary = await wu.get("complaints/export", params={**period, "format": "summary_csv"})
    assert "转账与支付" in summary.content.decode("utf-8-sig")
    backwards = await wu.get("complaints/export", params={"since": "2026-11-30", "until": "2026-11-01"})
    assert backwards.json()["code"] == "invalid_period"
    assert "complaint.export" in await actions(gateway)


async def test_the_conversation_it_was_filed_in_is_open_to_the_desk(
    lin: httpx.AsyncClient, gateway: Gateway, number: str
) -> None:
    conversation_id = (await detail(lin, number))["complaint"]["conversation_id"]
    found = (await lin.get(f"conversations/{conversation_id}")).json()
    assert found["handoff"] is None
    (complaint,) = found["customer"]["complaints"]
    assert complaint["number"] == number
    other = (await gateway.log.open("web")).conversation_id
    assert (await lin.get(f"conversations/{other}")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "complaints"),
        ("GET", "complaints/choices"),
        ("GET", "complaints/export"),
        ("GET", "complaints/TS2026112300011"),
        ("POST", "complaints/TS2026112300011/accept"),
        ("POST", "complaints/TS2026112300011/approve"),
        ("POST", "complaints/wording"),
    ],
)
async def test_nothing_without_signing_in(lin: httpx.AsyncClient, method: str, path: str) -> None:
    await lin.post("logout")
    assert (await lin.request(method, path)).status_code == 401


async def test_no_other_page_can_act_for_an_agent(lin: httpx.AsyncClient, number: str) -> None:
    answer = await lin.post(f"complaints/{number}/accept", headers={"X-Desk": ""})
    assert answer.status_code == 403


async def test_an_unknown_number(lin: httpx.AsyncClient) -> None:
    answer = await lin.get("complaints/TS2026112300011")
    assert (answer.status_code, answer.json()["message"]) == (404, "没有这件投诉")
    assert (await move(lin, "TS2026112300011", "accept")).json()["code"] == "unknown_complaint"
