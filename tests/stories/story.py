"""Stories: what a customer says, turn by turn, and what the assistant is expected to answer."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
CUSTOMER, ASSISTANT, PERSON = "客户", "小掌", "人工"


@dataclass
class Turn:
    """What the customer says, each message expected in answer, and why a person is fetched, if one is."""

    said: str
    answers: list[str] = field(default_factory=list)
    reason: str | None = None


@dataclass
class Story:
    """`customer` is who of the demo bank has signed in; None is a stranger."""

    name: str
    customer: str | None
    turns: list[Turn]


def stories() -> list[Story]:
    """All stories of the folder; one with `each` is told once for each of its words, in the place of `{each}`."""
    found = []
    for file in sorted(HERE.glob("*.yml")):
        for told in yaml.safe_load(file.read_text(encoding="utf-8")):
            for word in told.get("each", [None]):
                name = f"{file.stem}: {told['story']}" + (f" ({word})" if word else "")
                found.append(Story(name, told.get("customer"), _turns(told["turns"], str(word))))
    return found


def _turns(lines: list[dict[str, Any]], word: str) -> list[Turn]:
    turns: list[Turn] = []
    for line in lines:
        ((who, what),) = line.items()
        if who == CUSTOMER:
            turns.append(Turn(str(what).replace("{each}", word)))
        elif who == ASSISTANT:
            turns[-1].answers.append(what)
        else:
            assert who == PERSON, who
            turns[-1].reason = what
    return turns


def fits(pattern: str, text: str) -> bool:
    """Whether `text` is what `pattern` says; `*` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None
