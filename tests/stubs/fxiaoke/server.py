"""The stub's routes: tokens, employees, records, descriptions, and a control side to switch what goes wrong."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Body, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.stubs.faults import Application, Faults
from tests.stubs.fxiaoke.gate import OPEN_USER_ID, TOKEN_PATHS, USER_MOBILE, Gate
from tests.stubs.fxiaoke.store import Store

_UNKNOWN_PATH = 10006


class Fxiaoke:
    """The state of the stub, to be looked at and changed by tests that run it in their own process."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.reset()

    def reset(self) -> None:
        """An empty tenant with the objects of tenant.yml, nothing going wrong."""
        self.store = Store()
        self.gate = Gate()
        self.faults.waiting.clear()
        self.faults.calls.clear()

    async def answer(self, path: str, trace: str, headers: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        """What is said to one call; without an errorCode when it went well."""
        if path in TOKEN_PATHS:
            return await self.gate.token(path, body)
        if code := self.gate.admit(path, trace, headers, body):
            return {"errorCode": code}
        data = body.get("data") or {}
        match path.removeprefix("/cgi/").replace("crm/custom/v2/", "crm/v2/"):
            case "user/getByMobile":
                known = body.get("mobile") == USER_MOBILE
                return {"empList": [{"openUserId": OPEN_USER_ID, "name": "智能客服"}] if known else []}
            case "crm/v2/object/describe":
                return self.store.describe(data.get("apiName"))
            case "crm/v2/data/query":
                return self.store.query(data) if self._is_right(path, data) else {"errorCode": _UNKNOWN_PATH}
            case "crm/v2/data/get":
                return self.store.get(data) if self._is_right(path, data) else {"errorCode": _UNKNOWN_PATH}
            case "crm/v2/data/create" | "crm/v2/data/update" as action:
                given = data.get("object_data") or {}
                if not self._is_right(path, given):
                    return {"errorCode": _UNKNOWN_PATH}
                return self.store.update(given) if action.endswith("update") else self.store.create(given)
            case _:
                return {"errorCode": _UNKNOWN_PATH}

    def _is_right(self, path: str, data: Mapping[str, Any]) -> bool:
        """An object that the tenant has made has paths of its own."""
        name = str(data.get("dataObjectApiName"))
        return name in self.store.objects and name.endswith("__c") == ("/custom/" in path)


def create_app(fxiaoke: Fxiaoke) -> Application:
    """The server around this state."""
    app = FastAPI(title="A stand-in for 纷享销客")
    app.include_router(fxiaoke.faults.router)
    _add_control(app, fxiaoke)

    @app.post("/{path:path}")
    async def call(request: Request, thirdTraceId: str = "") -> Response:  # noqa: N803 - its own name
        """Whatever comes of it, HTTP 200."""
        try:
            body = dict(await request.json())
        except ValueError:
            body = {}
        said = await fxiaoke.answer(request.url.path, thirdTraceId, request.headers, body)
        message = "OK" if said.get("errorCode", 0) == 0 else "refused"
        return JSONResponse(
            {"traceId": f"E-O.stub.{secrets.token_hex(4)}", "errorCode": 0, "errorMessage": message, **said}
        )

    return fxiaoke.faults.around(app)


def _add_control(app: FastAPI, fxiaoke: Fxiaoke) -> None:
    @app.post("/control/reset", status_code=204)
    async def reset() -> None:
        fxiaoke.reset()

    @app.post("/control/end-tokens", status_code=204)
    async def end_tokens(code: int = 20016) -> None:
        fxiaoke.gate.end_tokens(code)

    @app.post("/control/quota", status_code=204)
    async def quota(left: int) -> None:
        fxiaoke.gate.quota = left

    @app.post("/control/pack", status_code=204)
    async def pack(bought: bool) -> None:
        fxiaoke.gate.has_pack = bought

    @app.post("/control/frequency-code", status_code=204)
    async def frequency_code(code: int) -> None:
        fxiaoke.gate.frequency_code = code

    @app.put("/control/fields/{name}/{field}", status_code=204)
    async def change_field(name: str, field: str, described: Annotated[dict[str, Any], Body()]) -> None:
        fxiaoke.store.objects[name][field] = described

    @app.get("/control/records/{name}")
    async def records(name: str) -> list[dict[str, Any]]:
        return fxiaoke.store.records[name]
