"""The Official Account as WeChat has it on file: what its owner entered on mp.weixin.qq.com."""

import hmac
import secrets
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from bot.channels.wechat.simulator.envelope import Envelope, signature
from bot.channels.wechat.simulator.xml import Fields, MalformedReplyError, field, written
from bot.settings import Settings


class Mode(str, Enum):
    """How pushes are encrypted: 明文, 兼容, 安全."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    ENCRYPTED = "encrypted"


@dataclass
class Account:
    """Names, secrets and addresses of the account, and what may be switched while it runs."""

    name: str
    app_id: str
    secret: str
    token: str
    aes_key: str
    bank_url: str
    """Where the account's server is; what users do is pushed to `/wechat` there."""
    verified: bool
    original_id: str = "gh_zhanggui0001"
    mode: Mode = Mode.ENCRYPTED
    recognises_voice: bool = True

    @classmethod
    def of(cls, settings: Settings) -> "Account":
        """The account that the gateway with the same settings believes to be. AssertionError where it has none."""
        assert settings.wechat_app_id is not None
        assert settings.wechat_app_secret is not None
        assert settings.wechat_token is not None
        assert settings.wechat_encoding_aes_key is not None
        assert settings.wechat_public_url is not None
        return cls(
            name=settings.brand_name,
            app_id=settings.wechat_app_id,
            secret=settings.wechat_app_secret.get_secret_value(),
            token=settings.wechat_token.get_secret_value(),
            aes_key=settings.wechat_encoding_aes_key.get_secret_value(),
            bank_url=settings.wechat_public_url.rstrip("/"),
            verified=settings.wechat_verified,
        )

    @property
    def oauth_host(self) -> str:
        """The only host (with port) to which the authorize page returns, 网页授权域名."""
        return urlsplit(self.bank_url).netloc

    def pushed(self, fields: Fields, timestamp: str) -> tuple[dict[str, str], str]:
        """The query and the body with which WeChat pushes `fields` in the account's mode."""
        nonce = str(secrets.randbelow(10**10))
        query = {"signature": signature(self.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        query["openid"] = str(fields["FromUserName"])
        if self.mode is Mode.PLAIN:
            return query, written(fields)
        sealed = Envelope(self.aes_key, self.app_id).seal(written(fields))
        query |= {"encrypt_type": "aes", "msg_signature": signature(self.token, timestamp, nonce, sealed)}
        shown = fields if self.mode is Mode.COMPATIBLE else {"ToUserName": self.original_id}
        return query, written({**shown, "Encrypt": sealed})

    def opened(self, reply: Element) -> str:
        """The XML inside an encrypted reply. Raises MalformedReplyError when it is not sealed by our server."""
        sealed, stated = field(reply, "Encrypt"), field(reply, "MsgSignature")
        right = signature(self.token, field(reply, "TimeStamp"), field(reply, "Nonce"), sealed)
        if not hmac.compare_digest(stated, right):
            raise MalformedReplyError("wrongly signed")
        try:
            return Envelope(self.aes_key, self.app_id).open(sealed)
        except ValueError as error:
            raise MalformedReplyError("cannot be decrypted") from error
