"""Messages that give away a secret."""

import re

from bot.privacy.findings import Kind

_SECRET = re.compile(rf"\[(?:{'|'.join(kind.label for kind in Kind if kind.is_secret)})\]")
_CALLED = re.compile(
    r"(?:[我你您他的这那个张了是为就，。,.:：;；!！?？、/ \"“”()（）吧呢啊哦吗\n]|银行|信用|储蓄|工资|卡|取款|查询"
    r"|支付|登录|交易|手机|网银|短信|收到|刚才|刚刚|动态|密码|口令|验证码|校验码|安全码|背面|后三位|pin|pwd|password|cvv2?|cvc2?"
    r"|\[有效期\d+\]|有效期)*",
    re.IGNORECASE,
)


def says_nothing_else(sealed: str) -> bool:
    """Whether a sealed text holds nothing but secrets and what they are called: 我的取款密码是[密码]."""
    return _CALLED.fullmatch(_SECRET.sub("", sealed)) is not None
