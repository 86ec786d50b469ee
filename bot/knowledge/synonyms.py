"""Words customers use for the same thing (`knowledge_base/synonyms.yml`), swapped to make further phrasings."""

import json
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from bot.knowledge.errors import InvalidKnowledgeError
from bot.knowledge.files import read_yaml
from bot.knowledge.text import search_key

_GROUPS = TypeAdapter(list[Annotated[list[str], Field(min_length=2)]])
_SWAPPED = 0.5


class Synonyms:
    """Groups of interchangeable words; a word belongs to one group."""

    def __init__(self, groups: Sequence[Sequence[str]]) -> None:
        """Raises ValueError when a word stands in two groups."""
        self._groups: dict[str, list[str]] = {}
        for group in groups:
            keys = [search_key(word) for word in group]
            for key in keys:
                if key in self._groups:
                    raise ValueError(f"“{key}” stands in two groups")
                self._groups[key] = keys
        longest_first = sorted(self._groups, key=len, reverse=True)
        self._word = re.compile(f"({'|'.join(map(re.escape, longest_first)) or '(?!)'})")
        self._pieces: dict[str, list[str]] = {}

    @classmethod
    def load(cls, file: Path) -> "Synonyms":
        """Read a list of lists of words. Raises InvalidKnowledgeError."""
        try:
            return cls(_GROUPS.validate_python(read_yaml(file)))
        except ValidationError as error:
            raise InvalidKnowledgeError(file, f"must be a list of lists of two or more words: {error}") from error
        except ValueError as error:
            raise InvalidKnowledgeError(file, str(error)) from error

    @classmethod
    def read(cls, file: Path) -> "Synonyms":
        """Read what `save` wrote."""
        return cls(json.loads(file.read_text(encoding="utf-8")))

    def save(self, file: Path) -> None:
        """Write the groups beside a model that was trained with them."""
        groups = {id(group): group for group in self._groups.values()}
        file.write_text(json.dumps(list(groups.values()), ensure_ascii=False), encoding="utf-8")

    def common(self, key: str) -> str:
        """The search key with every known word replaced by the first of its group."""
        return self._word.sub(lambda word: self._groups[word[0]][0], key)

    def swap(self, key: str, chance: random.Random) -> str:
        """The search key with about half of its known words replaced by others of their group."""
        if key not in self._pieces:
            self._pieces[key] = self._word.split(key)
        return "".join(
            chance.choice(self._groups[piece]) if place % 2 and chance.random() < _SWAPPED else piece
            for place, piece in enumerate(self._pieces[key])  # split puts the words at the odd places
        )
