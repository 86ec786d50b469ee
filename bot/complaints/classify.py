"""What a complaint is about, by its words (`categories.yml`, `targets.yml`); an agent may know better."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.complaints.errors import UnknownCategoryError
from bot.complaints.models import Complexity, TargetKind

OTHER = "other"
_HERE = Path(__file__).parent
_BRANCH = re.compile(r"[\u4e00-\u9fff]{2,10}?(?:支行|分行|营业部)")
_BEFORE_BRANCH = re.compile(r".*(?:你们|我们|贵行|咱们|投诉|银行|在|去|到|的|是|跟|向|把|给|了|那个|这个)")


class Subcategory(BaseModel):
    """A matter within a category; complex ones take long to establish."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    words: tuple[str, ...]
    complex: bool = False


class Category(BaseModel):
    """What a complaint is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    words: tuple[str, ...]
    subcategories: dict[str, Subcategory]


@dataclass(frozen=True)
class Classification:
    """What the words of a complaint say."""

    category: str
    subcategory: str | None
    complexity: Complexity
    target_kind: TargetKind
    branch: str | None


@lru_cache
def categories() -> dict[str, Category]:
    """Every category by its id."""
    entries = yaml.safe_load((_HERE / "categories.yml").read_text(encoding="utf-8"))
    return {name: Category.model_validate(entry) for name, entry in entries.items()}


def names_of(category: str, subcategory: str | None) -> tuple[str, str | None]:
    """The Chinese names. Raises UnknownCategoryError."""
    try:
        found = categories()[category]
        return found.name, None if subcategory is None else found.subcategories[subcategory].name
    except KeyError as error:
        raise UnknownCategoryError(f"{category}/{subcategory}") from error


def classify(target: str | None, story: str) -> Classification:
    """Recognise the matter; the target that the customer named counts for more than the story around it."""
    category = max(categories(), key=lambda name: _weight(categories()[name], target or "", story))
    if not _weight(categories()[category], target or "", story):
        category = OTHER
    found = categories()[category].subcategories
    subcategory = max(found, key=lambda name: _hits(found[name].words, story), default=None)
    if subcategory is not None and not _hits(found[subcategory].words, story):
        subcategory = None
    is_complex = subcategory is not None and found[subcategory].complex
    return Classification(
        category,
        subcategory,
        Complexity.COMPLEX if is_complex else Complexity.SIMPLE,
        _target_kind(target or "") or _target_kind(story) or TargetKind.OTHER,
        branch_in(f"{target or ''}，{story}"),
    )


def branch_in(text: str) -> str | None:
    """The branch that `text` names: 中山路支行."""
    found = _BRANCH.search(text)
    name = _BEFORE_BRANCH.sub("", found[0]) if found else ""
    return name if len(name) > len("支行") else None


def _weight(category: Category, target: str, story: str) -> int:
    matters = [word for sub in category.subcategories.values() for word in sub.words]
    return 4 * _hits(category.words, target) + 2 * _hits(category.words, story) + _hits(matters, story)


def _hits(words: tuple[str, ...] | list[str], text: str) -> int:
    return sum(word in text for word in words)


def _target_kind(text: str) -> TargetKind | None:
    return next((kind for kind, words in _targets().items() if any(word in text for word in words)), None)


@lru_cache
def _targets() -> dict[TargetKind, list[str]]:
    entries: dict[str, list[str]] = yaml.safe_load((_HERE / "targets.yml").read_text(encoding="utf-8"))
    return {TargetKind(kind): words for kind, words in entries.items()}
