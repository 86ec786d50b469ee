"""Reading the YAML files of the knowledge base against a schema, with errors an editor can act on."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, StringConstraints, ValidationError

from bot.knowledge.errors import Faults, InvalidKnowledgeError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Record = TypeVar("Record", bound=BaseModel)


def read_yaml(file: Path) -> Any:
    """What `file` holds. Raises InvalidKnowledgeError when it is missing or no YAML."""
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise InvalidKnowledgeError(file, "is not there") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidKnowledgeError(file, f"is not YAML in UTF-8: {error}") from error


def read_records(file: Path, schema: type[Record]) -> list[Record]:
    """The records of a file that is a list of mappings with an `id` each.

    Raises InvalidKnowledgeError naming file, record and field of everything that is wrong.
    """
    content = read_yaml(file)
    if not isinstance(content, list):
        raise InvalidKnowledgeError(file, "must be a list of entries")
    records: list[Record] = []
    problems: list[str] = []
    for number, record in enumerate(content, 1):
        try:
            records.append(schema.model_validate(record))
        except ValidationError as error:
            name = record.get("id", f"number {number}") if isinstance(record, dict) else f"number {number}"
            problems.extend(f"entry {name}: {problem}" for problem in _problems(error))
    if problems:
        raise InvalidKnowledgeError(file, *problems)
    return records


def read_all_records(files: Iterable[Path], schema: type[Record]) -> Iterator[tuple[Path, Record]]:
    """The records of several files, each with its file. Raises InvalidKnowledgeError for all faults together."""
    faults = Faults()
    for file in files:
        with faults.gathered():
            yield from ((file, record) for record in read_records(file, schema))
    faults.refuse_any()


def _problems(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        yield f"field {'.'.join(map(str, problem['loc'])) or '(all)'}: {problem['msg']}"
