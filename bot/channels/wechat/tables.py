"""Tables of the WeChat channel."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, false, text

from bot.storage.metadata import UtcDateTime, metadata

wechat_users = Table(
    "wechat_users",
    metadata,
    Column("openid", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.conversation_id"), nullable=False, unique=True),
    Column("unfollowed_at", UtcDateTime, index=True),  # none: follows
    # How far the log has reached the phone: whole messages up to `delivered_seq`, and this many characters of the next.
    Column("delivered_seq", Integer, nullable=False, server_default=text("0")),
    Column("delivered_chars", Integer, nullable=False, server_default=text("0")),
    # A push on its way: by whom, and until when its sender surely lives.
    Column("sending_by", String(16)),
    Column("sending_until", UtcDateTime),
    # What is due may have arrived already: a push of it was sent, and nobody saw the answer.
    Column("in_doubt", Boolean, nullable=False, server_default=false()),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # in a row
    Column("retry_at", UtcDateTime),
    Column("piece_bytes", Integer),  # longest text, once WeChat has refused the usual length
    Column("typing_at", UtcDateTime),
)

# What WeChat has pushed, so that a repetition, on whatever worker, is known as one.
wechat_inbound = Table(
    "wechat_inbound",
    metadata,
    Column("request_key", String(64), primary_key=True),
    Column("openid", String(64), nullable=False),
    Column("sealed", LargeBinary),  # the push itself, encrypted, until it is dealt with
    Column("lease_until", UtcDateTime, nullable=False, index=True),  # until then somebody surely works on it
    Column("received_at", UtcDateTime, nullable=False, index=True),
)

wechat_nonces = Table(
    "wechat_nonces",
    metadata,
    Column("nonce_hash", String(64), primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

wechat_replies = Table(
    "wechat_replies",
    metadata,
    Column("request_key", String(64), primary_key=True),
    Column("openid", ForeignKey("wechat_users.openid"), nullable=False, index=True),
    Column("open_until", UtcDateTime),  # until then a passive reply may come, and pushes wait for it
    Column("reply", JSON(none_as_null=True)),  # every try of WeChat gets the same
    Column("declined", Boolean, nullable=False, server_default=false()),  # … or none of them gets any
    Column("created_at", UtcDateTime, nullable=False),
)

wechat_windows = Table(
    "wechat_windows",
    metadata,
    Column("openid", String(64), primary_key=True),
    Column("occasion", String(8), primary_key=True),
    Column("pushes_left", Integer, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
)

wechat_pauses = Table(
    "wechat_pauses",
    metadata,
    Column("api", String(32), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
)

# A page in WeChat's browser on which a user is bound to a customer; known by the secret in that browser's cookie.
wechat_bind_pages = Table(
    "wechat_bind_pages",
    metadata,
    Column("page_hash", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.conversation_id")),  # once WeChat has told whose page it is
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)
