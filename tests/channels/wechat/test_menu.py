"""The menu keeps WeChat's limits, and says which it breaks before WeChat does."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.wechat.menu import InvalidMenuError, Menu
from bot.channels.wechat.simulator.menu import Menu as WechatsMenu
from bot.settings import Settings

TOPICS = {"balance", "human"}
BALANCE = {"name": "查余额", "topic": "balance"}


def load(tmp_path: Path, menu: Any, public_url: str = "https://wx.bank.example/") -> Menu:
    file = tmp_path / "menu.yml"
    file.write_text(yaml.safe_dump(menu, allow_unicode=True), encoding="utf-8")
    return Menu.load(file, public_url=public_url, topics=TOPICS)


def test_topics_become_clicks_and_pages_become_views(tmp_path: Path) -> None:
    menu = load(tmp_path, [{"name": "我的账户", "below": [BALANCE, {"name": "绑定", "page": "/wechat/bind"}]}])
    assert menu.as_wechat() == [
        {
            "name": "我的账户",
            "sub_button": [
                {"type": "click", "name": "查余额", "key": "balance"},
                {"type": "view", "name": "绑定", "url": "https://wx.bank.example/wechat/bind"},
            ],
        }
    ]
    assert menu.lines() == ["我的账户", "    查余额 → balance", "    绑定 → https://wx.bank.example/wechat/bind"]


@pytest.mark.parametrize(
    ("menu", "complaint"),
    [
        ([], "at least 1"),
        ([{"name": "一", "below": [BALANCE]}] * 4, "at most 3"),
        ([{"name": "一", "below": [BALANCE] * 6}], "at most 5"),
        ([{"name": "一", "below": []}], "at least 1"),
        ([{"name": "一二三四五六", "below": [BALANCE]}], "18 bytes, WeChat takes 1 to 16"),
        ([{"name": "一", "below": [{"name": "长" * 21, "topic": "balance"}]}], "63 bytes, WeChat takes 1 to 60"),
        ([{"name": "一", "below": [{"name": "", "topic": "balance"}]}], "WeChat takes 1 to 60"),
        ([{"name": "一", "below": [{"name": "键", "topic": "k" * 129}]}], "129 bytes, WeChat takes 1 to 128"),
        ([{"name": "一", "below": [{"name": "查余额"}]}], "either a topic or a page"),
        ([{"name": "一", "below": [{**BALANCE, "page": "/x"}]}], "either a topic or a page"),
        ([{"name": "一", "below": [{"name": "外", "page": "https://elsewhere.example"}]}], "pattern"),
        ([{"name": "一", "below": [{"name": "长", "page": "/" + "x" * 1024}]}], "more than 1024 bytes"),
        ([{"name": "一", "below": [{"name": "跳舞", "topic": "dance"}]}], "topic dance"),
        ({"name": "一"}, "list"),
    ],
)
def test_what_wechat_would_refuse_is_refused_in_words(tmp_path: Path, menu: Any, complaint: str) -> None:
    with pytest.raises(InvalidMenuError, match=complaint):
        load(tmp_path, menu)


def test_our_own_menu_is_one_that_wechat_takes() -> None:
    buttons = Menu.of(Settings(_env_file=None)).as_wechat()
    assert WechatsMenu().publish(buttons) == 0
