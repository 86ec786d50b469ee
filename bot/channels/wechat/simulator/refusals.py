"""WeChat's error codes and its words for them."""

from typing import Any

_MESSAGES = {
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40029: "invalid code",
    40125: "invalid appsecret",
    40163: "code been used",
    40200: "invalid account type",
    41005: "media data missing",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "invalid command",
    46003: "no menu",
    47001: "data format error",
}


class WechatApiError(Exception):
    """The call is refused with an `errcode`; WeChat answers these with HTTP 200 all the same."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def refusal(code: int) -> dict[str, Any]:
    """WeChat's words for an error code."""
    return {"errcode": code, "errmsg": _MESSAGES.get(code, "error")}
