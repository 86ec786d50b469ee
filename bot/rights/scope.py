"""What of our database is one customer's."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.wechat.tables import wechat_users
from bot.complaints.tables import complaints
from bot.identity.tables import identity_bindings
from bot.privacy.tables import audit_log
from bot.rights.inventory import Key

_BOUND = ("identity.bind", "identity.step_up")


@dataclass(frozen=True)
class Scope:
    """The keys that lead to the customer's rows."""

    customer_id: str
    phone: str | None
    conversation_ids: tuple[str, ...]
    """Conversations that were this customer's and nobody else's, also those that are bound no more."""
    shared_ids: tuple[str, ...]
    """Conversations that have been another customer's as well: what was said there cannot be told apart."""
    numbers: tuple[str, ...]
    openids: tuple[str, ...]

    def values(self, key: Key) -> tuple[str, ...]:
        """The customer's keys of this kind."""
        return {
            Key.CUSTOMER: (self.customer_id,),
            Key.CONVERSATION: self.conversation_ids,
            Key.COMPLAINT: self.numbers,
            Key.OPENID: self.openids,
            Key.CHALLENGED: (f"customer:{self.customer_id}",),
            Key.PHONE: (self.phone,) if self.phone else (),
            Key.CRM_WRITE: (*self.conversation_ids, *self.numbers),
        }[key]

    def rows(self, table: Table, found_by: Mapping[str, Key]) -> ColumnElement[bool]:
        """Which rows of the table are meant."""
        return or_(false(), *(table.c[column].in_(self.values(key)) for column, key in found_by.items()))


async def scope_of(connection: AsyncConnection, customer_id: str, *, phone: str | None = None) -> Scope:
    """Everything that leads to rows of this customer; `phone` is the number the CRM has on file."""
    conversation_ids, shared = await _conversations(connection, customer_id)
    anonymous = and_(complaints.c.customer_id.is_(None), complaints.c.conversation_id.in_(conversation_ids))
    numbers = select(complaints.c.number).where(or_(complaints.c.customer_id == customer_id, anonymous))
    openids = select(wechat_users.c.openid).where(wechat_users.c.conversation_id.in_(conversation_ids))
    return Scope(
        customer_id,
        phone,
        tuple(conversation_ids),
        tuple(shared),
        tuple(await connection.scalars(numbers.order_by(complaints.c.number))),
        tuple(await connection.scalars(openids.order_by(wechat_users.c.openid))),
    )


async def _conversations(connection: AsyncConnection, customer_id: str) -> tuple[list[str], list[str]]:
    """The customer's own conversations and the shared ones: by the bindings of today and those in the audit log."""
    bound, log = identity_bindings.c, audit_log.c
    once = select(log.conversation_id, log.customer_id).where(log.action.in_(_BOUND))
    now = select(bound.conversation_id, bound.customer_id)
    mine = set(await connection.scalars(now.where(bound.customer_id == customer_id)))
    mine |= set(await connection.scalars(once.where(log.customer_id == customer_id)))
    others = set(await connection.scalars(now.where(bound.conversation_id.in_(mine), bound.customer_id != customer_id)))
    others |= set(await connection.scalars(once.where(log.conversation_id.in_(mine), log.customer_id != customer_id)))
    return sorted(mine - others), sorted(mine & others)
