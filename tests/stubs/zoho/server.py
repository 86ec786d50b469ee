"""The stub's routes: tokens, records, notes, fields, and a control side to switch what goes wrong."""

import secrets
import time
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Body, Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse

from tests.stubs.faults import Application, Faults
from tests.stubs.zoho.store import Store, result

CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN = "1000.STUB", "stub-secret", "1000.stub.refresh"
TOKENS, WINDOW_S = 10, 600
AT_ONCE = 10
Data = Annotated[list[dict[str, Any]], Body()]


class Zoho:
    """The state of the stub, to be looked at and changed by tests that run it in their own process."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.reset()

    def reset(self) -> None:
        """An empty organisation with the schema of tenant.yml, nothing going wrong."""
        self.store = Store()
        self.tokens: set[str] = set()
        self.fetched: list[float] = []
        self.at_once = 0
        self.faults.waiting.clear()
        self.faults.calls.clear()

    async def authorized(self, authorization: Annotated[str, Header()] = "") -> None:
        """Zoho's own scheme; `Bearer` is refused."""
        scheme, _, token = authorization.partition(" ")
        if scheme != "Zoho-oauthtoken":
            raise HTTPException(401, result("AUTHENTICATION_FAILURE", "Authentication failed", {}))
        if token not in self.tokens:
            raise HTTPException(401, result("INVALID_TOKEN", "invalid oauth token", {}))

    def module(self, module: str) -> str:
        """A module's name from the path."""
        if module not in self.store.modules:
            raise HTTPException(400, result("INVALID_MODULE", "the module name given seems to be invalid", {}))
        return module


def create_app(zoho: Zoho) -> Application:
    """The server around this state."""
    app = FastAPI(title="A stand-in for Zoho CRM")
    app.include_router(zoho.faults.router)
    app.add_exception_handler(HTTPException, _bare)  # type: ignore[arg-type]
    _add_tokens(app, zoho)
    _add_records(app, zoho)
    _add_control(app, zoho)

    @app.middleware("http")
    async def few_at_once(request: Request, call_next: Any) -> Response:
        zoho.at_once += 1
        try:
            if zoho.at_once > AT_ONCE:
                return JSONResponse(result("TOO_MANY_REQUESTS", "too many requests", {}), 429)
            answer: Response = await call_next(request)
            return answer
        finally:
            zoho.at_once -= 1

    return zoho.faults.around(app)


def _add_tokens(app: FastAPI, zoho: Zoho) -> None:
    @app.post("/oauth/v2/token")
    async def token(request: Request) -> Response:
        """Ten in ten minutes. Wrong credentials are told with HTTP 200, as Zoho does."""
        form = dict(parse_qsl((await request.body()).decode()))
        if form.pop("refresh_token", "") != REFRESH_TOKEN:
            return JSONResponse({"error": "invalid_code"})
        if form != {"grant_type": "refresh_token", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}:
            return JSONResponse({"error": "invalid_client"})
        zoho.fetched = [at for at in zoho.fetched if at > time.monotonic() - WINDOW_S]
        if len(zoho.fetched) >= TOKENS:
            told = "You have made too many requests continuously. Please try again after some time."
            return JSONResponse({"error": "Access Denied", "error_description": told, "status": "failure"}, 400)
        zoho.fetched.append(time.monotonic())
        fresh = f"1000.{secrets.token_hex(16)}"
        zoho.tokens.add(fresh)
        api = str(request.base_url).rstrip("/")
        return JSONResponse({"access_token": fresh, "api_domain": api, "token_type": "Bearer", "expires_in": 3600})


