"""Both READMEs list every setting with its real default, and every command of the Makefile they name exists."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import ROOT, Settings

READMES = ("README.md", "README.zh-CN.md")
SECRET = {"README.md": "development only", "README.zh-CN.md": "仅限开发"}


@pytest.mark.parametrize("readme", READMES)
def test_the_configuration_table_is_complete_and_true(readme: str) -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert dict(rows) == {name: shown(default, SECRET[readme]) for name, default in defaults.items()}


def shown(default: Any, secret: str) -> str:
    """A default as the table writes it."""
    if default is None:
        return "–"
    if isinstance(default, SecretStr | dict):
        return secret
    if isinstance(default, Path):
        default = default.relative_to(ROOT)
    return f"`{str(default).replace(f'{ROOT}/', '')}`"


@pytest.mark.parametrize("readme", [*READMES, "docs/operations.md"])
def test_every_make_target_named_exists(readme: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("readme", READMES)
def test_every_file_linked_exists(readme: str) -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", (ROOT / readme).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
