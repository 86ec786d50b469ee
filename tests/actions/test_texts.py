"""What customers read: complete, used, and nothing a bank must not say."""

import re

import pytest
import yaml

from tests.actions.dialogue import ROOT

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RESPONSES = DOMAIN["responses"]
TEXTS = [variation["text"] for response in RESPONSES.values() for variation in response]
NAMED_BY_PARTS = r"utter_(ask_complaint|no_complaint_to|bill|transactions|balance_line|complaint|code|label|reason)_\w+"
INTENTS_ANSWERED_BY_NAME = {f"utter_{intent}" for intent in DOMAIN["intents"]}


@pytest.mark.parametrize("text", TEXTS)
def test_no_forbidden_promise_no_markup_no_blank_line(text: str):
    assert not re.search("保本|零风险|高收益|秒到账|低门槛", text)
    assert not re.search(r"[*#<>|`]|\n\s*\n", text)


def test_every_button_leads_to_an_intent_or_is_a_question():
    buttons = [b for response in RESPONSES.values() for v in response for b in v.get("buttons", ())]
    payloads = [b["payload"] for b in buttons if b["payload"].startswith("/")]

    assert {re.match(r"/(\w+)", payload)[1] for payload in payloads} <= set(DOMAIN["intents"])
    assert all(b["payload"] == b["title"] for b in buttons if not b["payload"].startswith("/"))


def test_every_response_is_said_somewhere_and_every_said_one_is_there():
    code = "".join(p.read_text(encoding="utf-8") for part in ("actions", "bot") for p in (ROOT / part).rglob("*.py"))
    named = set(re.findall(r"\"(utter_\w+)\"", code))

    by_parts = {name for name in RESPONSES if re.fullmatch(NAMED_BY_PARTS, name)}
    assert named <= set(RESPONSES)
    assert set(RESPONSES) - named - by_parts - INTENTS_ANSWERED_BY_NAME == set()


def test_the_intents_and_entities_others_build_on():
    assert len(DOMAIN["intents"]) == 24
    assert {"account_type", "card_tail", "amount", "date", "product", "phone", "complaint_target"} <= set(
        DOMAIN["entities"]
    )
