"""What the customer-service API takes: the kinds of message, and why WeChat would not send one."""

from typing import Any

from bot.channels.wechat.simulator.account import Account
from bot.channels.wechat.simulator.refusals import WechatApiError
from bot.channels.wechat.simulator.replies import MAX_TEXT_BYTES


def content_of(account: Account, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the phone is to show. Raises WechatApiError for what WeChat would not send."""
    try:
        return _content_of(account, kind, body)
    except (KeyError, TypeError, AttributeError) as error:
        raise WechatApiError(47001) from error


def _content_of(account: Account, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    if kind == "text":
        size = len(str(body.get("content", "")).encode())
        if not 0 < size <= MAX_TEXT_BYTES:
            raise WechatApiError(45002 if size else 44004)
        return {"text": body["content"]}
    if kind == "news":
        articles = body.get("articles") or []
        if len(articles) != 1:
            raise WechatApiError(45008)
        (article,) = articles
        return {
            "title": article["title"],
            "description": article.get("description", ""),
            "picture": article.get("picurl", ""),
            "url": article.get("url", ""),
        }
    if kind == "msgmenu":
        if not account.verified:
            raise WechatApiError(40200)
        return {
            "head": body.get("head_content", ""),
            "items": [{"id": str(item["id"]), "content": str(item["content"])} for item in body["list"]],
            "tail": body.get("tail_content", ""),
        }
    if kind == "image":
        return {"media_id": body["media_id"]}
    raise WechatApiError(40008)
