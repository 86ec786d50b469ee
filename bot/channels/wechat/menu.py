"""The menu at the bottom of the chat: read from `menu.yml`, held against WeChat's limits before WeChat sees it."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from bot.channels.wechat.errors import WechatError
from bot.channels.wechat.topics import load_topics
from bot.settings import Settings

MENU_FILE = Path(__file__).with_name("menu.yml")
MAX_TOP, MAX_BELOW = 3, 5
MAX_TOP_NAME_BYTES, MAX_NAME_BYTES, MAX_KEY_BYTES, MAX_URL_BYTES = 16, 60, 128, 1024


class InvalidMenuError(WechatError):
    """The menu breaks one of WeChat's limits, or names a topic that there is not."""

    code = "invalid_menu"


def _at_most(size: int) -> AfterValidator:
    def check(text: str) -> str:
        if not 0 < len(text.encode()) <= size:
            raise ValueError(f"“{text}” has {len(text.encode())} bytes, WeChat takes 1 to {size}")
        return text

    return AfterValidator(check)


class _Button(BaseModel):
    """Says a topic, or opens a page of ours."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, _at_most(MAX_NAME_BYTES)]
    topic: Annotated[str, _at_most(MAX_KEY_BYTES)] | None = None
    page: str | None = Field(None, pattern="^/")

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "_Button":
        if (self.topic is None) == (self.page is None):
            raise ValueError(f"“{self.name}” needs either a topic or a page")
        return self


class _Top(BaseModel):
    """Opens the buttons below it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, _at_most(MAX_TOP_NAME_BYTES)]
    below: list[_Button] = Field(min_length=1, max_length=MAX_BELOW)


_MENU: TypeAdapter[list[_Top]] = TypeAdapter(Annotated[list[_Top], Field(min_length=1, max_length=MAX_TOP)])


class Menu:
    """A valid menu, ready to be shown and published."""

    def __init__(self, tops: list[_Top], public_url: str) -> None:
        self._tops = tops
        self._public_url = public_url.rstrip("/")

    @classmethod
    def of(cls, settings: Settings) -> "Menu":
        """The menu of this installation, whose account there must be. Raises InvalidMenuError."""
        if settings.wechat_public_url is None:
            raise InvalidMenuError("there is no account: set WECHAT_APP_ID and what belongs to it")
        return cls.load(MENU_FILE, public_url=settings.wechat_public_url, topics=load_topics())

    @classmethod
    def load(cls, file: Path, *, public_url: str, topics: Collection[str]) -> "Menu":
        """Read `file`; its pages lie under `public_url`, its topics must be among `topics`.

        Raises InvalidMenuError, which says what is wrong in words for whoever edits the file.
        """
        try:
            tops = _MENU.validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
        except ValidationError as error:
            raise InvalidMenuError("; ".join(_sentence(problem) for problem in error.errors())) from error
        except yaml.YAMLError as error:
            raise InvalidMenuError(f"{file.name} is not YAML: {error}") from error
        menu = cls(tops, public_url)
        for button in (button for top in tops for button in top.below):
            if button.topic is not None and button.topic not in topics:
                raise InvalidMenuError(f"“{button.name}” names the topic {button.topic}, which topics.yml has not")
            if len(menu._url(button).encode()) > MAX_URL_BYTES:
                raise InvalidMenuError(f"the address of “{button.name}” has more than {MAX_URL_BYTES} bytes")
        return menu

    def as_wechat(self) -> list[dict[str, Any]]:
        """The value of `button` in `POST /cgi-bin/menu/create`."""
        return [{"name": top.name, "sub_button": [self._leaf(button) for button in top.below]} for top in self._tops]

    def lines(self) -> list[str]:
        """The menu for a person at a terminal."""
        lines = []
        for top in self._tops:
            lines.append(top.name)
            lines += [f"    {button.name} → {button.topic or self._url(button)}" for button in top.below]
        return lines

    def _leaf(self, button: _Button) -> dict[str, str]:
        if button.topic is not None:
            return {"type": "click", "name": button.name, "key": button.topic}
        return {"type": "view", "name": button.name, "url": self._url(button)}

    def _url(self, button: _Button) -> str:
        return f"{self._public_url}{button.page or ''}"


def _sentence(problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place or 'the menu'}: {problem['msg'].removeprefix('Value error, ')}"
