import asyncio

import pytest

from bot.application import Gateway
from bot.conversations.errors import InvalidMessageError, MessageTooLongError
from bot.conversations.messages import Author, Button, Draft, State
from bot.conversations.rasa import Answer, HandoffWish
from tests.fakes.clock import FakeClock
from tests.fakes.dialogue import FakeDialogue


async def opened(gateway: Gateway) -> str:
    return (await gateway.log.open("web")).conversation_id


async def test_a_message_is_answered_and_logged_in_order(gateway: Gateway, dialogue: FakeDialogue) -> None:
    dialogue.will_say("你好", "您好，请问有什么可以帮您？")
    conversation_id = await opened(gateway)
    turn = await gateway.conversations.receive(conversation_id, "m1", " 你好 ")
    assert [(m.seq, m.text, m.reply_to) for m in turn.messages] == [(2, "您好，请问有什么可以帮您？", 1)]
    log = await gateway.log.messages(conversation_id)
    assert [(m.seq, m.author, m.text) for m in log] == [
        (1, Author.CUSTOMER, "你好"),
        (2, Author.BOT, "您好，请问有什么可以帮您？"),
    ]
    assert dialogue.asked == [(f"{conversation_id}.1", "你好")]


async def test_the_same_client_message_id_repeats_nothing(gateway: Gateway, dialogue: FakeDialogue) -> None:
    conversation_id = await opened(gateway)
    first = await gateway.conversations.receive(conversation_id, "m1", "你好")
    again = await gateway.conversations.receive(conversation_id, "m1", "你好")
    assert again.messages == first.messages
    assert len(dialogue.asked) == 1


async def test_two_at_once_with_one_id_are_one_message(gateway: Gateway, dialogue: FakeDialogue) -> None:
    conversation_id = await opened(gateway)
    turns = await asyncio.gather(*(gateway.conversations.receive(conversation_id, "m1", "你好") for _ in range(5)))
    assert len(dialogue.asked) == 1
    assert all(turn.messages == turns[0].messages for turn in turns)


async def test_rasa_never_sees_two_messages_of_a_conversation_at_once(gateway: Gateway, dialogue: FakeDialogue) -> None:
    running = 0
    most = 0

    async def watch(_text: str) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1

    dialogue.before_answer = watch
    conversation_id = await opened(gateway)
    await asyncio.gather(*(gateway.conversations.receive(conversation_id, f"m{i}", f"第{i}句") for i in range(6)))
    assert most == 1
    log = await gateway.log.messages(conversation_id)
    assert [m.seq for m in log] == list(range(1, 13))
    answered = [m for m in log if m.author is Author.CUSTOMER]
    assert [text for _, text in dialogue.asked] == [m.text for m in answered]


async def test_a_message_left_over_by_a_crash_is_answered_by_the_retry(
    gateway: Gateway, dialogue: FakeDialogue
) -> None:
    async def crash(_text: str) -> None:
        raise RuntimeError("the process dies here")

    conversation_id = await opened(gateway)
    dialogue.before_answer = crash
    with pytest.raises(RuntimeError):
        await gateway.conversations.receive(conversation_id, "m1", "余额")
    dialogue.before_answer = None
    turn = await gateway.conversations.receive(conversation_id, "m1", "余额")
    assert [m.text for m in turn.messages] == ["您说的是：余额"]
    assert [m.text for m in await gateway.log.messages(conversation_id)] == ["余额", "您说的是：余额"]


@pytest.mark.parametrize("typed", ["/restart", "／restart", "  //check_balance{}"])
async def test_typed_commands_do_not_reach_rasa_as_commands(
    gateway: Gateway, dialogue: FakeDialogue, typed: str
) -> None:
    conversation_id = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", typed)
    ((_, text),) = dialogue.asked
    assert not text.startswith(("/", "／"))
    assert (await gateway.log.messages(conversation_id))[0].text == typed.strip()


