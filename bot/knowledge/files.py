"""Reading the YAML files of the knowledge base against a schema, with errors an editor can act on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, StringConstraints, ValidationError

from bot.knowledge.errors import InvalidKnowledgeError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Record = TypeVar("Record", bound=BaseModel)


def read_yaml(file: Path) -> Any:
    """What `file` holds. Raises InvalidKnowledgeError when it is missing or no YAML."""
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InvalidKnowledgeError(file, "is not there") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidKnowledgeError(file, f"is not YAML in UTF-8: {error}") from error


def read_records(file: Path, schema: type[Record]) -> Iterator[Record]:
    """The records of a file that is a list of mappings with an `id` each.

    Raises InvalidKnowledgeError naming file, record and field.
    """
    content = read_yaml(file)
    if not isinstance(content, list):
        raise InvalidKnowledgeError(file, "must be a list of entries")
    for number, record in enumerate(content, 1):
        try:
            yield schema.model_validate(record)
        except ValidationError as error:
            name = record.get("id", f"number {number}") if isinstance(record, dict) else f"number {number}"
            raise InvalidKnowledgeError(file, f"entry {name}: {_problems(error)}") from error


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"field {'.'.join(map(str, problem['loc'])) or '(all)'}: {problem['msg']}" for problem in error.errors()
    )
