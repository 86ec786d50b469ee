"""The simulator signs and encrypts as WeChat does: against published vectors and an independent library."""

import pytest
from wechatpy.crypto import WeChatCrypto

from bot.channels.wechat.simulator.envelope import Envelope, signature

KEY, APP_ID = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ", "wx49f0ab532d5d035a"


@pytest.mark.parametrize(
    ("timestamp", "nonce", "expected"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_signatures_are_wechats(timestamp: str, nonce: str, expected: str) -> None:
    assert signature("AAAAA", timestamp, nonce) == expected


def test_a_published_envelope_opens() -> None:
    sealed = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
    assert Envelope(KEY, APP_ID).open(sealed) == "5927782489442352469"


def test_an_envelope_for_another_account_does_not() -> None:
    sealed = "9s4gMv99m88kKTh/H8IdkNiFGeG9pd7vNWl50fGRWXY="
    assert Envelope(KEY, "rust").open(sealed) == "test"
    with pytest.raises(ValueError, match="another account"):
        Envelope(KEY, APP_ID).open(sealed)


def test_another_implementation_understands_us() -> None:
    crypto = WeChatCrypto("AAAAA", KEY, APP_ID)
    sealed = Envelope(KEY, APP_ID).seal("<xml>你好</xml>")
    stated = signature("AAAAA", "1714036504", "1", sealed)
    body = f"<xml><ToUserName>gh</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    assert crypto.decrypt_message(body, stated, "1714036504", "1") == "<xml>你好</xml>"
