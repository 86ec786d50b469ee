"""The sentences customers read, taken from the responses of `domain.yml` and nowhere else."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ZhangguiError


class UnknownTextError(ZhangguiError):
    """`domain.yml` has no response of this name."""

    code = "unknown_text"


@cache
def _responses(domain_file: Path) -> Mapping[str, list[dict[str, Any]]]:
    """Read once: a process keeps the texts it has started with."""
    responses: dict[str, list[dict[str, Any]]] = yaml.safe_load(domain_file.read_text(encoding="utf-8"))["responses"]
    return responses


class Texts:
    """Looks a response up by its name and fills its `{variables}`.

    Rasa's own server renders most responses; this serves what is said outside Rasa (queue, codes, faults) and
    lines that repeat, such as one transaction after another.
    """

    def __init__(self, responses: Mapping[str, list[dict[str, Any]]], **always: str) -> None:
        """`always` are variables every text may use, such as `brand` and `hotline`."""
        self._responses = responses
        self._always = always

    @classmethod
    def load(cls, domain_file: Path, **always: str) -> "Texts":
        """Read the responses of `domain_file`."""
        return cls(_responses(domain_file), **always)

    def __call__(self, name: str, **variables: object) -> str:
        """The text of response `name`. Raises UnknownTextError when there is none."""
        return str(self._variation(name)["text"]).format(**{**self._always, **variables})

    def buttons(self, name: str) -> list[dict[str, str]]:
        """The buttons of response `name`, each `{"title", "payload"}`."""
        return list(self._variation(name).get("buttons", []))

    def _variation(self, name: str) -> dict[str, Any]:
        if name not in self._responses:
            raise UnknownTextError(name)
        return self._responses[name][0]
