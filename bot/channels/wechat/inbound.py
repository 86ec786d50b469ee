"""What WeChat pushes, as typed messages and events. The aliases are WeChat's names (接收普通消息, 接收事件推送)."""

import hashlib
from abc import ABC, abstractmethod
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.wechat.errors import MalformedPushError
from bot.channels.wechat.wire import Fields

_Id = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,512}$")]


class Push(BaseModel, ABC):
    """What every push says."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    account: _Id = Field(alias="ToUserName")
    openid: str = Field(alias="FromUserName", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    created_at: int = Field(alias="CreateTime", ge=0, lt=10**11)
    kind: str = Field(alias="MsgType", max_length=64)

    @property
    def request_key(self) -> str:
        """The same for every try of one push, and for no other push."""
        return hashlib.sha256("\n".join([self.openid, *self._identity()]).encode()).hexdigest()

    @property
    def is_farewell(self) -> bool:
        """Whether the user is gone: no reply will be read."""
        return False

    @abstractmethod
    def _identity(self) -> list[str]:
        """What tells this user's pushes apart."""


class Message(Push):
    """Something the user sends into the chat; as such, of a kind we know nothing of."""

    message_id: int = Field(alias="MsgId", ge=0, lt=2**64)

    def _identity(self) -> list[str]:
        return [str(self.message_id)]


class TextMessage(Message):
    """A text, typed or by tapping an item of a msgmenu."""

    content: str = Field("", alias="Content")
    menu_item: str | None = Field(None, alias="bizmsgmenuid")


class ImageMessage(Message):
    """A picture."""

    pic_url: str = Field("", alias="PicUrl", pattern=r"^[\x21-\x7e]{0,2048}$")
    media_id: _Id = Field(alias="MediaId")


class VoiceMessage(Message):
    """Speech, with what WeChat understood where recognition is switched on and worked."""

    recognition: str = Field("", alias="Recognition")


class VideoMessage(Message):
    """A video."""


class LocationMessage(Message):
    """A place on the map."""

    label: str = Field("", alias="Label")


class LinkMessage(Message):
    """An article that was shared with us."""

    title: str = Field("", alias="Title")
    url: str = Field("", alias="Url")


class Event(Push):
    """Something the user does beside chatting, or that WeChat itself tells."""

    name: str = Field(alias="Event", max_length=64)
    event_key: str = Field("", alias="EventKey")

    @property
    def is_farewell(self) -> bool:
        return self.name == "unsubscribe"

    def _identity(self) -> list[str]:
        return [str(self.created_at), self.name, self.event_key]


_KINDS: dict[str, type[Push]] = {
    "text": TextMessage,
    "image": ImageMessage,
    "voice": VoiceMessage,
    "video": VideoMessage,
    "shortvideo": VideoMessage,
    "location": LocationMessage,
    "link": LinkMessage,
    "event": Event,
}


def push_of(fields: Fields) -> Push:
    """The message or event in the fields of a push. Raises MalformedPushError."""
    kind = _KINDS.get(str(fields.get("MsgType")), Message)
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        wrong = sorted({str(problem["loc"][0]) for problem in error.errors(include_input=False)})
        raise MalformedPushError(f"{kind.__name__} with wrong {', '.join(wrong)}") from error
