"""What we write to a CRM, as something that can wait in the outbox."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.crm.models import CaseDraft, CaseUpdate
from bot.crm.port import Crm


@dataclass(frozen=True)
class OpenCase:
    """See `Crm.open_case`."""

    case: CaseDraft
    idempotency_key: str
    kind: Literal["open_case"] = "open_case"

    @property
    def subject(self) -> str:
        return self.case.number

    async def deliver(self, crm: Crm) -> None:
        await crm.open_case(self.case, idempotency_key=self.idempotency_key)


@dataclass(frozen=True)
class UpdateCase:
    """See `Crm.update_case`."""

    number: str
    update: CaseUpdate
    idempotency_key: str
    kind: Literal["update_case"] = "update_case"

    @property
    def subject(self) -> str:
        return self.number

    async def deliver(self, crm: Crm) -> None:
        await crm.update_case(self.number, self.update, idempotency_key=self.idempotency_key)


@dataclass(frozen=True)
class AddNote:
    """See `Crm.add_note`."""

    number: str
    text: str
    idempotency_key: str
    kind: Literal["add_note"] = "add_note"

    @property
    def subject(self) -> str:
        return self.number

    async def deliver(self, crm: Crm) -> None:
        await crm.add_note(self.number, self.text, idempotency_key=self.idempotency_key)


@dataclass(frozen=True)
class EscalateCase:
    """See `Crm.escalate_case`."""

    number: str
    reason: str
    idempotency_key: str
    kind: Literal["escalate_case"] = "escalate_case"

    @property
    def subject(self) -> str:
        return self.number

    async def deliver(self, crm: Crm) -> None:
        await crm.escalate_case(self.number, self.reason, idempotency_key=self.idempotency_key)


@dataclass(frozen=True)
class WriteInteraction:
    """See `Crm.write_interaction`."""

    customer_id: str | None
    conversation_id: str
    summary: str
    idempotency_key: str
    kind: Literal["write_interaction"] = "write_interaction"

    @property
    def subject(self) -> str:
        return self.conversation_id

    async def deliver(self, crm: Crm) -> None:
        await crm.write_interaction(
            self.customer_id, self.conversation_id, self.summary, idempotency_key=self.idempotency_key
        )


CrmWrite = OpenCase | UpdateCase | AddNote | EscalateCase | WriteInteraction
"""Writes of one `subject` (a case, else a conversation) reach the CRM in the order they were made."""

_ANY: TypeAdapter[CrmWrite] = TypeAdapter(Annotated[CrmWrite, Field(discriminator="kind")])


def to_json(write: CrmWrite) -> bytes:
    """The write as it is kept."""
    return _ANY.dump_json(write)


def from_json(kept: bytes) -> CrmWrite:
    """The write that was kept. Raises ValueError for anything else."""
    return _ANY.validate_json(kept)
