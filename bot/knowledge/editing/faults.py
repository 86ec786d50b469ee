"""What is wrong with an entry, in words an editor can use."""

import re
from collections.abc import Iterable

FIELDS = {
    "id": "编号",
    "question": "标准问题",
    "phrasings": "问法",
    "answer": "答案",
    "valid_from": "生效日期",
    "valid_until": "失效日期",
}
"""The parts of an entry, as the page and the sheets call them."""
_FAULT = re.compile(r"(?:entry (?P<entry>\S+?): )?(?:field (?P<field>\w+)\S*: )?(?P<told>.*)", re.DOTALL)
_REASONS: tuple[tuple[str, str], ...] = (
    (r"List should have at least (\d+) items?.*", r"至少要有\1种"),
    (r"String should have at least (\d+) characters?", r"每项至少\1个字"),
    (r"String should have at most (\d+) characters?", r"最多\1个字"),
    (r"String should match pattern.*", "要写成“主题.名称”，只用小写字母、数字和下划线"),
    (r"“(.*)” is also in (\S+)", r"“\1”与 \2 的问法重复"),
    (r"cannot fill in '?([^']*)'?", r"不能使用变量 {\1}"),
    (r"Input should be a valid date.*|.*is not a date", "不是日期，应写成 2026-12-31"),
    (r".*valid_until is before valid_from", "失效日期早于生效日期"),
    (r"Field required", "没有填写"),
    (r"the id comes twice", "编号重复"),
)


def column_of(fault: str) -> str | None:
    """Which part of an entry a line of `problems` speaks of, as the page and the sheets call it."""
    match = _FAULT.fullmatch(fault)
    return FIELDS.get(match["field"]) if match and match["field"] else None


def entry_of(fault: str) -> str | None:
    """Which entry it speaks of, where it says so."""
    match = _FAULT.fullmatch(fault)
    return match["entry"] if match else None


def reason_of(fault: str) -> str:
    """What is wrong, without the field; as the library put it where we have no word of our own."""
    match = _FAULT.fullmatch(fault)
    told = match["told"] if match else fault
    for pattern, reason in _REASONS:
        if re.fullmatch(pattern, told, re.DOTALL):
            return re.sub(f"(?s:{pattern})", reason, told, count=1)
    return told


def in_words(faults: Iterable[str]) -> str:
    """All of them in one sentence."""
    return "；".join(dict.fromkeys(f"{column_of(fault) or '条目'}：{reason_of(fault)}" for fault in faults))
