"""XML and JSON, read strictly and written so that WeChat's own reader gets back what was meant."""

import json

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.errors import MalformedPushError
from bot.channels.wechat.wire import Notation, read, write

BOMB = '<!DOCTYPE xml [<!ENTITY a "ha">{}]><xml><Content>&j;</Content></xml>'.format(
    "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True))
)


def test_both_notations_give_the_same_fields() -> None:
    xml = "<xml><ToUserName><![CDATA[gh]]></ToUserName><CreateTime>5</CreateTime><Content> 你好 </Content><X/></xml>"
    assert read(xml) == {"ToUserName": "gh", "CreateTime": "5", "Content": " 你好 ", "X": ""}
    assert read('{"ToUserName": "gh", "CreateTime": 5}') == {"ToUserName": "gh", "CreateTime": 5}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "success",
        "<xml>",
        "<html></html>",
        "<xml></xml><xml></xml>",
        '<?xml version="1.0" encoding="no-such"?><xm',
        BOMB,
        '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml></xml>',
        "<xml><Content>\x00</Content></xml>",
        "<a>" * 15_000,
        "{",
        '{"a": NaN',
        r'{"Content": "\ud800"}',
        '{"a": ' + "[" * 20_000,
        '{"a": ' + "9" * 5_000 + "}",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(MalformedPushError):
        read(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool))
def test_what_is_written_in_xml_is_read_back_by_another_library(text: str) -> None:
    kept = text.replace("\ufffe", "").replace("\uffff", "")
    written = write({"Content": text, "Articles": [{"Title": text}], "N": 1}, Notation.XML)
    read_back = xmltodict.parse(written, strip_whitespace=False)["xml"]
    assert (read_back["Content"] or "") == kept
    assert (read_back["Articles"]["item"]["Title"] or "") == kept
    assert read_back["N"] == "1"


@pytest.mark.parametrize("text", ["]]>", "a]]>b]]>c", "]]]]>>", "<xml>&amp;</xml>", "]]><Content>"])
def test_what_would_end_a_section_does_not(text: str) -> None:
    assert xmltodict.parse(write({"Content": text}, Notation.XML))["xml"]["Content"] == text


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert xmltodict.parse(write({"Content": "你\x0b好\x00"}, Notation.XML))["xml"]["Content"] == "你好"


def test_json_keeps_its_shape() -> None:
    fields = {"Content": "你好 ]]>", "CreateTime": 5, "Articles": [{"Title": "t"}]}
    assert json.loads(write(fields, Notation.JSON)) == fields
