"""A user, a conversation and the delivery between them, on a WeChat in memory."""

from dataclasses import dataclass

from bot.application import Foundation
from bot.bootstrap import build_foundation
from bot.channels.wechat.outbound import Outbound, build_outbound
from bot.channels.wechat.users import Users
from bot.conversations.fanout import Fanout
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Button, Draft
from bot.settings import Settings
from bot.storage.database import Database
from tests.fakes.clock import FakeClock
from tests.fakes.wechat import FakeWechat

OPENID = "o-wang-fang"


@dataclass
class Correspondence:
    """What the bank says goes into the log, what the phone shows is in `wechat`."""

    db: Database
    log: ConversationLog
    fanout: Fanout
    clock: FakeClock
    wechat: FakeWechat
    outbound: Outbound
    conversation_id: str

    @classmethod
    async def begin(cls, db: Database, clock: FakeClock) -> "Correspondence":
        """The user has written once."""
        base = build_foundation(Settings(_env_file=None), clock=clock, db=db)
        user = await Users(db, base.log, clock).of(OPENID)
        wechat = FakeWechat()
        post = cls(
            db, base.log, base.fanout, clock, wechat, _outbound(base.settings, wechat, base), user.conversation_id
        )
        await base.http.aclose()
        await post.hear("你好")
        return post

    def another_worker(self) -> Outbound:
        """The same installation in another process."""
        base = build_foundation(Settings(_env_file=None), clock=self.clock, db=self.db)
        return _outbound(base.settings, self.wechat, base)

    async def hear(self, text: str) -> None:
        """The user writes."""
        await self.outbound.budget.opened_by_message(OPENID)
        async with self.log.change(self.conversation_id) as change:
            await change.append(Draft(Author.CUSTOMER, text))

    async def say(self, *texts: str, author: Author = Author.BOT, buttons: tuple[Button, ...] = ()) -> None:
        """The bank writes, one bubble for each text; the last one offers `buttons`."""
        async with self.log.change(self.conversation_id) as change:
            for text in texts[:-1]:
                await change.append(Draft(author, text))
            await change.append(Draft(author, texts[-1], buttons=buttons))

    async def push(self) -> list[str]:
        """What the phone has been pushed when everything is that may be."""
        await self.outbound.delivery.push(self.conversation_id)
        return self.shown

    @property
    def shown(self) -> list[str]:
        return self.wechat.texts(OPENID)

    async def left(self) -> int:
        """Pushes that are left."""
        return (await self.outbound.budget.allowance(OPENID)).pushes

    async def held(self) -> int:
        """Messages that wait."""
        return (await self.outbound.delivery.reach(self.conversation_id)).held


def _outbound(settings: Settings, wechat: FakeWechat, base: Foundation) -> Outbound:
    return build_outbound(
        settings,
        wechat,
        db=base.db,
        log=base.log,
        fanout=base.fanout,
        clock=base.clock,
        texts=base.texts,
        identity=base.identity,
    )
