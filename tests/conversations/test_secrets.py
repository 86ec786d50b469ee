"""Passwords and codes that customers paste: dropped, warned of once, and never repeated."""

import re

import pytest

from bot.application import Gateway
from bot.conversations.messages import Author, State
from tests.fakes.dialogue import FakeDialogue
from tests.fakes.sms import FakeSms
from tests.staff.people import hire

TELLING = [
    ("我的取款密码是147258", "147258"),
    ("验证码９９８８７７", "９９８８７７"),
    ("CVV 321", "321"),
    ("登录密码：Zs@2020!!", "Zs@2020!!"),
]


@pytest.fixture
def warning(gateway: Gateway) -> str:
    return gateway.texts("utter_secret_told")


async def opened(gateway: Gateway) -> str:
    return (await gateway.log.open("web")).conversation_id


@pytest.mark.parametrize(("text", "secret"), TELLING)
async def test_the_warning_comes_before_the_answer_and_once(
    gateway: Gateway, dialogue: FakeDialogue, warning: str, text: str, secret: str
) -> None:
    conversation_id = await opened(gateway)
    first = await gateway.conversations.receive(conversation_id, "m1", f"{text}，为什么转账失败")
    assert [m.author for m in first.messages] == [Author.BOT, Author.BOT]
    assert first.messages[0].text == warning
    assert first.messages[0].buttons == ()
    assert first.messages[1].text.startswith("您说的是：")
    again = await gateway.conversations.receive(conversation_id, "m1", f"{text}，为什么转账失败")
    assert again.messages == first.messages
    assert secret not in repr(await gateway.log.messages(conversation_id))
    assert secret not in repr(dialogue.asked)


@pytest.mark.parametrize(("text", "secret"), TELLING)
async def test_rasa_is_not_asked_about_nothing_but_a_secret(
    gateway: Gateway, dialogue: FakeDialogue, warning: str, text: str, secret: str
) -> None:
    conversation_id = await opened(gateway)
    turn = await gateway.conversations.receive(conversation_id, "m1", text)
    assert [m.text for m in turn.messages] == [warning]
    assert [button.title for button in turn.messages[0].buttons] == ["转人工"]
    assert dialogue.asked == []
    assert secret not in repr(await gateway.log.messages(conversation_id))
    dialogue.will_hand_off("/request_human")
    turn = await gateway.conversations.receive(conversation_id, "m2", "转人工")
    assert turn.conversation.state is State.QUEUED


async def test_what_else_is_said_reaches_rasa_without_the_secret(gateway: Gateway, dialogue: FakeDialogue) -> None:
    conversation_id = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "卡6222021000000001239密码147258，帮我查余额")
    assert [text for _, text in dialogue.asked] == ["卡[卡号1]密码[密码]，帮我查余额"]


async def test_whoever_waits_or_talks_to_an_agent_is_warned_by_a_notice(
    gateway: Gateway, dialogue: FakeDialogue
) -> None:
    conversation_id, notice = await opened(gateway), gateway.texts("utter_secret_notice")
    dialogue.will_hand_off("转人工")
    await gateway.conversations.receive(conversation_id, "m1", "转人工")
    waiting = await gateway.conversations.receive(conversation_id, "m2", "我密码是147258")
    assert [(m.author, m.text) for m in waiting.messages] == [(Author.SYSTEM, notice)]
    await gateway.handoff.claim(conversation_id, await hire(gateway, "lin"))
    served = await gateway.conversations.receive(conversation_id, "m3", "验证码是998877")
    assert [(m.author, m.text) for m in served.messages] == [(Author.SYSTEM, notice)]
    assert (await gateway.conversations.receive(conversation_id, "m4", "好的")).messages == []


@pytest.mark.parametrize("text", ["密码忘了怎么办", "验证码收不到", "我手机13900000001", "转账100000元", "CVV是什么"])
async def test_nobody_else_is_warned(gateway: Gateway, warning: str, text: str) -> None:
    turn = await gateway.conversations.receive(await opened(gateway), "m1", text)
    assert warning not in [m.text for m in turn.messages]


@pytest.mark.parametrize(
    "form", ["{}", "验证码是{}", "我收到了你们发的短信验证码{}，麻烦帮我看看", "手机上显示的验证码就是 {} 对不对"]
)
async def test_the_code_that_was_asked_for_goes_to_identity_without_a_warning(
    gateway: Gateway, demo_bank: None, dialogue: FakeDialogue, sms: FakeSms, warning: str, form: str
) -> None:
    conversation_id = await opened(gateway)
    await gateway.identity.bind(conversation_id, "C1001")
    await gateway.identity.start_challenge(conversation_id, resume="/check_balance")
    code = re.search(r"\d{6}", sms.sent[-1][1])
    assert code
    turn = await gateway.conversations.receive(conversation_id, "m1", form.format(code[0]))
    assert [text for _, text in dialogue.asked] == ["/check_balance"]
    assert warning not in [m.text for m in turn.messages]
    assert (await gateway.log.messages(conversation_id))[0].text == "[验证码]"


@pytest.mark.parametrize(
    "text", ["我的取款密码是147258", "我的银行卡密码147258，还能用吗", "有人让我报验证码，我说了604817，会被骗吗"]
)
async def test_a_password_or_a_story_told_while_a_code_is_open_is_no_try(
    gateway: Gateway, demo_bank: None, dialogue: FakeDialogue, warning: str, text: str
) -> None:
    conversation_id = await opened(gateway)
    await gateway.identity.bind(conversation_id, "C1001")
    await gateway.identity.start_challenge(conversation_id, resume="/check_balance")
    turn = await gateway.conversations.receive(conversation_id, "m1", text)
    assert warning in [m.text for m in turn.messages]
