"""Pushes as WeChat makes them, encrypted by an independent library."""

import itertools
import json
from dataclasses import dataclass
from typing import Any

import httpx
import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.settings import Settings
from tests.fakes.clock import FakeClock

OPENID = "oUser-0123456789_abcdefghijk"
ACCOUNT = "gh_zhanggui0001"
PLAIN, COMPATIBLE, ENCRYPTED = "plain", "compatible", "encrypted"
XML, JSON = "xml", "json"
_SETTINGS = Settings(_env_file=None)
APP_ID = str(_SETTINGS.wechat_app_id)
TOKEN = _SETTINGS.wechat_token.get_secret_value()  # type: ignore[union-attr]
AES_KEY = _SETTINGS.wechat_encoding_aes_key.get_secret_value()  # type: ignore[union-attr]
CRYPTO = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
_numbers = itertools.count(23_000_000_000_000_000)


def signature(*parts: str) -> str:
    """As the address of a push carries it."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def message(kind: str, *, openid: str = OPENID, **fields: Any) -> dict[str, Any]:
    """A message with an id of its own."""
    return {**_head(openid), "MsgType": kind, "MsgId": next(_numbers), **fields}


def event(name: str, *, openid: str = OPENID, at: int = 1795406400, **fields: Any) -> dict[str, Any]:
    """An event at `at`, in seconds."""
    return {**_head(openid), "CreateTime": at, "MsgType": "event", "Event": name, **fields}


def _head(openid: str) -> dict[str, Any]:
    return {"ToUserName": ACCOUNT, "FromUserName": openid, "CreateTime": 1795406400}


@dataclass
class Wechat:
    """Pushes to `/wechat`, each request with a nonce of its own unless one is given."""

    http: httpx.AsyncClient
    clock: FakeClock
    mode: str = ENCRYPTED
    notation: str = XML

    async def push(self, fields: dict[str, Any], **address: str) -> httpx.Response:
        """One try."""
        return await self.push_text(self._written(fields), shown=fields, **address)

    async def push_text(self, text: str, *, shown: dict[str, Any] | None = None, **address: str) -> httpx.Response:
        """A try with any content; `shown` are the fields that stand beside it in compatible mode."""
        timestamp = address.get("timestamp", str(int(self.clock().timestamp())))
        nonce = address.get("nonce", f"nonce{next(_numbers)}")
        params = {"timestamp": timestamp, "nonce": nonce, "signature": signature(TOKEN, timestamp, nonce)}
        if self.mode != PLAIN:
            sealed = PrpCrypto(CRYPTO.key).encrypt(text, APP_ID).decode()
            beside = (shown or {}) if self.mode == COMPATIBLE else {"ToUserName": ACCOUNT}
            text = self._written({**beside, "Encrypt": sealed})
            params |= {"encrypt_type": "aes", "msg_signature": signature(TOKEN, timestamp, nonce, sealed)}
        return await self.post(text.encode(), {**params, **address})

    async def post(self, body: bytes, params: dict[str, str]) -> httpx.Response:
        """Exactly this."""
        return await self.http.post("/wechat", params=params, content=body)

    async def said(self, fields: dict[str, Any], **address: str) -> str:
        """The words of the reply to a push; empty when it was only acknowledged."""
        return self.words(await self.push(fields, **address))

    def words(self, answer: httpx.Response) -> str:
        """The words of a reply as WeChat reads it."""
        assert answer.status_code == 200, answer.text
        if answer.text == "success":
            return ""
        reply = self._read(answer.text)
        if self.mode != PLAIN:
            signed = (reply["MsgSignature"], str(reply["TimeStamp"]), reply["Nonce"])
            reply = self._read(CRYPTO.decrypt_message(reply, *signed))
        assert reply["FromUserName"] == ACCOUNT
        assert reply["MsgType"] == "text"
        return str(reply["Content"])

    def _written(self, fields: dict[str, Any]) -> str:
        if self.notation == JSON:
            return json.dumps(fields)
        return xmltodict.unparse({"xml": fields}, full_document=False)

    def _read(self, text: str) -> dict[str, Any]:
        return json.loads(text) if self.notation == JSON else dict(xmltodict.parse(text)["xml"])
