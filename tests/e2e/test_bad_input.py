"""Whatever is typed: Rasa parses it, and the customer gets an answer that is no fault."""

import json
import os
import subprocess

import pytest

from bot.operations.processes import RASA_PYTHON, rasa_environment, rasa_model
from bot.settings import ROOT, get_settings
from tests.e2e.people import Customer
from tests.e2e.running import RunningSystem

pytestmark = pytest.mark.e2e

RUBBISH = {
    "emoji": "😀😂🙈🐶",
    "long": "我想问一下" * 400,
    "control": "查\x00余\x07额\x1b[31m",
    "html": "<script>alert('查余额')</script><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE accounts; SELECT * FROM customers WHERE '1'='1",
    "script": "ที่นี่มีใครพูดภาษาไทยไหม",
    "arabic": "هل يمكنك مساعدتي من فضلك",
    "surrogates": "\U0001f9d1\u200d\U0001f4bb\ufe0f\u202e",
    "punctuation": "？！…。，、",
    "spaces": " \u3000\t ",
    "slash": "/",
}

PARSE = """
import asyncio, json, sys
from rasa.core.agent import Agent

model, texts = json.load(sys.stdin)

async def intents():
    agent = Agent.load(model)
    return [(await agent.parse_message(text))["intent"]["name"] for text in texts]

print(json.dumps(asyncio.run(intents())))
"""


def test_rasa_parses_anything() -> None:
    settings = get_settings()
    texts = ["", *RUBBISH.values()]
    done = subprocess.run(
        [RASA_PYTHON, "-c", PARSE],
        cwd=ROOT,
        env={**os.environ, **rasa_environment(settings)},
        input=json.dumps([str(rasa_model(settings)), texts]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout.splitlines()[-1])) == len(texts)


@pytest.mark.parametrize("kind", ["emoji", "html", "sql", "script", "arabic", "punctuation", "slash"])
def test_anything_gets_an_answer(system: RunningSystem, kind: str) -> None:
    said = Customer(system.url).say(RUBBISH[kind])
    assert said
    assert "出了点问题" not in said
    assert "开了个小差" not in said


@pytest.mark.parametrize("text", ["Hello, can you help me open an account?", "Where is your nearest branch?"])
def test_english_is_answered_in_english_and_a_person_offered(system: RunningSystem, text: str) -> None:
    assert "only understand Chinese" in Customer(system.url).say(text)
