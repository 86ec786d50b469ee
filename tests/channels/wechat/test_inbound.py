"""Typed pushes, against the parser of an independent library."""

from typing import Any

import pytest
from wechatpy import parse_message

from bot.channels.wechat.errors import MalformedPushError
from bot.channels.wechat.inbound import (
    Event,
    ImageMessage,
    LinkMessage,
    LocationMessage,
    Message,
    TextMessage,
    VideoMessage,
    VoiceMessage,
    push_of,
)
from bot.channels.wechat.wire import Notation, read, write
from tests.channels.wechat.pushes import OPENID, event, message

KINDS = [
    (message("text", Content="你好"), TextMessage),
    (message("image", PicUrl="http://p/1", MediaId="m-1"), ImageMessage),
    (message("voice", MediaId="m", Format="amr", Recognition="查余额"), VoiceMessage),
    (message("video", MediaId="m", ThumbMediaId="t"), VideoMessage),
    (message("shortvideo", MediaId="m", ThumbMediaId="t"), VideoMessage),
    (message("location", Location_X="31.2", Location_Y="121.4", Scale=16, Label="上海"), LocationMessage),
    (message("link", Title="t", Description="d", Url="https://u"), LinkMessage),
    (message("file", Title="t"), Message),
    (event("subscribe", EventKey="qrscene_complaint", Ticket="t"), Event),
    (event("CLICK", EventKey="balance"), Event),
]


@pytest.mark.parametrize(("fields", "kind"), KINDS)
@pytest.mark.parametrize("notation", Notation)
def test_every_kind_is_read_in_both_notations(fields: dict[str, Any], kind: type, notation: Notation) -> None:
    push = push_of(read(write(fields, notation)))
    assert type(push) is kind
    assert push.openid == OPENID
    assert push_of(push.model_dump(by_alias=True)) == push


@pytest.mark.parametrize("fields", [fields for fields, kind in KINDS if kind is not Message])
def test_another_library_reads_the_same(fields: dict[str, Any]) -> None:
    text = write(fields, Notation.XML)
    ours, theirs = push_of(read(text)), parse_message(text)
    assert (ours.openid, ours.account, ours.created_at) == (
        theirs.source,
        theirs.target,
        int(theirs.create_time.timestamp()),
    )
    if isinstance(ours, Message):
        assert ours.message_id == theirs.id
    for name in ("content", "media_id", "recognition", "label", "title", "url"):
        if hasattr(ours, name):
            assert getattr(ours, name) == getattr(theirs, name)


def test_a_repetition_has_the_same_key_whatever_else_differs() -> None:
    fields = message("text", Content="你好")
    keys = {push_of(fields).request_key, push_of({**fields, "CreateTime": 7}).request_key}
    assert len(keys) == 1


def test_other_pushes_have_other_keys() -> None:
    text, click = message("text", Content="一"), event("CLICK", EventKey="balance", at=5)
    pushes = [
        text,
        message("text", Content="一"),
        {**text, "FromUserName": "oAnother"},
        click,
        {**click, "CreateTime": 6},
        {**click, "EventKey": "points"},
        {**click, "Event": "SCAN"},
        {**click, "FromUserName": "oAnother"},
    ]
    assert len({push_of(fields).request_key for fields in pushes}) == len(pushes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"FromUserName": ""},
        {"FromUserName": "o" * 65},
        {"FromUserName": "张三"},
        {"FromUserName": ["o"]},
        {"FromUserName": "o\n"},
        {"ToUserName": ""},
        {"CreateTime": "soon"},
        {"CreateTime": -1},
        {"CreateTime": 1e300},
        {"MsgId": ""},
        {"MsgId": 2**64},
        {"Content": {"a": 1}},
        {"MsgType": ["text"]},
    ],
)
def test_wrong_fields_are_refused_without_repeating_them(wrong: dict[str, Any]) -> None:
    with pytest.raises(MalformedPushError) as refused:
        push_of({**message("text", Content="秘密"), **wrong})
    assert next(iter(wrong)) in str(refused.value)
    assert "秘密" not in str(refused.value)


def test_events_have_no_id_and_messages_need_one() -> None:
    with pytest.raises(MalformedPushError, match="MsgId"):
        push_of({name: value for name, value in message("text").items() if name != "MsgId"})
