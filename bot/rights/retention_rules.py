"""What is kept for how long: one rule for each class of data, in the order in which they are carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, exists, or_

from bot.channels.wechat.tables import (
    wechat_bind_pages,
    wechat_inbound,
    wechat_nonces,
    wechat_pauses,
    wechat_replies,
    wechat_users,
    wechat_windows,
)
from bot.complaints.tables import complaints
from bot.conversations.tables import conversations, messages, sessions
from bot.desk.tables import conversation_notes, conversation_tags, note_mentions
from bot.handoff.outside.tables import outside_conversations
from bot.handoff.tables import handoff_tickets, handoff_transfers, handoff_whispers, handoffs, ratings
from bot.identity.tables import challenge_limits, challenges, identity_bindings, sms_outbox
from bot.knowledge.tables import knowledge_misses
from bot.staff.tables import desk_sessions, sign_in_failures

Expired = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True)
class Rule:
    """Rows of `table` for which `expired(cutoff)` holds are deleted, or only lose the columns in `blank`."""

    what: str
    setting: str
    table: Table
    expired: Expired
    blank: Mapping[str, Any] | None = None


def idle(conversation_id: ColumnElement[Any]) -> Expired:
    """Nothing has happened in the conversation since, and no complaint filed there waits for its end."""

    def expired(cutoff: datetime) -> ColumnElement[bool]:
        old = exists().where(conversations.c.conversation_id == conversation_id, conversations.c.updated_at < cutoff)
        return and_(old, ~under_complaint(conversation_id))

    return expired


def under_complaint(conversation_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """A complaint that was filed in the conversation has not ended: what was said there may be evidence."""
    return exists().where(complaints.c.conversation_id == conversation_id, complaints.c.ended_at.is_(None))


def _messages(cutoff: datetime) -> ColumnElement[bool]:
    return and_(messages.c.created_at < cutoff, ~under_complaint(messages.c.conversation_id))


def _notes(cutoff: datetime) -> ColumnElement[bool]:
    said = or_(
        handoffs.c.note.is_not(None),
        handoffs.c.agent_note.is_not(None),
        cast(handoffs.c.intents, Text) != "[]",
        cast(handoffs.c.collected, Text) != "{}",
    )
    return and_(handoffs.c.ended_at < cutoff, ~under_complaint(handoffs.c.conversation_id), said)


def _unless_under_complaint(moment: ColumnElement[Any], conversation_id: ColumnElement[Any]) -> Expired:
    return lambda cutoff: and_(moment < cutoff, ~under_complaint(conversation_id))


def _bindings(cutoff: datetime) -> ColumnElement[bool]:
    """A WeChat user stays bound until unbinding or unfollowing."""
    bound = identity_bindings.c.conversation_id
    return and_(idle(bound)(cutoff), ~exists().where(wechat_users.c.conversation_id == bound))


def _mirrors(cutoff: datetime) -> ColumnElement[bool]:
    """Whom nobody serves out there."""
    return and_(outside_conversations.c.handoff_id.is_(None), idle(outside_conversations.c.conversation_id)(cutoff))


def _limits(cutoff: datetime) -> ColumnElement[bool]:
    of = challenge_limits.c
    return and_(*(or_(moment.is_(None), moment < cutoff) for moment in (of.sent_at, of.failed_at, of.locked_until)))


def _strangers(cutoff: datetime) -> ColumnElement[bool]:
    """Users who have left the account; their replies are gone by then, unless there is one still."""
    answered = exists().where(wechat_replies.c.openid == wechat_users.c.openid)
    return and_(wechat_users.c.unfollowed_at < cutoff, ~answered)


def _before(column: ColumnElement[Any]) -> Expired:
    return lambda cutoff: column < cutoff


_NO_NOTES: dict[str, Any] = {"note": None, "agent_note": None, "intents": [], "collected": {}}

RULES = (
    Rule("WeChat pushes", "retain_wechat_days", wechat_inbound, _before(wechat_inbound.c.received_at)),
    Rule("WeChat replies", "retain_wechat_days", wechat_replies, _before(wechat_replies.c.created_at)),
    Rule("WeChat windows", "retain_wechat_days", wechat_windows, _before(wechat_windows.c.ends_at)),
    Rule("WeChat nonces", "retain_wechat_days", wechat_nonces, _before(wechat_nonces.c.expires_at)),
    Rule("WeChat pauses", "retain_wechat_days", wechat_pauses, _before(wechat_pauses.c.until)),
    Rule("WeChat binding pages", "retain_wechat_days", wechat_bind_pages, _before(wechat_bind_pages.c.expires_at)),
    Rule("WeChat users who left", "retain_message_days", wechat_users, _strangers),
    Rule("messages", "retain_message_days", messages, _messages),
    Rule("agents' notes", "retain_message_days", handoffs, _notes, _NO_NOTES),
    Rule(
        "messages left after hours",
        "retain_message_days",
        handoff_tickets,
        _unless_under_complaint(handoff_tickets.c.taken_at, handoff_tickets.c.conversation_id),
    ),
    Rule(
        "agents' transfers",
        "retain_message_days",
        handoff_transfers,
        _unless_under_complaint(handoff_transfers.c.ended_at, handoff_transfers.c.conversation_id),
    ),
    Rule(
        "supervisors' whispers",
        "retain_message_days",
        handoff_whispers,
        _unless_under_complaint(handoff_whispers.c.said_at, handoff_whispers.c.conversation_id),
    ),
    Rule("mirrors at the desk outside", "retain_message_days", outside_conversations, _mirrors),
    Rule("whom notes call for", "retain_message_days", note_mentions, idle(note_mentions.c.conversation_id)),
    Rule(
        "notes on conversations",
        "retain_message_days",
        conversation_notes,
        idle(conversation_notes.c.conversation_id),
    ),
    Rule("tags of conversations", "retain_message_days", conversation_tags, idle(conversation_tags.c.conversation_id)),
    Rule("bindings", "retain_message_days", identity_bindings, _bindings),
    Rule("one-time codes", "retain_code_days", challenges, _before(challenges.c.sent_at)),
    Rule("limits of one-time codes", "retain_code_days", challenge_limits, _limits),
    Rule("short messages (development)", "retain_code_days", sms_outbox, _before(sms_outbox.c.sent_at)),
    Rule("customers' sessions", "retain_session_days", sessions, _before(sessions.c.expires_at)),
    Rule("agents' sessions", "retain_session_days", desk_sessions, _before(desk_sessions.c.expires_at)),
    Rule("failed sign-ins", "retain_session_days", sign_in_failures, _before(sign_in_failures.c.last_at)),
    Rule("unanswered questions", "retain_miss_days", knowledge_misses, _before(knowledge_misses.c.missed_at)),
    Rule("ratings", "retain_rating_days", ratings, _before(ratings.c.rated_at)),
)
