"""What span of days a customer means by 上个月, 3月5号 or 最近一周."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    """Both days are included; `label` is how the assistant says it back, such as `10月1日至10月31日`."""

    since: date
    until: date
    label: str


def resolve_period(text: str, today: date) -> Period | None:
    """The days meant by `text`, seen from `today`; None when no date can be found in it."""
    raise NotImplementedError  # first commit: signature only
