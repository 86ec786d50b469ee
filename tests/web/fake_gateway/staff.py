"""The desk's API for signing in, locking and accounts, as the fake gateway speaks it."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import segno
from fastapi import APIRouter, Cookie, Header, Response

from tests.web.fake_gateway.state import AGENTS, PASSWORD, FakeAccount, FakeGateway, refuse

CODE = "123456"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RECOVERY_CODES = [f"abcd-efgh-ijkl-mno{digit}" for digit in range(10)]
INITIAL = "k7wd-mq3n-x9ra-tb4e"


def staff_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/desk/login` and one's own session."""
    router = APIRouter(prefix="/api/desk")

    def on(response: Response, login: str) -> dict[str, Any]:
        """The next step, or in."""
        response.set_cookie("pending", login, httponly=True, samesite="strict")
        if gateway.steps.get(login):
            return {"step": gateway.steps[login][0]}
        session = f"desk-{len(gateway.desk_sessions)}"
        gateway.desk_sessions[session] = AGENTS[login]
        gateway.locked = False
        response.set_cookie("desk", session, httponly=True, samesite="strict")
        return {"agent": AGENTS[login]}

    def done(step: str, login: str) -> None:
        if gateway.steps.get(login, [])[:1] != [step]:
            raise refuse(401, "sign_in_expired", "登录已超时，请重新登录")
        gateway.steps[login].pop(0)

    @router.post("/login")
    async def login(body: dict[str, str], response: Response) -> dict[str, Any]:
        if body["login"] not in AGENTS or body["password"] != PASSWORD:
            raise refuse(401, "login_failed", "工号或密码不正确")
        return on(response, body["login"])

    @router.post("/login/code")
    async def code(body: dict[str, str], response: Response, pending: str = Cookie("")) -> dict[str, Any]:
        if body["code"] != CODE:
            raise refuse(401, "wrong_code", "验证码不正确或已使用过，请输入应用上最新的验证码")
        done("code", pending)
        return on(response, pending)

    @router.post("/login/password")
    async def password(response: Response, pending: str = Cookie("")) -> dict[str, Any]:
        done("password", pending)
        return on(response, pending)

    @router.post("/login/enrolment")
    async def enrolment() -> dict[str, str]:
        return {"qr": segno.make(f"otpauth://totp/{SECRET}").svg_data_uri(scale=5, light="#fff"), "secret": SECRET}

    @router.post("/login/enrolment/confirm")
    async def confirm(body: dict[str, str], response: Response, pending: str = Cookie("")) -> dict[str, Any]:
        if body["code"] != CODE:
            raise refuse(401, "wrong_code", "验证码不正确或已使用过，请输入应用上最新的验证码")
        done("enrolment", pending)
        return {**on(response, pending), "recovery_codes": RECOVERY_CODES}

    @router.post("/logout")
    async def logout(desk: str = Cookie("")) -> dict[str, Any]:
        gateway.desk_sessions.pop(desk, None)
        return {}

    @router.get("/me")
    async def me(desk: str = Cookie("")) -> dict[str, Any]:
        return {"agent": gateway.agent_of(desk)}

    @router.post("/activity")
    async def activity(desk: str = Cookie(""), x_desk: str = Header()) -> dict[str, Any]:
        gateway.agent_of(desk)
        gateway.activity += 1
        return {}

    @router.post("/unlock")
    async def unlock(body: dict[str, str], desk: str = Cookie("")) -> dict[str, Any]:
        if desk not in gateway.desk_sessions:
            raise refuse(401, "invalid_desk_session", "登录已过期，请重新登录")
        if body["password"] != PASSWORD:
            raise refuse(401, "login_failed", "工号或密码不正确")
        gateway.locked = False
        return {"agent": gateway.agent_of(desk)}

    @router.post("/me/password")
    async def change_password(body: dict[str, str], desk: str = Cookie("")) -> dict[str, Any]:
        gateway.agent_of(desk)
        if body["old"] != PASSWORD:
            raise refuse(401, "login_failed", "工号或密码不正确")
        gateway.desk_sessions.clear()
        return {}

    @router.get("/me/sessions")
    async def sessions(desk: str = Cookie("")) -> dict[str, Any]:
        gateway.agent_of(desk)
        at = datetime.now(UTC).isoformat()
        browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
        common = {"browser": browser, "created_at": at, "used_at": at, "locked": False}
        return {
            "sessions": [
                {**common, "session_id": session, "address": "192.0.2.10", "current": session == desk}
                for session in gateway.desk_sessions
            ]
        }

    @router.post("/me/sessions/{session_id}/revoke")
    async def revoke(session_id: str, desk: str = Cookie("")) -> dict[str, Any]:
        gateway.agent_of(desk)
        gateway.desk_sessions.pop(session_id)
        return {}

    return router


def account_routes(gateway: FakeGateway) -> APIRouter:
    """`/api/desk/accounts`"""
    router = APIRouter(prefix="/api/desk/accounts")

    @router.get("")
    async def accounts() -> dict[str, Any]:
        return {"accounts": [asdict(account) for account in gateway.accounts]}

    @router.post("")
    async def add(body: dict[str, str]) -> dict[str, Any]:
        if any(account.login == body["login"] for account in gateway.accounts):
            raise refuse(409, "login_taken", "该工号已存在")
        made = FakeAccount("n1", **body, has_totp=False, must_change_password=True)
        gateway.accounts.append(made)
        return {"agent_id": made.agent_id, "password": INITIAL}

    @router.post("/{agent_id}/{move:path}")
    async def change(agent_id: str, move: str, body: dict[str, Any], x_desk: str = Header()) -> dict[str, Any]:
        account = next(each for each in gateway.accounts if each.agent_id == agent_id)
        gateway.moves.append((move, {"agent_id": agent_id, **body}))
        account.role = body.get("role", account.role)
        account.disabled = {"disable": True, "enable": False}.get(move, account.disabled)
        account.has_totp = account.has_totp and move != "totp"
        return {"password": INITIAL} if move == "password" else {}

    return router
