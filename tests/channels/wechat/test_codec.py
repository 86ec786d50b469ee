"""Signature and envelope against published vectors and an independent library."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from bot.channels.wechat.codec import Envelope, sign, verify
from bot.channels.wechat.errors import MalformedPushError, SignatureError

KEY, APP_ID = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ", "wx49f0ab532d5d035a"
OTHERS = "9s4gMv99m88kKTh/H8IdkNiFGeG9pd7vNWl50fGRWXY="
OURS = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
ENVELOPE = Envelope(KEY, APP_ID)
ORACLE = PrpCrypto(WeChatCrypto("AAAAA", KEY, APP_ID).key)


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_signatures_are_wechats(timestamp: str, nonce: str, expected: str) -> None:
    assert sign("AAAAA", timestamp, nonce) == expected
    verify(expected, "AAAAA", timestamp, nonce)


@pytest.mark.parametrize("wrong", ["", "f464b24f", "F464B24FC39322E44B38AA78F5EDD27BD1441696", "签名", "\ufffd"])
def test_any_other_signature_is_refused(wrong: str) -> None:
    with pytest.raises(SignatureError):
        verify(wrong, "AAAAA", "1714036504", "1514711492")


def test_published_envelopes_open() -> None:
    assert Envelope(KEY, "rust").open(OTHERS) == "test"
    assert ENVELOPE.open(OURS) == "5927782489442352469"


def test_an_envelope_for_another_account_does_not() -> None:
    with pytest.raises(MalformedPushError, match="another account"):
        ENVELOPE.open(OTHERS)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_another_implementation_reads_what_we_seal_and_we_what_it_does(text: str) -> None:
    assert ORACLE.decrypt(ENVELOPE.seal(text), APP_ID) == text
    assert ENVELOPE.open(ORACLE.encrypt(text, APP_ID).decode()) == text


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda some: base64.b64encode(some).decode())))
def test_what_is_no_envelope_is_refused(text: str) -> None:
    with pytest.raises(MalformedPushError):
        ENVELOPE.open(text)
