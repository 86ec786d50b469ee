"""One-time codes typed into the conversation: consumed by identity, never logged, never sent to Rasa."""

import asyncio
import re

import pytest
import structlog
from sqlalchemy import select

from bot.application import Gateway
from bot.conversations.fanout import DESK_TOPIC, conversation_topic
from bot.conversations.messages import Author
from bot.identity.principal import Level
from bot.storage.metadata import metadata
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms


@pytest.fixture
async def challenged(gateway: Gateway, demo_bank: None) -> str:
    """A conversation of a demo customer who has just been sent a code."""
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(conversation_id, "C1001")
    await gateway.identity.start_challenge(conversation_id, resume="/check_balance")
    return conversation_id


def code_of(sms: FakeSms) -> str:
    found = re.search(r"\d{6}", sms.sent[-1][1])
    assert found
    return found[0]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize("form", ["{}", "验证码是{}", " {} ", "{}。"])
async def test_the_right_code_resumes_what_was_asked(
    gateway: Gateway, dialogue: FakeDialogue, sms: FakeSms, challenged: str, form: str
) -> None:
    dialogue.will_say("/check_balance", "您的余额是¥1.00")
    turn = await gateway.conversations.receive(challenged, "m1", form.format(code_of(sms)))
    notice, answer = turn.messages
    assert notice.author is Author.SYSTEM
    assert "10分钟" in notice.text
    assert "退出验证" in notice.text
    assert answer.text == "您的余额是¥1.00"
    assert (await gateway.identity.principal(challenged)).level is Level.STEPPED_UP


async def test_full_width_and_spaced_digits_count(
    gateway: Gateway, dialogue: FakeDialogue, sms: FakeSms, challenged: str
) -> None:
    code = code_of(sms)
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)
    await gateway.conversations.receive(challenged, "m1", f"{wide[:3]} {wide[3:]}")
    assert [text for _, text in dialogue.asked] == ["/check_balance"]


@pytest.mark.parametrize("form", ["{}", "验证码是{}", "短信收到了，您发给我的验证码是{}，请继续帮我查余额"])
@pytest.mark.parametrize("is_right", [True, False])
async def test_a_code_goes_to_identity_and_nowhere_else(
    gateway: Gateway,
    dialogue: FakeDialogue,
    sms: FakeSms,
    challenged: str,
    capsys: pytest.CaptureFixture[str],
    form: str,
    is_right: bool,
) -> None:
    """Not to Rasa, not to the transcript or any other row, not to the broker, not to what is printed."""
    code = code_of(sms) if is_right else another(code_of(sms))
    heard = []
    async with gateway.fanout.subscribe(conversation_topic(challenged), DESK_TOPIC) as signals:
        with structlog.testing.capture_logs() as logged:
            turn = await gateway.conversations.receive(challenged, "m1", form.format(code))
        while (signal := await signals.next(0.05)) is not None:
            heard.append(signal)
    assert heard
    printed = capsys.readouterr()
    assert turn.messages
    assert (await gateway.log.messages(challenged))[0].text == "[验证码]"
    for place in (dialogue.asked, heard, logged, printed, await rows(gateway)):
        assert code not in repr(place)


async def rows(gateway: Gateway) -> list[str]:
    """Everything in every table."""
    found = []
    async with gateway.foundation.db.read() as connection:
        for table in metadata.sorted_tables:
            found += [repr(row) for row in await connection.execute(select(table))]
    return found


async def test_a_code_typed_while_a_person_answers_is_judged_and_hidden_too(
    gateway: Gateway, dialogue: FakeDialogue, sms: FakeSms, challenged: str
) -> None:
    dialogue.will_hand_off("转人工")
    await gateway.conversations.receive(challenged, "m1", "转人工")
    turn = await gateway.conversations.receive(challenged, "m2", code_of(sms))
    assert ["身份已验证" in message.text for message in turn.messages] == [True]
    assert code_of(sms) not in repr(await gateway.log.messages(challenged))
    assert (await gateway.identity.principal(challenged)).level is Level.STEPPED_UP


async def test_a_step_up_tells_no_other_conversation(gateway: Gateway, sms: FakeSms, challenged: str) -> None:
    other = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(other, "C1001")
    await gateway.conversations.receive(challenged, "m1", code_of(sms))
    assert await gateway.log.messages(other) == []
    assert (await gateway.identity.principal(other)).level is Level.BOUND


async def test_a_code_of_another_conversation_opens_nothing(gateway: Gateway, sms: FakeSms, challenged: str) -> None:
    code = code_of(sms)
    other = (await gateway.log.open("web")).conversation_id
    await gateway.identity.bind(other, "C1002")
    await gateway.identity.start_challenge(other, resume="/check_balance")
    turn = await gateway.conversations.receive(other, "m1", code)
    assert "2次" in turn.messages[0].text
    assert (await gateway.identity.principal(other)).level is Level.BOUND


async def test_wrong_codes_are_counted_and_locked(
    gateway: Gateway, dialogue: FakeDialogue, sms: FakeSms, challenged: str
) -> None:
    wrong = another(code_of(sms))
    said = [(await gateway.conversations.receive(challenged, f"m{i}", wrong)).messages[0].text for i in range(3)]
    assert "2" in said[0]
    assert "1" in said[1]
    assert "15" in said[2]
    turn = await gateway.conversations.receive(challenged, "m4", code_of(sms))
    assert "15" in turn.messages[0].text
    assert dialogue.asked == []
    assert (await gateway.identity.principal(challenged)).level is Level.BOUND


async def test_a_retried_wrong_code_costs_one_try(gateway: Gateway, sms: FakeSms, challenged: str) -> None:
    wrong = another(code_of(sms))
    turns = await asyncio.gather(*(gateway.conversations.receive(challenged, "m1", wrong) for _ in range(4)))
    assert {turn.messages[0].text for turn in turns} == {turns[0].messages[0].text}
    assert "2" in turns[0].messages[0].text


async def test_a_late_code_is_told_so_and_stays_out_of_rasa(
    gateway: Gateway, dialogue: FakeDialogue, sms: FakeSms, challenged: str, clock: FakeClock
) -> None:
    clock.advance(seconds=gateway.settings.code_ttl_s + 1)
    turn = await gateway.conversations.receive(challenged, "m1", code_of(sms))
    assert turn.messages
    assert dialogue.asked == []


async def test_six_digits_without_a_challenge_are_just_text(gateway: Gateway, dialogue: FakeDialogue) -> None:
    conversation_id = (await gateway.log.open("web")).conversation_id
    await gateway.conversations.receive(conversation_id, "m1", "123456")
    assert dialogue.asked[0][1] == "123456"


async def test_an_amount_is_no_code(gateway: Gateway, dialogue: FakeDialogue, challenged: str) -> None:
    await gateway.conversations.receive(challenged, "m1", "转账100000元")
    assert dialogue.asked[0][1] == "转账100000元"