async def test_only_slashes_are_still_answered(gateway: Gateway, dialogue: FakeDialogue) -> None:
    turn = await gateway.conversations.receive(await opened(gateway), "m1", "///")
    assert turn.messages
    assert dialogue.asked[0][1] == "？"


async def test_a_pressed_button_becomes_its_payload_only_while_it_is_offered(
    gateway: Gateway, dialogue: FakeDialogue
) -> None:
    dialogue.will_say("投诉", "确认提交吗？", buttons=(Button("确认提交", "/affirm"),))
    conversation_id = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "确认提交")
    await gateway.conversations.receive(conversation_id, "m2", "投诉")
    await gateway.conversations.receive(conversation_id, "m3", "确认提交")
    await gateway.conversations.receive(conversation_id, "m4", "确认提交")
    assert [text for _, text in dialogue.asked] == ["确认提交", "投诉", "/affirm", "确认提交"]


async def test_a_fault_is_told_and_queued(gateway: Gateway, dialogue: FakeDialogue) -> None:
    dialogue.broken.add("余额")
    conversation_id = await opened(gateway)
    turn = await gateway.conversations.receive(conversation_id, "m1", "余额")
    assert turn.conversation.state is State.QUEUED
    assert [m.author for m in turn.messages] == [Author.BOT, Author.SYSTEM]
    handoff = await gateway.handoff.latest(conversation_id)
    assert handoff is not None
    assert handoff.reason == "rasa_unavailable"


async def test_while_queued_the_bot_is_silent_and_nothing_is_lost(gateway: Gateway, dialogue: FakeDialogue) -> None:
    dialogue.will_hand_off("转人工")
    conversation_id = await opened(gateway)
    turn = await gateway.conversations.receive(conversation_id, "m1", "转人工")
    assert turn.conversation.state is State.QUEUED
    assert turn.messages[-1].buttons[0].title == "取消排队"
    turn = await gateway.conversations.receive(conversation_id, "m2", "我的卡丢了")
    assert turn.messages == []
    assert len(dialogue.asked) == 1
    assert (await gateway.log.messages(conversation_id))[-1].text == "我的卡丢了"


@pytest.mark.parametrize("words", ["取消排队", "1", "回复1", "算了不等了", "不用人工了"])
async def test_cancelling_brings_the_bot_back(gateway: Gateway, dialogue: FakeDialogue, words: str) -> None:
    dialogue.will_hand_off("转人工")
    conversation_id = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "转人工")
    turn = await gateway.conversations.receive(conversation_id, "m2", words)
    assert turn.conversation.state is State.BOT
    assert turn.messages[0].author is Author.SYSTEM
    turn = await gateway.conversations.receive(conversation_id, "m3", "你好")
    assert turn.messages[0].author is Author.BOT


async def test_cancelling_works_after_other_words_too(gateway: Gateway, dialogue: FakeDialogue) -> None:
    dialogue.will_hand_off("转人工")
    conversation_id = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "转人工")
    await gateway.conversations.receive(conversation_id, "m2", "有人吗")
    turn = await gateway.conversations.receive(conversation_id, "m3", "取消排队")
    assert turn.conversation.state is State.BOT


async def test_a_handoff_during_the_bots_thinking_silences_it(gateway: Gateway, dialogue: FakeDialogue) -> None:
    """The bot was asked, but before it answered the conversation was queued by another message."""
    conversation_id = await opened(gateway)

    async def queue_meanwhile(_text: str) -> None:
        async with gateway.log.change(conversation_id) as change:
            await gateway.handoff.queue(change, HandoffWish("asked"))

    dialogue.before_answer = queue_meanwhile
    turn = await gateway.conversations.receive(conversation_id, "m1", "你好")
    assert turn.messages == []
    assert turn.conversation.state is State.QUEUED