def _add_records(app: FastAPI, zoho: Zoho) -> None:
    paging = {"page": Query(1, ge=1), "per_page": Query(200, ge=1, le=200)}
    authorized = [Depends(zoho.authorized)]

    @app.get("/crm/v8/settings/fields", dependencies=authorized)
    async def fields(module: str) -> Response:
        described = zoho.store.modules[zoho.module(module)].items()
        return JSONResponse({"fields": [_described(name, field) for name, field in described]})

    @app.get("/crm/v8/{module}/search", dependencies=authorized)
    async def search(
        module: str, criteria: str = "", page: int = paging["page"], per_page: int = paging["per_page"]
    ) -> Response:
        found = zoho.store.search(zoho.module(module), criteria)
        if found is None:
            return JSONResponse(result("INVALID_QUERY", "invalid query formed", {}), 400)
        return _page(found, page, per_page)

    @app.get("/crm/v8/{module}/{record_id}", dependencies=authorized)
    async def one(module: str, record_id: str) -> Response:
        record = zoho.store.records[zoho.module(module)].get(record_id)
        return JSONResponse({"data": [record]}) if record else Response(status_code=204)

    @app.post("/crm/v8/{module}/upsert", dependencies=authorized)
    async def upsert(
        module: str,
        data: Data,
        duplicate_check_fields: Annotated[list[str], Body()] = ["Subject"],  # noqa: B006
    ) -> Response:
        return _results([zoho.store.upsert(zoho.module(module), record, duplicate_check_fields) for record in data])

    @app.post("/crm/v8/{module}", dependencies=authorized)
    async def insert(module: str, data: Annotated[list[dict[str, Any]], Body(embed=True)]) -> Response:
        return _results([zoho.store.insert(zoho.module(module), record) for record in data], done=201)

    @app.put("/crm/v8/{module}/{record_id}", dependencies=authorized)
    async def update(module: str, record_id: str, data: Annotated[list[dict[str, Any]], Body(embed=True)]) -> Response:
        return _results([zoho.store.update(zoho.module(module), record_id, record) for record in data])

    @app.get("/crm/v8/{module}/{record_id}/Notes", dependencies=authorized)
    async def notes(
        module: str, record_id: str, fields: str, page: int = paging["page"], per_page: int = paging["per_page"]
    ) -> Response:
        kept = zoho.store.records["Notes"].values()
        mine = [note for note in kept if note["Parent_Id"]["id"] == record_id]
        shown = [{name: note.get(name) for name in ("id", *fields.split(","))} for note in reversed(mine)]
        return _page(shown, page, per_page)

    @app.post("/crm/v8/{module}/{record_id}/Notes", dependencies=authorized)
    async def add_notes(
        module: str, record_id: str, data: Annotated[list[dict[str, Any]], Body(embed=True)]
    ) -> Response:
        parent = {"Parent_Id": {"id": record_id}}
        return _results([zoho.store.insert("Notes", {**note, **parent}) for note in data], done=201)


def _add_control(app: FastAPI, zoho: Zoho) -> None:
    @app.post("/control/reset", status_code=204)
    async def reset() -> None:
        zoho.reset()

    @app.post("/control/expire-tokens", status_code=204)
    async def expire_tokens() -> None:
        zoho.tokens.clear()

    @app.post("/control/index-lag", status_code=204)
    async def index_lag(seconds: float) -> None:
        zoho.store.index_lag_s = seconds

    @app.put("/control/fields/{module}/{name}", status_code=204)
    async def change_field(module: str, name: str, field: Annotated[dict[str, Any], Body()]) -> None:
        zoho.store.modules[module][name] = field

    @app.get("/control/records/{module}")
    async def records(module: str) -> list[dict[str, Any]]:
        return list(zoho.store.records[module].values())


async def _bare(_request: Request, error: HTTPException) -> Response:
    return JSONResponse(error.detail, error.status_code)


def _page(found: list[dict[str, Any]], page: int, per_page: int) -> Response:
    shown = found[(page - 1) * per_page : page * per_page]
    if not shown:
        return Response(status_code=204)
    more = page * per_page < len(found)
    return JSONResponse({"data": shown, "info": {"page": page, "count": len(shown), "more_records": more}})


def _results(results: list[dict[str, Any]], done: int = 200) -> Response:
    failed = sum(one["status"] != "success" for one in results)
    status = done if not failed else 207 if failed < len(results) else 400
    return JSONResponse({"data": results}, status)


def _described(name: str, field: dict[str, Any]) -> dict[str, Any]:
    return {
        "api_name": name,
        "field_label": name.replace("_", " "),
        "data_type": field["data_type"],
        "length": field.get("length"),
        "unique": {"casesensitive": "false"} if field.get("unique") else {},
        "read_only": field.get("read_only", False),
        "system_mandatory": field.get("mandatory", False),
        "pick_list_values": [{"display_value": v, "actual_value": v} for v in field.get("options", ())],
    }
