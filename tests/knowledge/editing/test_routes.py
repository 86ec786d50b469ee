"""The desk's API of the knowledge base, on the real application."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.application import Gateway
from bot.knowledge.misses import Misses
from bot.privacy.tables import audit_log
from bot.staff.roles import Role
from tests.fakes.knowledge import FakeHitTester
from tests.staff.people import browser, hire
from tests.staff.people import sign_in as enter

RECORD = {
    "question": "能存比特币吗？",
    "phrasings": ["可以存比特币吗", "比特币怎么存进来", "收比特币吗", "我有比特币想存", "  ", "虚拟货币能存吗"],
    "answer": "我行不办理虚拟货币业务，请打{hotline}。",
    "valid_from": "",
}
SignIn = Callable[[str, Role], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def sign_in(gateway: Gateway) -> AsyncIterator[SignIn]:
    async with AsyncExitStack() as stack:

        async def opened(login: str, role: Role) -> httpx.AsyncClient:
            await hire(gateway, login, role=role)
            desk = await stack.enter_async_context(browser(gateway))
            await enter(desk, login)
            return desk

        yield opened


@pytest.fixture
async def editor(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("zheng", "editor")


@pytest.fixture
async def second(sign_in: SignIn) -> httpx.AsyncClient:
    return await sign_in("xu", "supervisor")


async def got(desk: httpx.AsyncClient, path: str, **params: str) -> dict[str, Any]:
    answer = await desk.get(f"knowledge/{path}", params=params)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def begun(desk: httpx.AsyncClient, entry_id: str = "deposit.coin", **more: Any) -> httpx.Response:
    return await desk.post("knowledge/drafts", json={"entry_id": entry_id, "record": RECORD, **more})


async def move(desk: httpx.AsyncClient, draft: str, do: str, **values: Any) -> httpx.Response:
    return await desk.post(f"knowledge/drafts/{draft}/{do}", json=values)


async def test_from_a_miss_to_a_published_entry(
    editor: httpx.AsyncClient, second: httpx.AsyncClient, gateway: Gateway
) -> None:
    await Misses(gateway.foundation.db, gateway.foundation.clock).record("能存比特币不", 0.2, "c-of-somebody")
    (group,) = (await got(editor, "inbox"))["groups"]
    assert (group["count"], group["score"], group["questions"][0]["text"]) == (1, 0.2, "能存比特币不")
    assert "c-of-somebody" not in str(group)

    draft = (await begun(editor, new=True, misses=group["misses"])).json()["draft_id"]
    assert (await got(editor, "inbox"))["groups"] == []
    assert (await move(editor, draft, "submit")).json()["state"] == "submitted"
    refused = await move(editor, draft, "publish")
    assert (refused.status_code, refused.json()["code"]) == (403, "own_draft")

    assert (await got(second, "state"))["to_approve"] == 1
    (shown,) = (await got(second, "drafts"))["drafts"]
    assert (shown["author"], shown["before"], shown["moves"]) == ("座席zheng", None, ["publish", "send_back"])
    assert (await move(second, draft, "publish")).json() == {"entry_id": "deposit.coin", "version": 1}

    assert (await got(second, "state"))["to_approve"] == 0
    found = (await got(editor, "entries", search="比特币"))["entries"]
    line = next(each for each in found if each["id"] == "deposit.coin")
    assert (line["id"], line["version"], line["phrasings"]) == ("deposit.coin", 1, 5)
    (version,) = (await got(editor, "entries/deposit.coin"))["versions"]
    assert (version["author"], version["approver"]) == ("座席zheng", "座席xu")
    query = select(audit_log.c.action).where(audit_log.c.action.startswith("knowledge.")).order_by(audit_log.c.id)
    async with gateway.foundation.db.read() as connection:
        assert list(await connection.scalars(query)) == ["knowledge.draft", "knowledge.submit", "knowledge.publish"]


async def test_a_draft_goes_back_with_a_note_and_comes_again(
    editor: httpx.AsyncClient, second: httpx.AsyncClient
) -> None:
    draft = (await begun(editor)).json()["draft_id"]
    await move(editor, draft, "submit")
    await move(second, draft, "send_back", note="请写明电话")
    (shown,) = (await got(editor, "drafts"))["drafts"]
    assert (shown["state"], shown["note"], shown["moves"]) == ("open", "请写明电话", ["change", "submit", "withdraw"])
    changed = await move(editor, draft, "change", **{**RECORD, "answer": "不办理，电话是{hotline}。"})
    assert changed.is_success, changed.text
    assert (await move(editor, draft, "withdraw")).json()["state"] == "withdrawn"
    assert (await got(editor, "drafts"))["drafts"] == []


async def test_an_entry_goes_back_to_an_earlier_version(editor: httpx.AsyncClient, second: httpx.AsyncClient) -> None:
    for record in (RECORD, None):
        draft = (await begun(editor, record=record)).json()["draft_id"]
        await move(editor, draft, "submit")
        assert (await move(second, draft, "publish")).is_success
    assert (await got(editor, "entries/deposit.coin"))["record"] is None
    answer = await editor.post("knowledge/entries/deposit.coin/rollback", json={"version": 1})
    assert answer.json()["state"] == "submitted"
    await move(second, answer.json()["draft_id"], "publish")
    entry = await got(editor, "entries/deposit.coin")
    assert entry["record"]["question"] == RECORD["question"]
    assert [version["version"] for version in entry["versions"]] == [3, 2, 1]


async def test_what_is_wrong_is_told_in_the_editors_words(editor: httpx.AsyncClient) -> None:
    few = {**RECORD, "phrasings": ["一个问法"], "valid_until": "明天"}
    answer = await begun(editor, record=few)
    assert answer.status_code == 422
    assert "问法：至少要有5种" in answer.json()["message"]
    assert "失效日期：不是日期" in answer.json()["message"]
    draft = (await begun(editor, record={**RECORD, "phrasings": [*RECORD["phrasings"], "卡丢了怎么挂失"]})).json()
    clash = {**RECORD, "answer": "请看{address}。"}
    await move(editor, draft["draft_id"], "change", **clash)
    assert "不能使用变量 {address}" in (await move(editor, draft["draft_id"], "submit")).json()["message"]
    taken = await begun(editor, "account.open", new=True)
    assert (taken.status_code, taken.json()["code"]) == (409, "entry_exists")
    assert (await begun(editor, "nobody.knows", record=None)).status_code == 404
    assert (await editor.get("knowledge/entries/nobody.knows")).status_code == 404


async def test_questions_can_be_dismissed_with_a_reason(editor: httpx.AsyncClient, gateway: Gateway) -> None:
    await Misses(gateway.foundation.db, gateway.foundation.clock).record("怎么领养猫", None, "c1")
    (group,) = (await got(editor, "inbox"))["groups"]
    body = {"misses": group["misses"], "reason": "与银行无关"}
    assert (await editor.post("knowledge/inbox/dismiss", json=body)).json() == {"dismissed": 1}
    assert (await got(editor, "inbox"))["total"] == 0


async def test_the_hit_test_tells_what_would_be_answered(editor: httpx.AsyncClient, hit_tester: FakeHitTester) -> None:
    told = await got(editor, "hit-test", text="我卡丢了")
    assert (told["decision"], told["candidates"][0]["entry_id"]) == ("answer", "card.lost")
    hit_tester.is_down = True
    answer = await editor.get("knowledge/hit-test", params={"text": "我卡丢了"})
    assert (answer.status_code, answer.json()["code"]) == (503, "hit_test_unavailable")


async def test_sheets_go_out_and_come_in(editor: httpx.AsyncClient) -> None:
    out = await editor.get("knowledge/sheet", params={"format": "csv"})
    assert out.headers["content-disposition"] == 'attachment; filename="knowledge.csv"'
    assert len(out.content) > 64 * 1024  # more than any other request may have
    report = (await editor.post("knowledge/sheet", content=out.content)).json()
    assert (report["drafts"], report["bad"]) == ([], [])
    assert report["unchanged"] > 100
    assert (await editor.post("knowledge/sheet", content=b"nonsense")).status_code == 422


async def test_a_build_can_be_asked_for_again(second: httpx.AsyncClient, gateway: Gateway) -> None:
    await gateway.knowledge.rebuilding.catch_up()
    assert (await got(second, "state"))["build"]["state"] == "live"
    assert (await second.post("knowledge/build")).json()["build"]["state"] == "waiting"
