"""Lets in what comes from WeChat, and writes answers as WeChat reads them."""

from dataclasses import dataclass
from datetime import datetime

from bot.channels.wechat.codec import Envelope, sign, verify
from bot.channels.wechat.errors import MalformedPushError
from bot.channels.wechat.inbound import Push, push_of
from bot.channels.wechat.outgoing import News, Passive
from bot.channels.wechat.replay import ReplayGuard
from bot.channels.wechat.wire import Fields, Notation, notation_of, read, write
from bot.clock import Clock


@dataclass(frozen=True)
class Signed:
    """What WeChat puts into the address of every request."""

    signature: str = ""
    timestamp: str = ""
    nonce: str = ""
    encrypt_type: str = ""
    msg_signature: str = ""


@dataclass(frozen=True)
class Opened:
    """A push, and how its answer is to be written."""

    push: Push
    notation: Notation
    is_encrypted: bool


class Gate:
    """Knows the account's token and key. What does not pass raises a PushError, before anything is done."""

    def __init__(self, token: str, envelope: Envelope, replay: ReplayGuard, clock: Clock) -> None:
        self._token = token
        self._envelope = envelope
        self._replay = replay
        self._clock = clock

    def verify(self, signed: Signed) -> None:
        """That WeChat signed the address, not long ago. Raises SignatureError."""
        verify(signed.signature, self._token, signed.timestamp, signed.nonce)
        self._replay.check_time(signed.timestamp)

    async def open(self, signed: Signed, body: bytes) -> Opened:
        """Read a push: plain, or encrypted where the address says so. Raises SignatureError, MalformedPushError and
        ReplayError.
        """
        self.verify(signed)
        text = _decoded(body)
        is_encrypted = signed.encrypt_type == "aes"
        content = self._decrypted(signed, text) if is_encrypted else text
        push = push_of(read(content))
        await self._replay.check_nonce(signed.timestamp, signed.nonce, content)
        return Opened(push, notation_of(text), is_encrypted)

    def reply(self, opened: Opened, message: Passive) -> str:
        """The body that answers a push with `message`, encrypted if the push was."""
        now, push = self._clock(), opened.push
        text = write(_reply(push, message, now), opened.notation)
        if not opened.is_encrypted:
            return text
        timestamp, nonce = str(int(now.timestamp())), push.request_key[:16]
        encrypt = self._envelope.seal(text)
        fields = {
            "Encrypt": encrypt,
            "MsgSignature": sign(self._token, timestamp, nonce, encrypt),
            "TimeStamp": int(timestamp),
            "Nonce": nonce,
        }
        return write(fields, opened.notation)

    def _decrypted(self, signed: Signed, text: str) -> str:
        encrypt = read(text).get("Encrypt")
        if not isinstance(encrypt, str):
            raise MalformedPushError("nothing encrypted in it")
        verify(signed.msg_signature, self._token, signed.timestamp, signed.nonce, encrypt)
        return self._envelope.open(encrypt)


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise MalformedPushError("not UTF-8") from error


def _reply(push: Push, message: Passive, now: datetime) -> Fields:
    head = {"ToUserName": push.openid, "FromUserName": push.account, "CreateTime": int(now.timestamp())}
    if isinstance(message, News):
        article = {"Title": message.title, "Description": message.description, "PicUrl": "", "Url": message.url}
        return {**head, "MsgType": "news", "ArticleCount": 1, "Articles": [article]}
    return {**head, "MsgType": "text", "Content": message.text}
