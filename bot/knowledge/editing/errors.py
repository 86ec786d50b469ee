"""What can go wrong when the knowledge base is edited."""

from bot.knowledge.errors import KnowledgeError


class EditingError(KnowledgeError):
    """Root of what an editor can be refused."""

    code = "knowledge_editing"


class UnknownDraftError(EditingError):
    """There is no such draft."""

    code = "unknown_draft"


class UnknownEntryError(EditingError):
    """There is no such entry, or not in that version."""

    code = "unknown_entry"


class EntryExistsError(EditingError):
    """A new entry got the id of one that is there."""

    code = "entry_exists"


class ForbiddenDraftMoveError(EditingError):
    """The draft is not in a state in which this can be done: a colleague was faster, or it is over."""

    code = "forbidden_draft_move"

    def __init__(self, state: str, wanted: str) -> None:
        super().__init__(f"cannot {wanted} a draft that is {state}")


class NotAuthorError(EditingError):
    """Only who wrote a draft changes it."""

    code = "not_author"


class OwnDraftError(EditingError):
    """Nobody approves what they have written: a second person does."""

    code = "own_draft"


class StaleDraftError(EditingError):
    """The entry has been published anew since the draft was begun; the draft would undo that unseen."""

    code = "stale_draft"


class InvalidDraftError(EditingError):
    """The entry would not be a right one; `problems` name the field, a line each."""

    code = "invalid_draft"

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
