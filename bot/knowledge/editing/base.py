"""The knowledge base as it holds now: the files that ship, with what editors have published laid over them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.knowledge.editing.models import Version
from bot.knowledge.entries import FaqRecord
from bot.knowledge.errors import InvalidKnowledgeError
from bot.knowledge.loader import load_knowledge


def overlaid(shipped: Iterable[FaqRecord], published: Iterable[Version]) -> list[FaqRecord]:
    """The shipped records in their order, each as last published, without the retired; new ones come last."""
    records = {record.id: record for record in shipped}
    newest: dict[str, Version] = {}
    for version in published:
        known = newest.get(version.entry_id)
        if known is None or known.version < version.version:
            newest[version.entry_id] = version
    changed: Mapping[str, FaqRecord | None] = {key: version.record for key, version in newest.items()}
    merged = {**records, **changed}
    return [record for record in merged.values() if record is not None]


def faults_with(
    folder: Path, published: Iterable[Version], records: Sequence[FaqRecord], **variables: str
) -> list[str]:
    """What would be wrong with the knowledge base if it had `records`, which name the entry: a line each."""
    ids = {record.id for record in records}

    def edited(shipped: list[FaqRecord]) -> list[FaqRecord]:
        return [*(each for each in overlaid(shipped, published) if each.id not in ids), *records]

    try:
        load_knowledge(folder, edited=edited, **variables)
    except InvalidKnowledgeError as error:
        return [problem.partition(": ")[2] for problem in error.problems]
    return []
