"""What can go wrong with the knowledge base and the index made from it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ZhangguiError


class KnowledgeError(ZhangguiError):
    """Root of this subject's errors."""

    code = "knowledge"


class InvalidKnowledgeError(KnowledgeError):
    """Files of the knowledge base do not say what they must; `problems` name file, entry and field, a line each."""

    code = "invalid_knowledge"

    def __init__(self, file: Path, *problems: str) -> None:
        self.problems = tuple(f"{file}: {problem}" for problem in problems)
        super().__init__("\n".join(self.problems))

    @classmethod
    def of_all(cls, errors: "Sequence[InvalidKnowledgeError]") -> "InvalidKnowledgeError":
        """One error that tells everything these tell."""
        error = cls(Path())
        error.problems = tuple(problem for each in errors for problem in each.problems)
        error.args = ("\n".join(error.problems),)
        return error


class Faults:
    """Gathers faults, so that an editor sees all of them at once."""

    def __init__(self) -> None:
        self._errors: list[InvalidKnowledgeError] = []

    def add(self, file: Path, problem: str) -> None:
        """Keep one fault of `file` for `refuse_any`."""
        self._errors.append(InvalidKnowledgeError(file, problem))

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What is wrong in this block is kept for `refuse_any`."""
        try:
            yield
        except InvalidKnowledgeError as error:
            self._errors.append(error)

    def refuse_any(self) -> None:
        """Raises InvalidKnowledgeError with everything gathered."""
        if self._errors:
            raise InvalidKnowledgeError.of_all(self._errors)


class IndexUnusableError(KnowledgeError):
    """The index is missing, damaged or of another version; `python -m bot train` makes a new one."""

    code = "index_unusable"

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"the knowledge index in {folder} {problem}; run `python -m bot train`")


class InvalidEvaluationFileError(KnowledgeError):
    """A line of an evaluation file is not what it must be."""

    code = "invalid_evaluation_file"


class NotAnAnswerError(KnowledgeError):
    """Feedback was given on a message that is no answer of the knowledge base."""

    code = "not_an_answer"

    def __init__(self, conversation_id: str, seq: int) -> None:
        super().__init__(f"message {seq} of {conversation_id} is no answer of the knowledge base")
