"""Whoever shows placeholders to people knows all of them."""

import re

from bot.privacy.findings import Kind
from bot.settings import ROOT


def test_the_pages_know_every_label() -> None:
    script = (ROOT / "bot/web/shared/placeholders.js").read_text(encoding="utf-8")
    sealed, dropped = (set(group.split("|")) for group in re.findall(r"\\\[\((.+?)\)", script))
    assert sealed == {kind.label for kind in Kind if not kind.is_secret}
    assert dropped == {kind.label for kind in Kind if kind.is_secret}
