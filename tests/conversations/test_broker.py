"""What goes over the fan-out, and with Redis over the wire: signals with ids, never what was said."""

from typing import Any

import pytest

from bot.application import Gateway
from bot.conversations.fanout import DESK_TOPIC
from tests.fakes.dialogue import FakeDialogue
from tests.staff.people import hire

SAID = ("13787654321", "330782198706192549", "147258", "998877", "金华市婺城区人民西路381号", "你好呀小掌")


async def whole_conversation(gateway: Gateway, dialogue: FakeDialogue) -> None:
    dialogue.will_hand_off("转人工")
    conversation_id = (await gateway.log.open("web")).conversation_id
    for number, text in enumerate(
        (
            "你好呀小掌，我手机13787654321，身份证330782198706192549",
            "密码是147258，家住金华市婺城区人民西路381号",
            "转人工",
            "验证码998877，手机13787654321",
        )
    ):
        await gateway.conversations.receive(conversation_id, f"m{number}", text)
    lin = await hire(gateway, "lin")
    await gateway.handoff.claim(conversation_id, lin)
    await gateway.conversations.receive(conversation_id, "m9", "我密码147258")
    await gateway.handoff.close(conversation_id, lin)


async def test_signals_hold_ids_alone(gateway: Gateway, dialogue: FakeDialogue) -> None:
    signals: list[dict[str, Any]] = []
    async with gateway.fanout.subscribe("conversation:*", "channel:*", DESK_TOPIC) as subscription:
        await whole_conversation(gateway, dialogue)
        while (signal := await subscription.next(timeout_s=2)) is not None:
            signals.append(signal)
    assert {signal["type"] for signal in signals} >= {"changed", "queue"}
    assert {key for signal in signals for key in signal} <= {"type", "conversation_id"}
    assert not [words for words in SAID if words in repr(signals)]


@pytest.mark.services
async def test_redis_sees_and_keeps_nothing_of_what_was_said(gateway: Gateway, dialogue: FakeDialogue) -> None:
    redis = gateway.foundation.redis
    if redis is None:
        pytest.skip("runs where TEST_REDIS_URL names a Redis")
    published: list[Any] = []
    async with redis.pubsub() as everything:
        await everything.psubscribe("*")
        await whole_conversation(gateway, dialogue)
        while (message := await everything.get_message(timeout=2)) is not None:
            published.append(message)
    keys = await redis.keys("*")
    assert {await redis.type(key) for key in keys} <= {b"string"}
    kept = [(key, await redis.get(key)) for key in keys]
    assert [message for message in published if message["type"] == "pmessage"]
    for words in SAID:
        assert words not in repr(published)
        assert words.encode() not in repr(kept).encode()
