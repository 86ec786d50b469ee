"""Answers to start from, for the people who write them (`answer_templates.yml`)."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot import wording
from bot.clock import bank_date
from bot.complaints.classify import names_of
from bot.complaints.models import Complaint, Outcome

_FILE = Path(__file__).with_name("answer_templates.yml")


class AnswerTemplate(BaseModel):
    """An answer to start from; what stands in 【】 is left to the agent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    outcome: Outcome
    text: str
    categories: tuple[str, ...] = ()
    """The categories it is for; none: all."""


def templates_for(complaint: Complaint, *, hotline: str) -> list[AnswerTemplate]:
    """The templates that fit, those for the category first, filled with what is known."""
    category, subcategory = names_of(complaint.category, complaint.subcategory)
    known = {
        "number": complaint.number,
        "received": wording.day(bank_date(complaint.received_at)),
        "target": complaint.target or subcategory or category,
        "hotline": hotline,
    }
    fitting = [each for each in _templates() if not each.categories or complaint.category in each.categories]
    fitting.sort(key=lambda template: not template.categories)
    return [template.model_copy(update={"text": template.text.format(**known)}) for template in fitting]


def has_gaps(text: str) -> bool:
    """Whether something in 【】 still waits to be written."""
    return "【" in text and "】" in text


@lru_cache
def _templates() -> list[AnswerTemplate]:
    return TypeAdapter(list[AnswerTemplate]).validate_python(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
