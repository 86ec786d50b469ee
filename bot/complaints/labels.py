"""Chinese names of what we keep (`labels.yml`)."""

from enum import Enum
from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_suffix(".yml")


def label(value: Enum) -> str:
    """`State.CLOSED` as 已办结."""
    return _labels()[type(value).__name__][value.value]


def channel_label(channel: str) -> str:
    """`wechat` as 微信; a channel without a name keeps its own."""
    return _labels()["channel"].get(channel, channel)


@lru_cache
def _labels() -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return labels
