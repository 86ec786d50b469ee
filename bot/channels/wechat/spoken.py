"""What a message of WeChat says, whatever form it has."""

from dataclasses import dataclass, field
from typing import Any

from bot.channels.wechat.emoji import without_codes
from bot.channels.wechat.inbound import (
    ImageMessage,
    LinkMessage,
    LocationMessage,
    Message,
    TextMessage,
    VideoMessage,
    VoiceMessage,
)

_NO_TEXT = "【收到不支持的消息类型，暂无法显示】"
"""What WeChat itself puts into a text that stands for a sticker or something else that it does not hand on."""


@dataclass(frozen=True)
class Spoken:
    """Arguments of `ConversationService.receive`: a text, and how to answer where it is no question to the bot."""

    text: str
    payload: str | None = None
    response: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def spoken(message: Message) -> Spoken:
    """The words of a text or a recognised voice; for everything else a mark in the transcript and a response."""
    match message:
        case TextMessage(content=content) if content.strip() != _NO_TEXT:
            return Spoken(without_codes(content))
        case VoiceMessage(recognition=words) if words.strip():
            return Spoken(words)
        case VoiceMessage():
            return Spoken("[语音]", response="utter_wechat_voice")
        case ImageMessage(media_id=media_id, pic_url=pic_url):
            picture = {"image": {"media_id": media_id, "pic_url": pic_url}}
            return Spoken("[图片]", response="utter_wechat_image", metadata=picture)
        case VideoMessage():
            return Spoken("[视频]", response="utter_wechat_video")
        case LocationMessage(label=label):
            return Spoken(f"[位置]{label[:100]}", response="utter_wechat_location")
        case LinkMessage(title=title, url=url):
            return Spoken(f"[链接]{title[:100]} {url[:500]}", response="utter_wechat_link")
        case _:
            return Spoken("[其他消息]", response="utter_wechat_unsupported")
