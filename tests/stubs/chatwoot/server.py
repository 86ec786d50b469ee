"""The stub's routes: the part of the Application API that the adapter uses, and what Chatwoot says to mistakes."""

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from bot.clock import Clock, utc_now
from tests.stubs.chatwoot.store import ACCOUNT, INBOX, TOKEN, TYPES, Json, Store
from tests.stubs.faults import Application, Faults

_LONGEST = 150_000
_PAGE = 20


class NewContact(BaseModel):
    """`POST contacts`."""

    inbox_id: int
    name: str = ""
    identifier: str | None = None


class Changes(BaseModel):
    """`PUT contacts/{id}`."""

    name: str


class NewConversation(BaseModel):
    """`POST conversations`."""

    source_id: str
    inbox_id: int
    contact_id: int
    status: str = "open"


class NewMessage(BaseModel):
    """`POST conversations/{id}/messages`."""

    content: str
    message_type: str = "outgoing"
    private: bool = False
    source_id: str | None = None


class Chatwoot:
    """The state of the stub, to be looked at and changed by tests that run it in their own process."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self.faults = Faults()
        self.store = Store(clock)

    def reset(self, clock: Clock = utc_now) -> None:
        """An empty account, nothing going wrong."""
        self.store = Store(clock)
        self.faults.waiting.clear()
        self.faults.calls.clear()

    def admit(self, account: int, api_access_token: Annotated[str, Header(convert_underscores=False)] = "") -> None:
        """Chatwoot's own header; then the account must be one of the token's."""
        if api_access_token != TOKEN:
            raise HTTPException(401, {"error": "Invalid Access Token"})
        if account != ACCOUNT:
            raise HTTPException(404, {"error": "Resource could not be found"})

    def number(self, number: Annotated[int, Path()]) -> int:
        """A conversation that there is."""
        if number not in self.store.conversations:
            raise HTTPException(404, {"error": "Resource could not be found"})
        return number


def create_app(chatwoot: Chatwoot) -> Application:
    """The server around this state."""
    app = FastAPI(title="A stand-in for Chatwoot")
    app.include_router(chatwoot.faults.router)
    app.add_exception_handler(HTTPException, _bare)  # type: ignore[arg-type]
    _add_contacts(app, chatwoot)
    _add_conversations(app, chatwoot)
    _add_messages(app, chatwoot)
    return chatwoot.faults.around(app)


def _add_contacts(app: FastAPI, chatwoot: Chatwoot) -> None:
    root, admitted = "/api/v1/accounts/{account}/contacts", [Depends(chatwoot.admit)]

    @app.get(f"{root}/search", dependencies=admitted)
    async def search(q: str) -> Json:
        contacts = chatwoot.store.contacts.values()
        found = [each for each in contacts if q in (each["identifier"] or "") or q in each["name"]]
        return {"meta": {"count": len(found), "current_page": 1}, "payload": found[:15]}

    @app.post(root, dependencies=admitted)
    async def create(new: NewContact) -> Json:
        if new.inbox_id != INBOX:
            raise HTTPException(404, {"error": "Resource could not be found"})
        taken = {each["identifier"] for each in chatwoot.store.contacts.values()} - {None}
        if new.identifier in taken:
            told = {"message": "Identifier has already been taken", "attributes": ["identifier"]}
            raise HTTPException(422, told)
        contact = chatwoot.store.add_contact(new.name, new.identifier)
        return {"payload": {"contact": contact, "contact_inbox": contact["contact_inboxes"][0]}}

    @app.put(f"{root}/{{contact}}", dependencies=admitted)
    async def update(contact: int, changes: Changes) -> Json:
        if contact not in chatwoot.store.contacts:
            raise HTTPException(404, {"error": "Resource could not be found"})
        chatwoot.store.contacts[contact]["name"] = changes.name
        return {"payload": chatwoot.store.contacts[contact]}

    @app.get(f"{root}/{{contact}}/conversations", dependencies=admitted)
    async def conversations(contact: int) -> Json:
        every = chatwoot.store.conversations.values()
        return {"payload": [each for each in every if each["meta"]["sender"]["id"] == contact]}


def _add_conversations(app: FastAPI, chatwoot: Chatwoot) -> None:
    root, admitted = "/api/v1/accounts/{account}/conversations", [Depends(chatwoot.admit)]

    @app.post(root, dependencies=admitted)
    async def create(new: NewConversation) -> Json:
        contact = chatwoot.store.contacts.get(new.contact_id)
        known = contact and {each["source_id"] for each in contact["contact_inboxes"]}
        if contact is None or new.inbox_id != INBOX or new.source_id not in (known or ()):
            raise HTTPException(404, {"error": "Resource could not be found"})
        return chatwoot.store.add_conversation(contact, new.status)

    @app.get(f"{root}/{{number}}", dependencies=admitted)
    async def one(number: Annotated[int, Depends(chatwoot.number)]) -> Json:
        return chatwoot.store.conversations[number]

    @app.post(f"{root}/{{number}}/toggle_status", dependencies=admitted)
    async def toggle_status(number: Annotated[int, Depends(chatwoot.number)], request: Request) -> Json:
        status = (await request.json())["status"]
        chatwoot.store.set_status(number, status)
        return {"meta": {}, "payload": {"success": True, "conversation_id": number, "current_status": status}}


def _add_messages(app: FastAPI, chatwoot: Chatwoot) -> None:
    root = "/api/v1/accounts/{account}/conversations/{number}/messages"
    admitted = [Depends(chatwoot.admit)]

    @app.get(root, dependencies=admitted)
    async def listed(number: Annotated[int, Depends(chatwoot.number)], before: int | None = None) -> Json:
        every = chatwoot.store.messages[number]
        earlier = [each for each in every if before is None or each["id"] < before]
        return {"meta": {}, "payload": earlier[-_PAGE:]}

    @app.post(root, dependencies=admitted)
    async def create(number: Annotated[int, Depends(chatwoot.number)], new: NewMessage) -> Json:
        if len(new.content) > _LONGEST:
            told = {"message": "Content is too long (maximum is 150000 characters)", "attributes": ["content"]}
            raise HTTPException(422, told)
        if new.message_type not in TYPES:
            raise HTTPException(422, {"error": f"'{new.message_type}' is not a valid message_type"})
        return chatwoot.store.add_message(number, **new.model_dump())


async def _bare(_request: Request, error: HTTPException) -> Response:
    content: Any = error.detail
    return JSONResponse(content, error.status_code)
