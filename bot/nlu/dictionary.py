"""Words that are entities: the hand-written dictionary and the names in the product catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml


def load_dictionary(file: Path, products: Path) -> dict[str, dict[str, str]]:
    """Entity type → spelling → value, from `file` and the product names and aliases under the folder `products`.

    A product's alias stands for itself: the catalogue finds products by alias too. A catalogue that is not there,
    or a file in it of another shape, adds nothing: the assistant must also be trainable without products.
    """
    words: dict[str, dict[str, str]] = {}
    for kind, entries in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        spellings = words.setdefault(kind, {})
        for entry in entries:
            spellings.update(entry if isinstance(entry, dict) else {str(entry): str(entry)})
    for path in sorted(products.glob("**/*.yml")):
        for entry in _products(yaml.safe_load(path.read_text(encoding="utf-8"))):
            name = str(entry["name"])
            aliases = entry.get("aliases") or []
            words.setdefault("product", {}).update({str(each): str(each) for each in [name, *aliases]})
    return words


def _products(content: Any) -> Iterator[dict[str, Any]]:
    """Every mapping with a `name`, however deep it lies."""
    if isinstance(content, dict):
        if "name" in content:
            yield content
        else:
            for value in content.values():
                yield from _products(value)
    elif isinstance(content, list):
        for item in content:
            yield from _products(item)
