"""The web channel: sessions, messages and the live stream of the chat widget."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, WebSocket
from pydantic import BaseModel, Field

from bot import metrics
from bot.application import Gateway
from bot.channels.addresses import address_of
from bot.channels.api import ApiError, shown
from bot.channels.body_limit import MAX_BODY_BYTES
from bot.channels.frames import Frame
from bot.channels.inbound import After, Inbound
from bot.channels.limits import Limit
from bot.channels.openapi import problems
from bot.channels.origins import require_known_origin
from bot.channels.services import Services
from bot.channels.stream import LOOK_AGAIN_S, serve
from bot.conversations.conversation import Conversation
from bot.conversations.errors import InvalidMessageError, InvalidSessionError, MessageTooLongError
from bot.conversations.fanout import DESK_TOPIC, Signal, Subscription, conversation_topic
from bot.conversations.messages import Author, Draft, Message, State
from bot.identity.errors import InvalidTokenError
from bot.knowledge.errors import NotAnAnswerError

router = APIRouter(prefix="/api/chat", tags=["customer"])
SUBPROTOCOL = "zhanggui"


class SessionRequest(Inbound):
    """`token` is signed by the bank's site for a customer who is signed in there."""

    token: str | None = Field(None, max_length=4096)


class SessionOpened(BaseModel):
    """`session` is the bearer secret of all further calls."""

    session: str
    conversation_id: str


class MessageRequest(Inbound):
    """One message of the customer; sending the same `client_message_id` again repeats nothing."""

    client_message_id: str = Field(min_length=1, max_length=64)
    text: str = Field(max_length=MAX_BODY_BYTES)
    """How long a message may be is for the conversation to say, in a sentence."""


class Opinion(Inbound):
    """What the customer thinks of an answer of the knowledge base."""

    seq: int = Field(ge=1, le=2**31 - 1)
    """Of the message that was the answer."""
    useful: bool


class Said(BaseModel):
    """Messages in order, who answers now (bot, queued, agent, closed), and the place in the queue while waiting.

    `queue` is `{position, wait_s?}`: about how many seconds it takes, where that can be told.
    """

    messages: list[dict[str, Any]]
    state: State
    queue: dict[str, int] | None = None


class Hello(BaseModel):
    """What a widget shows before the first word."""

    brand: str
    assistant: str
    hotline: str
    max_chars: int
    greeting: str
    suggestions: list[str]


async def conversation_of_session(gateway: Services, authorization: Annotated[str, Header()] = "") -> str:
    """The conversation whose session the request carries; 401 otherwise."""
    return await _resolve(gateway, authorization.removeprefix("Bearer "))


ConversationId = Annotated[str, Depends(conversation_of_session)]


async def _resolve(gateway: Gateway, session: str) -> str:
    try:
        return await gateway.sessions.resolve(session)
    except InvalidSessionError as error:
        raise ApiError(401, error.code, gateway.texts("utter_session_expired")) from error


@router.get("/config")
async def hello(gateway: Services) -> Hello:
    """Names, limits and the greeting."""
    return Hello(
        brand=gateway.settings.brand_name,
        assistant=gateway.settings.assistant_name,
        hotline=gateway.settings.hotline,
        max_chars=gateway.settings.max_message_chars,
        greeting=gateway.texts("utter_greet"),
        suggestions=[button["title"] for button in gateway.texts.buttons("utter_greet")],
    )


@router.post("/sessions", responses=problems(401, 429))
async def open_session(gateway: Services, request: Request, body: SessionRequest | None = None) -> SessionOpened:
    """Start a conversation, anonymous or, with a valid site token, as that customer at level 1."""
    await gateway.limits.check(Limit.SESSIONS_FROM_ADDRESS, address_of(request))
    customer_id = None
    if body is not None and body.token is not None:
        try:
            customer_id = await gateway.site_tokens.redeem(body.token)
        except InvalidTokenError as error:
            raise ApiError(401, error.code, gateway.texts("utter_session_expired")) from error
    conversation = await gateway.log.open("web")
    if customer_id is not None:
        await gateway.identity.bind(conversation.conversation_id, customer_id)
        async with gateway.log.change(conversation.conversation_id) as change:
            await change.append(Draft(Author.SYSTEM, gateway.texts("utter_signed_in")))
    session = await gateway.sessions.open(conversation.conversation_id)
    return SessionOpened(session=session, conversation_id=conversation.conversation_id)


@router.post("/messages", responses=problems(401, 429))
async def send(gateway: Services, request: Request, conversation_id: ConversationId, body: MessageRequest) -> Said:
    """Say something; what comes back was said in answer to it."""
    await _limit(gateway, address_of(request), conversation_id, body.text)
    try:
        turn = await gateway.conversations.receive(conversation_id, body.client_message_id, body.text)
    except MessageTooLongError as error:
        text = gateway.texts("utter_message_too_long", limit=gateway.settings.max_message_chars)
        raise ApiError(413, error.code, text) from error
    except InvalidMessageError as error:
        raise ApiError(422, error.code, gateway.texts("utter_message_empty")) from error
    return await _said(gateway, turn.messages, turn.conversation)


