"""The table of conversations that are mirrored at a desk outside."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, false, text

from bot.storage.metadata import UtcDateTime, metadata

outside_conversations = Table(
    "outside_conversations",
    metadata,
    Column("conversation_id", ForeignKey("conversations.conversation_id"), primary_key=True),
    Column("outside_id", String(64), unique=True),  # none: not opened yet, or deleted out there
    Column("handoff_id", ForeignKey("handoffs.handoff_id")),  # the one going on out there; none: nothing is
    Column("card_to", Integer),  # the handoff card is due, with the transcript up to this message
    Column("sent_seq", Integer, nullable=False, server_default=text("0")),  # the log has got there up to this message
    # The next line on its way: by whom, and until when its sender surely lives.
    Column("held_by", String(16)),
    Column("held_until", UtcDateTime),
    Column("in_doubt", Boolean, nullable=False, server_default=false()),  # the next line may be there already
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row
    Column("retry_at", UtcDateTime),
)
