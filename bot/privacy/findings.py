"""The kinds of personal data and secrets, and where one stands in a text."""

from dataclasses import dataclass
from enum import Enum


class Kind(str, Enum):
    """What is looked for in a customer's text. `label` is the Chinese word in its placeholder."""

    label: str

    def __new__(cls, value: str, label: str) -> "Kind":
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.label = label
        return kind

    MOBILE = "mobile", "手机号"
    LANDLINE = "landline", "座机"
    BANK_CARD = "bank_card", "卡号"
    RESIDENT_ID = "resident_id", "身份证号"
    EMAIL = "email", "邮箱"
    ADDRESS = "address", "地址"
    CARD_EXPIRY = "card_expiry", "有效期"
    PASSWORD = "password", "密码"
    CODE = "code", "验证码"
    CVV = "cvv", "安全码"

    @property
    def is_secret(self) -> bool:
        """Whether nobody may know it: it is not kept at all. PCI DSS 3.3.1 forbids to keep a CVV or a PIN."""
        return self in (Kind.PASSWORD, Kind.CODE, Kind.CVV)


@dataclass(frozen=True)
class Finding:
    """`text[start:end]` is personal data; `value` is what of it is kept, without grouping and in half width."""

    kind: Kind
    start: int
    end: int
    value: str
