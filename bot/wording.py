"""How amounts, dates, cards and names look in Chinese that a bank sends."""

from datetime import date, datetime

from bot.clock import BANK_ZONE, bank_date

_SYMBOLS = {"CNY": "¥", "HKD": "HK$", "USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥"}


def money(fen: int, currency: str = "CNY") -> str:
    """Integer hundredths as `¥12,345.67`, `US$12.00`; another currency with its code; a negative one as `-¥12.00`."""
    sign = "-" if fen < 0 else ""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def day(when: date, today: date | None = None) -> str:
    """`11月23日`; with `today` given, the year is named where it is another one: `2025年11月23日`."""
    text = f"{when.month}月{when.day}日"
    return f"{when.year}年{text}" if today is not None and when.year != today.year else text


def moment(when: datetime, now: datetime) -> str:
    """`今天13:30`, `明天8:30`, `11月30日周一8:30`; the bank's time."""
    local = when.astimezone(BANK_ZONE)
    days = (local.date() - bank_date(now)).days
    near = {0: "今天", 1: "明天"}.get(
        days
    ) or f"{day(local.date(), bank_date(now))}周{'一二三四五六日'[local.weekday()]}"
    return f"{near}{local.hour}:{local.minute:02d}"


def tail(card_tail: str) -> str:
    """`尾号1234`."""
    return f"尾号{card_tail}"


def mask_phone(phone: str) -> str:
    """`138****5678`."""
    return f"{phone[:3]}****{phone[-4:]}"


def mask_name(name: str) -> str:
    """`王**`: the family name stays, one star a further character."""
    return name[:1] + "*" * (len(name) - 1)