async def test_long_silence_starts_a_fresh_dialogue(gateway: Gateway, dialogue: FakeDialogue, clock: FakeClock) -> None:
    conversation_id = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "你好")
    clock.advance(seconds=gateway.settings.segment_idle_s + 1)
    await gateway.conversations.receive(conversation_id, "m2", "在吗")
    assert [sender for sender, _ in dialogue.asked] == [f"{conversation_id}.1", f"{conversation_id}.2"]


async def test_personal_data_is_sealed_before_rasa_and_log(gateway: Gateway, dialogue: FakeDialogue) -> None:
    conversation_id = await opened(gateway)
    await gateway.conversations.receive(conversation_id, "m1", "我手机是13900000001，给我回电")
    assert dialogue.asked[0][1] == "我手机是[手机号1]，给我回电"
    assert "13900000001" not in (await gateway.log.messages(conversation_id))[0].text


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\n\t"])
async def test_an_empty_message_is_refused(gateway: Gateway, text: str) -> None:
    conversation_id = await opened(gateway)
    with pytest.raises(InvalidMessageError):
        await gateway.conversations.receive(conversation_id, "m1", text)
    assert await gateway.log.messages(conversation_id) == []


async def test_the_longest_message_is_taken_and_a_longer_one_refused(gateway: Gateway) -> None:
    conversation_id = await opened(gateway)
    assert (await gateway.conversations.receive(conversation_id, "m1", "长" * 2000)).messages
    with pytest.raises(MessageTooLongError):
        await gateway.conversations.receive(conversation_id, "m2", "长" * 2001)


def will_go_on(dialogue: FakeDialogue, text: str, then: str, wish: HandoffWish | None = None) -> None:
    dialogue.answers[text] = Answer([Draft(Author.BOT, f"答：{text}")], wish, then)


async def test_several_requests_are_answered_in_one_turn(gateway: Gateway, dialogue: FakeDialogue) -> None:
    will_go_on(dialogue, "余额，再看积分，再看账单", "看积分，再看账单")
    will_go_on(dialogue, "看积分，再看账单", "看账单")
    conversation_id = await opened(gateway)
    turn = await gateway.conversations.receive(conversation_id, "m1", "余额，再看积分，再看账单")
    again = await gateway.conversations.receive(conversation_id, "m1", "余额，再看积分，再看账单")
    said = ["答：余额，再看积分，再看账单", "答：看积分，再看账单", "您说的是：看账单"]
    assert [(m.text, m.reply_to) for m in turn.messages] == [(text, 1) for text in said]
    assert again.messages == turn.messages
    assert len(dialogue.asked) == 3


async def test_a_person_takes_over_what_is_left(gateway: Gateway, dialogue: FakeDialogue) -> None:
    will_go_on(dialogue, "余额", "看积分", HandoffWish("anger"))
    turn = await gateway.conversations.receive(await opened(gateway), "m1", "余额")
    assert turn.conversation.state is State.QUEUED
    assert len(dialogue.asked) == 1


async def test_the_first_answer_is_given_though_the_second_fails(gateway: Gateway, dialogue: FakeDialogue) -> None:
    will_go_on(dialogue, "余额", "看积分")
    dialogue.broken.add("看积分")
    turn = await gateway.conversations.receive(await opened(gateway), "m1", "余额")
    assert turn.messages[0].text == "答：余额"
    assert turn.conversation.state is State.QUEUED


async def test_the_rest_of_a_message_is_no_command_either(gateway: Gateway, dialogue: FakeDialogue) -> None:
    will_go_on(dialogue, "余额", "／restart")
    await gateway.conversations.receive(await opened(gateway), "m1", "余额")
    assert dialogue.asked[-1][1] == "restart"


async def test_a_dialogue_that_never_ends_is_ended(gateway: Gateway, dialogue: FakeDialogue) -> None:
    will_go_on(dialogue, "余额", "余额")
    turn = await gateway.conversations.receive(await opened(gateway), "m1", "余额")
    assert len(turn.messages) == len(dialogue.asked) == 4