async def _limit(gateway: Gateway, address: str, conversation_id: str, text: str) -> None:
    await gateway.limits.check(Limit.MESSAGES_IN_CONVERSATION, conversation_id)
    await gateway.limits.check(Limit.MESSAGES_FROM_ADDRESS, address)
    who = await gateway.identity.principal(conversation_id)
    if who.customer_id is not None:
        await gateway.limits.check(Limit.MESSAGES_OF_CUSTOMER, who.customer_id)
    if await gateway.conversations.is_code(conversation_id, text):
        await gateway.limits.check(Limit.CODES_FROM_ADDRESS, address)


@router.post("/feedback", status_code=204, responses=problems(401, 404, 429))
async def feedback(gateway: Services, conversation_id: ConversationId, body: Opinion) -> None:
    """有用 or 没用; what was of no use comes to the editors, with the question."""
    await gateway.limits.check(Limit.MESSAGES_IN_CONVERSATION, conversation_id)
    try:
        await gateway.feedback.give(conversation_id, body.seq, useful=body.useful)
    except NotAnAnswerError as error:
        raise ApiError(404, error.code, gateway.texts("utter_not_found")) from error


@router.get("/messages", responses=problems(401))
async def read(gateway: Services, conversation_id: ConversationId, after: After = 0) -> Said:
    """Everything since `after`, the customer's own messages included."""
    messages = await gateway.log.messages(conversation_id, after=after)
    return await _said(gateway, messages, await gateway.log.get(conversation_id))


async def _said(gateway: Gateway, messages: list[Message], conversation: Conversation) -> Said:
    queue = None
    if conversation.state is State.QUEUED:
        place = await gateway.line.place(conversation.conversation_id)
        queue = {"position": place.position} if place else None
        if queue and place and place.wait_s is not None:
            queue["wait_s"] = place.wait_s
    return Said(messages=[shown(message) for message in messages], state=conversation.state, queue=queue)


@router.websocket("/stream")
async def stream(socket: WebSocket, after: After = 0) -> None:
    """Everything since `after`, then what is said as it is said (docs/api.md describes the frames)."""
    gateway: Gateway = socket.app.state.gateway
    require_known_origin(socket, gateway.texts("utter_invalid_request"), gateway.settings.allowed_origins)
    conversation_id = await _resolve(gateway, _session_of(socket))
    with (
        gateway.streams.hold(conversation_id, address_of(socket)),
        metrics.STREAMS.labels(side="customer").track_inprogress(),
    ):
        offered = socket.scope.get("subprotocols", ())
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        await _follow(gateway, socket, conversation_id, after)


async def _follow(gateway: Gateway, socket: WebSocket, conversation_id: str, after: int) -> None:

    async def outgoing() -> None:
        async with gateway.fanout.subscribe(conversation_topic(conversation_id)) as signals:
            await _tell(gateway, socket, conversation_id, after, signals)

    async def incoming(frame: Frame) -> None:
        await gateway.limits.check(Limit.FRAMES_OF_VISITOR, conversation_id)
        if frame.get("typing"):
            await gateway.fanout.publish(DESK_TOPIC, {"type": "typing", "conversation_id": conversation_id})

    await serve(socket, outgoing=outgoing, incoming=incoming)


async def _tell(gateway: Gateway, socket: WebSocket, conversation_id: str, seen: int, signals: Subscription) -> None:
    """Send what is new at every signal; the first frame goes out at once, even when nothing is."""
    last: tuple[State, dict[str, int] | None] | None = None
    signal: Signal | None = None
    while True:
        if signal and signal["type"] == "typing" and last:
            await socket.send_json({"messages": [], "state": last[0], "typing": True})
        else:
            messages = await gateway.log.messages(conversation_id, after=seen)
            said = await _said(gateway, messages, await gateway.log.get(conversation_id))
            if messages or (said.state, said.queue) != last:
                await socket.send_json(said.model_dump(mode="json", exclude_none=True))
            seen = messages[-1].seq if messages else seen
            last = (said.state, said.queue)
        signal = await signals.next(LOOK_AGAIN_S)


def _session_of(socket: WebSocket) -> str:
    """The bearer secret: in the Authorization header or, from browsers, as the second subprotocol."""
    header = socket.headers.get("authorization", "")
    if header:
        return header.removeprefix("Bearer ")
    return next((name for name in socket.scope.get("subprotocols", ()) if name != SUBPROTOCOL), "")
