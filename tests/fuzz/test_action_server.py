"""Whatever is posted to the action server: Rasa's answer or a refusal, never an error of ours."""

import json

import httpx
from hypothesis import example, given
from hypothesis import strategies as st

from bot.action_server import create_app
from bot.bearer import authorization, process_token
from bot.settings import get_settings
from tests.fuzz.budget import budget
from tests.fuzz.rubbish import BODY, record

TRACKER = record(
    "sender_id", "slots", "latest_message", "events", "paused", "followup_action", "active_loop", "latest_action_name"
)
CALL = st.fixed_dictionaries(
    {}, optional={"next_action": st.sampled_from(["action_nobody_has", "", None, 7]), "tracker": TRACKER}
)


SERVER = create_app()
"""Without its actions, which are registered when it starts."""
RASA = authorization(process_token(get_settings().secret_key.get_secret_value(), "actions"))


@budget(120)
@given(body=st.one_of(BODY, CALL.map(lambda call: json.dumps(call).encode())))
@example(body=b'{"next_action": "action_nobody_has"}')
@example(body=b'{"next_action": ["x"], "tracker": {}}')
async def test_any_call_is_carried_out_or_refused(body: bytes) -> None:
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(SERVER), base_url="http://actions", headers=RASA
    ) as client:
        answer = await client.post("/webhook", content=body)
    assert answer.status_code in (200, 400, 404)
    if answer.status_code == 400:
        assert answer.json().keys() == {"error", "action_name"}


async def test_a_call_as_rasa_makes_it_reaches_its_action() -> None:
    call = {
        "next_action": "action_nobody_has",
        "sender_id": "c.1",
        "tracker": {"sender_id": "c.1", "slots": {}, "latest_message": {}, "events": [], "active_loop": {}},
        "domain": {},
    }
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(SERVER), base_url="http://actions", headers=RASA
    ) as client:
        answer = await client.post("/webhook", json=call)
    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_nobody_has"
