"""What Chatwoot pushes: the signature, and which events are anything to us."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.outside.chatwoot.webhook import SIGNATURE, TIMESTAMP, ChatwootWebhook, sign
from bot.handoff.outside.errors import MalformedWebhookError, UnsignedWebhookError
from bot.handoff.outside.port import Ended, Happening, Joined, Replied
from tests.fakes.clock import FakeClock
from tests.stubs.chatwoot.store import INBOX, LIN, SECRET, Store, signed

Json = dict[str, Any]


@pytest.fixture
def webhook(clock: FakeClock) -> ChatwootWebhook:
    return ChatwootWebhook(SECRET, INBOX, clock)


@pytest.fixture
def store(clock: FakeClock) -> Store:
    return Store(clock)


@pytest.fixture
def number(store: Store) -> int:
    """A conversation, of which nothing is to be told any more."""
    number: int = store.add_conversation(store.add_contact("王*明", "zhanggui-c"), "open")["id"]
    store.webhooks.clear()
    return number


def opened(webhook: ChatwootWebhook, store: Store) -> list[Happening]:
    """What came of all that was pushed."""
    events = [webhook.open(headers, body) for headers, body in store.webhooks]
    return [event for event in events if event is not None]


def test_an_agents_reply(webhook: ChatwootWebhook, store: Store, number: int) -> None:
    said = store.says(number, "您好，**挂失**已办好\\\n请放心")
    assert opened(webhook, store) == [
        Replied(str(number), "林晓", str(said["id"]), "您好，挂失已办好\n请放心", has_attachments=False)
    ]


def test_a_file_alone(webhook: ChatwootWebhook, store: Store, number: int) -> None:
    said = store.says(number, None, attachments=1)
    assert opened(webhook, store) == [Replied(str(number), "林晓", str(said["id"]), "", has_attachments=True)]


def test_a_private_note_is_nothing(webhook: ChatwootWebhook, store: Store, number: int) -> None:
    store.says(number, "客户情绪不好", private=True)
    assert opened(webhook, store) == []


def test_echoes_of_ours_are_nothing(webhook: ChatwootWebhook, store: Store, number: int) -> None:
    store.add_message(number, content="卡丢了", message_type="incoming", source_id="zhanggui-message-1")
    store.add_message(number, content="说过", message_type="outgoing", source_id="zhanggui-message-2")
    store.add_message(number, content="林晓接待了会话", message_type="activity")
    store.add_message(number, content="您好！", message_type="template")
    assert opened(webhook, store) == []


def test_an_assignment(webhook: ChatwootWebhook, store: Store, number: int) -> None:
    store.assign(number)
    store.assign(number, None)
    assert opened(webhook, store) == [Joined(str(number), "林晓")]


@pytest.mark.parametrize(("status", "to_bot"), [("resolved", False), ("pending", True)])
def test_the_end(webhook: ChatwootWebhook, store: Store, number: int, status: str, to_bot: bool) -> None:
    store.conversations[number]["meta"]["assignee"] = LIN
    store.set_status(number, status)
    assert opened(webhook, store) == [Ended(str(number), "林晓", to_bot=to_bot)]


@pytest.mark.parametrize("status", ["snoozed", "open"])
def test_what_goes_on(webhook: ChatwootWebhook, store: Store, number: int, status: str) -> None:
    store.conversations[number]["status"] = "pending"
    store.set_status(number, status)
    assert opened(webhook, store) == []


def test_another_inbox_of_the_account_is_nothing(clock: FakeClock, store: Store, number: int) -> None:
    store.says(number, "您好")
    store.assign(number)
    store.set_status(number, "resolved")
    assert opened(ChatwootWebhook(SECRET, INBOX + 1, clock), store) == []


def test_events_that_we_do_not_know_are_nothing(webhook: ChatwootWebhook, clock: FakeClock) -> None:
    body = b'{"event": "contact_created", "id": 1}'
    assert webhook.open(signed(body, clock), body) is None


def test_the_signature_is_chatwoots() -> None:
    """Made with `openssl dgst -sha256 -hmac stub-webhook-secret` over `1700000000.{"event":"x"}`."""
    expected = "sha256=0ed925fff8fd17ca15d6cba31239f6aaedda5f7e0ef8d47c85afb4a437842d27"
    assert sign(SECRET, "1700000000", b'{"event":"x"}') == expected


@pytest.mark.parametrize(
    "change",
    [
        {SIGNATURE: ""},
        {SIGNATURE: "sha256=" + "0" * 64},
        {SIGNATURE: "签名"},
        {TIMESTAMP: "1"},
        {TIMESTAMP: ""},
        {TIMESTAMP: "签"},
    ],
)
def test_what_is_not_signed_is_refused(webhook: ChatwootWebhook, clock: FakeClock, change: Json) -> None:
    body = b'{"event": "contact_created"}'
    with pytest.raises(UnsignedWebhookError):
        webhook.open({**signed(body, clock), **change}, body)


def test_another_secret_and_another_body_are_refused(webhook: ChatwootWebhook, clock: FakeClock) -> None:
    body = b'{"event": "contact_created"}'
    with pytest.raises(UnsignedWebhookError):
        webhook.open(signed(body, clock, secret="other"), body)
    with pytest.raises(UnsignedWebhookError):
        webhook.open(signed(body, clock), body + b" ")


@pytest.mark.parametrize(("seconds", "passes"), [(299, True), (-299, True), (301, False), (-301, False)])
def test_a_signature_is_good_for_five_minutes(
    webhook: ChatwootWebhook, clock: FakeClock, seconds: int, passes: bool
) -> None:
    body = b'{"event": "contact_created"}'
    headers = signed(body, clock)
    clock.advance(seconds)
    if passes:
        assert webhook.open(headers, body) is None
    else:
        with pytest.raises(UnsignedWebhookError, match="timestamp"):
            webhook.open(headers, body)


def test_a_timestamp_that_is_no_number_is_refused_even_when_signed(webhook: ChatwootWebhook) -> None:
    body = b'{"event": "contact_created"}'
    for timestamp in ("", "now", "²", "9" * 40):
        with pytest.raises(UnsignedWebhookError):
            webhook.open({SIGNATURE: sign(SECRET, timestamp, body), TIMESTAMP: timestamp}, body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"event": "message_created", "id": "x"}',
        json.dumps({"event": "conversation_updated", "id": 1, "inbox_id": None}).encode(),
    ],
)
def test_what_cannot_be_read_says_where_and_not_what(webhook: ChatwootWebhook, clock: FakeClock, body: bytes) -> None:
    with pytest.raises(MalformedWebhookError) as refused:
        webhook.open(signed(body, clock), body)
    assert '"x"' not in str(refused.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = ("id", "content", "message_type", "private", "source_id", "sender", "conversation", "attachments", "inbox_id")
_EVENTS = ("message_created", "conversation_updated", "conversation_status_changed")


@given(
    event=st.sampled_from(_EVENTS) | _JSON,
    fields=st.dictionaries(st.sampled_from((*_FIELDS, "status", "meta", "changed_attributes")), _JSON),
)
def test_whatever_is_signed_is_read_or_malformed(event: Any, fields: Json) -> None:
    clock = FakeClock()
    body = json.dumps({"event": event, **fields}).encode()
    with suppress(MalformedWebhookError):
        ChatwootWebhook(SECRET, INBOX, clock).open(signed(body, clock), body)
