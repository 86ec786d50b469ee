"""What can go wrong with the knowledge base and the index made from it."""

from pathlib import Path

from bot.errors import ZhangguiError


class KnowledgeError(ZhangguiError):
    """Root of this subject's errors."""

    code = "knowledge"


class InvalidKnowledgeError(KnowledgeError):
    """A file of the knowledge base does not say what it must; names file, entry and field."""

    code = "invalid_knowledge"

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file}: {problem}")


class IndexUnusableError(KnowledgeError):
    """The index is missing, damaged or of another version; `python -m bot train` makes a new one."""

    code = "index_unusable"

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"the knowledge index in {folder} {problem}; run `python -m bot train`")


class InvalidEvaluationFileError(KnowledgeError):
    """A line of an evaluation file is not what it must be."""

    code = "invalid_evaluation_file"
