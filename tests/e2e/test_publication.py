"""What an editor writes and a second person publishes is answered by the running system, which never stands still."""

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.settings import ROOT
from tests.e2e.people import Customer, DeskAgent, eventually
from tests.e2e.running import RunningSystem

pytestmark = pytest.mark.e2e

BUILD_LIMIT_S = 600.0
QUESTION = "网点可以寄存滑板车吗"
ANSWER = "网点大堂设有寄存处，滑板车可以免费寄存，请当天营业结束前取走。"
RECORD = {
    "question": QUESTION,
    "phrasings": [
        "滑板车能不能寄存在网点",
        "带着滑板车去网点有地方放吗",
        "网点大堂能放滑板车吗",
        "办业务的时候滑板车放哪里",
        "滑板车可以推进网点吗",
        "寄存滑板车要钱吗",
        "银行有没有寄存滑板车的地方",
        "滑板车放网点门口安全吗",
    ],
    "answer": ANSWER,
}


@pytest.fixture
def editors_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """A system with models of its own, since publishing builds a new index."""
    models = tmp_path_factory.mktemp("models")
    shutil.copytree(ROOT / "models", models, dirs_exist_ok=True)
    with RunningSystem(tmp_path_factory.mktemp("editors"), MODELS_DIR=str(models)).running() as system:
        yield system


def test_a_published_entry_is_answered_and_a_retired_one_is_not(editors_system: RunningSystem) -> None:
    customer = Customer(editors_system.url)
    editor, approver = DeskAgent(editors_system.url, "editor1"), DeskAgent(editors_system.url, "supervisor1")
    assert ANSWER not in customer.say(QUESTION)

    publish(editor, approver, RECORD, new=True)
    while not built(editor):  # the old index answers until the new one is there
        assert "年费" in customer.say("信用卡年费多少")
        time.sleep(5)  # a customer has so many messages a minute
    eventually(lambda: hit_test(editor)["decision"] == "answer")
    assert ANSWER in Customer(editors_system.url).say(QUESTION)

    publish(editor, approver, None)
    eventually(lambda: built(editor), BUILD_LIMIT_S)
    eventually(lambda: ANSWER not in Customer(editors_system.url).say(QUESTION))


def publish(editor: DeskAgent, approver: DeskAgent, record: dict[str, Any] | None, *, new: bool = False) -> None:
    body = {"entry_id": "branch.scooter_storage", "record": record, "new": new}
    draft = editor.http.post("/knowledge/drafts", json=body).raise_for_status().json()["draft_id"]
    editor.http.post(f"/knowledge/drafts/{draft}/submit").raise_for_status()
    approver.http.post(f"/knowledge/drafts/{draft}/publish").raise_for_status()
    eventually(lambda: not built(editor))


def built(editor: DeskAgent) -> bool:
    """Whether the index is what has been published."""
    build = editor.http.get("/knowledge/state").raise_for_status().json()["build"]
    assert build["state"] != "failed", build
    return bool(build["state"] == "live")


def hit_test(editor: DeskAgent) -> dict[str, Any]:
    found: dict[str, Any] = editor.http.get("/knowledge/hit-test", params={"text": QUESTION}).raise_for_status().json()
    return found
