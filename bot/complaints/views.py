"""Complaints as the desk's pages get them."""

from datetime import date
from typing import Any

from bot import wording
from bot.complaints.classify import names_of
from bot.complaints.filters import OPEN
from bot.complaints.models import Complaint, Extension, TimelineEntry
from bot.complaints.offers import offers, pending_extension
from bot.complaints.overview import ComplaintDetail, ListedComplaint
from bot.complaints.templates import templates_for
from bot.staff.models import Agent
from bot.staff.roles import Operation


def line_view(listed: ListedComplaint) -> dict[str, Any]:
    """One line of the list. `days_left` is null once the clock has stopped."""
    complaint = listed.complaint
    category, subcategory = names_of(complaint.category, complaint.subcategory)
    return {
        "number": complaint.number,
        "state": complaint.state,
        "category_name": category,
        "subcategory_name": subcategory,
        "what": complaint.what,
        "concerns": complaint.concerns,
        "due_on": complaint.due_on,
        "days_left": listed.days_left if complaint.clock_stopped_on is None else None,
        "standing": listed.standing,
        "handler_id": complaint.handler_id,
        "handler_name": complaint.handler_name,
        "extension_pending": listed.extension_pending,
    }


def detail_view(detail: ComplaintDetail, agent: Agent, today: date, *, hotline: str) -> dict[str, Any]:
    """One complaint in full, with the moves that `agent` may make and, when an answer is due, templates for it."""
    complaint, wish = detail.listed.complaint, pending_extension(detail)
    amount, moves = complaint.amount_fen, offers(detail, agent, today)
    templates = templates_for(complaint, hotline=hotline) if "answer" in moves else []
    return {
        "complaint": {
            **line_view(detail.listed),
            "category": complaint.category,
            "subcategory": complaint.subcategory,
            "target": complaint.target,
            "target_kind": complaint.target_kind,
            "branch": complaint.branch,
            "wish": complaint.wish,
            "occurred_on": complaint.occurred_on,
            "amount": None if amount is None else wording.money(amount, complaint.currency),
            "complexity": complaint.complexity,
            "received_at": complaint.received_at,
            "clock_started_on": complaint.clock_started_on,
            "round": complaint.round,
            "extended": complaint.extended,
            "extended_until": detail.extended_until,
            "outcome": complaint.outcome,
            "answered_at": complaint.answered_at,
            "channel": complaint.channel,
            "conversation_id": complaint.conversation_id,
            "customer_name": detail.customer_name,
            "phone": detail.contact_phone,
            "phone_source": complaint.phone or "phone",
            "reveals": _may_reveal(complaint, agent),
        },
        "timeline": [_entry(entry) for entry in detail.timeline],
        "extension": None if wish is None else _extension(wish, agent),
        "moves": moves,
        "templates": [each.model_dump(include={"id", "title", "outcome", "text"}) for each in templates],
        "version": len(detail.timeline),
    }


def _may_reveal(complaint: Complaint, agent: Agent) -> bool:
    """Whether the page may offer to show what is masked (bot/handoff/reveal.py decides)."""
    handles = complaint.handler_id == agent.agent_id
    is_open = OPEN.states is not None and complaint.state in OPEN.states
    return agent.may(Operation.REVEAL) and is_open and (agent.is_supervisor or handles)


def _entry(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": {"kind": entry.actor.kind, "name": entry.actor.name},
        "event": entry.event,
        "state": entry.state,
        "text": entry.text,
        "told": entry.told,
        "detail": entry.detail,
    }


def _extension(wish: Extension, agent: Agent) -> dict[str, Any]:
    return {
        "requested_by": wish.requested_by.name,
        "requested_at": wish.requested_at,
        "reason": wish.reason,
        "until": wish.until,
        "mine": wish.requested_by.actor_id == agent.agent_id,
    }
