"""What users do beside chatting: following, leaving, scanning a code, tapping the menu."""

from bot.channels.wechat.budget import Budget
from bot.channels.wechat.hearing import Hearing
from bot.channels.wechat.inbound import Event
from bot.channels.wechat.spoken import Spoken
from bot.channels.wechat.topics import Topics
from bot.channels.wechat.users import Users, WechatUser
from bot.conversations.log import ConversationLog
from bot.conversations.messages import Author, Draft, State
from bot.conversations.responses import respond
from bot.conversations.states import Event as Move
from bot.handoff.service import HandoffService
from bot.texts import Texts

_FOLLOWED_BY_SCAN = "qrscene_"


class Events:
    """Each event once, however often it comes."""

    def __init__(
        self,
        hearing: Hearing,
        users: Users,
        budget: Budget,
        log: ConversationLog,
        handoff: HandoffService,
        texts: Texts,
        topics: Topics,
    ) -> None:
        self._hearing = hearing
        self._users = users
        self._budget = budget
        self._log = log
        self._handoff = handoff
        self._texts = texts
        self._topics = topics
        self._handlers = {
            "subscribe": self._follow,
            "unsubscribe": self._leave,
            "SCAN": self._scan,
            "CLICK": self._click,
        }

    def concern_us(self, event: Event) -> bool:
        """Whether anything follows from it. Pages opened (VIEW), positions and reports of WeChat's own are let pass."""
        return event.name in self._handlers

    async def handle(self, user: WechatUser, event: Event) -> None:
        """Do what follows from an event that concerns us; answers are in the log then."""
        await self._handlers[event.name](user, event)

    async def _follow(self, user: WechatUser, event: Event) -> None:
        await self._users.follow(user.openid)
        await self._budget.opened_by_event(user.openid)
        await self._welcome(user, event)
        topic = self._topics.get(event.event_key.removeprefix(_FOLLOWED_BY_SCAN))
        if topic is not None:
            said = Spoken(topic.says, payload=topic.payload)
            await self._hearing.hear(user.conversation_id, event.request_key, said)

    async def _welcome(self, user: WechatUser, event: Event) -> None:
        """Say what the assistant can do, and that it is a machine."""
        draft = respond(self._texts, Author.BOT, "utter_wechat_welcome")
        async with self._log.change(user.conversation_id) as change:
            if await change.sent_before(Author.BOT, event.request_key) is None:
                if change.conversation.state is State.CLOSED:
                    change.move(Move.REOPEN)
                await change.append(draft, client_message_id=event.request_key)

    async def _leave(self, user: WechatUser, event: Event) -> None:
        """End the conversation, whoever has it. The note is the customer's own, so that it is never delivered."""
        await self._users.unfollow(user.openid)
        await self._budget.closed(user.openid)
        async with self._log.change(user.conversation_id) as change:
            if await change.sent_before(Author.CUSTOMER, event.request_key) is None:
                await self._handoff.leave(change)
                await change.append(Draft(Author.CUSTOMER, "[已取消关注]"), client_message_id=event.request_key)

    async def _scan(self, user: WechatUser, event: Event) -> None:
        await self._budget.opened_by_event(user.openid)
        await self._open(user, event, "[扫码]", otherwise="utter_wechat_scan")

    async def _click(self, user: WechatUser, event: Event) -> None:
        await self._budget.opened_by_event(user.openid)
        await self._open(user, event, "[菜单]", otherwise="utter_wechat_menu_changed")

    async def _open(self, user: WechatUser, event: Event, mark: str, *, otherwise: str) -> None:
        """Open the topic of this key or scene; answer with the response `otherwise` where there is none."""
        topic = self._topics.get(event.event_key)
        said = Spoken(topic.says, payload=topic.payload) if topic else Spoken(mark, response=otherwise)
        await self._hearing.hear(user.conversation_id, event.request_key, said)
