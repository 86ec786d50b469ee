"""Who may call, and how often: tokens, the acting employee, frequency, the day's quota."""

import asyncio
import secrets
import time
import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

APP_ID, APP_SECRET, PERMANENT_CODE = "FSAID_STUB", "stub-secret", "STUB-PERMANENT-CODE"
CORP_ID, EA = "FSCID_STUB", "stub"
USER_ID, OPEN_USER_ID, USER_MOBILE = "1000", "FSUID_STUB1000", "13900000000"

TOKEN_PATHS = {"/oauth2.0/token": "bearer", "/cgi/corpAccessToken/get/V2": "legacy"}
_TOKENS, _TOKEN_WINDOW_S = 10, 60
_CALLS, _CALL_WINDOW_S = 60, 20
_SAME_TOKEN_S, _TOKEN_S = 6600, 7200


class Gate:
    """Answers 0, or the errorCode of a refusal."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}
        """Good tokens and the way they were asked for."""
        self.ended_code = 20016
        """What is said of a token that has ended: 20016, 20005 or 11014."""
        self.quota: int | None = None
        """Calls that are left today."""
        self.has_pack = True
        self.frequency_code = 30004
        self.users: list[str] = []
        """Who acted, call by call."""
        self._asked_at: list[float] = []
        self._asking = 0
        self._called_at: dict[str, list[float]] = defaultdict(list)
        self._current: dict[str, tuple[str, float]] = {}
        self._traces: set[str] = set()

    async def token(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a token call: the same token for 110 minutes; ten calls a minute, never two at once."""
        style = TOKEN_PATHS[path]
        credentials = (body.get("appId"), body.get("appSecret"), body.get("permanentCode"))
        if credentials != (APP_ID, APP_SECRET, PERMANENT_CODE):
            return {"errorCode": 10006}  # as seen of the real one, whatever the credential that is wrong
        if style == "bearer" and body.get("grantType") != "app_secret":
            return {"errorCode": 15002}
        now = time.monotonic()
        self._asked_at = [at for at in self._asked_at if at > now - _TOKEN_WINDOW_S]
        if self._asking or len(self._asked_at) >= _TOKENS:
            return {"errorCode": 14001}
        self._asked_at.append(now)
        self._asking += 1
        await asyncio.sleep(0.02)
        self._asking -= 1
        token, since = self._current.get(style, ("", 0.0))
        if token not in self.tokens or since < now - _SAME_TOKEN_S:
            token, since = secrets.token_hex(16).upper(), now
            self._current[style] = (token, since)
            self.tokens[token] = style
        lives_s = {"expiresIn": int(since + _TOKEN_S - now)}
        if style == "legacy":
            return {"errorCode": 0, "corpAccessToken": token, "corpId": CORP_ID, **lives_s}
        return {"errorCode": 0, "accessToken": token, "ea": EA, "appId": APP_ID, "openUserId": CORP_ID, **lives_s}

    def end_tokens(self, code: int) -> None:
        """Every token ends now, and is refused with `code`."""
        self.tokens.clear()
        self.ended_code = code

    def admit(self, path: str, trace: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> int:
        """0 if this call may go on."""
        code = self._known(path, trace, headers, body)
        if code != 0:
            return code
        if not self.has_pack:
            return 30003
        if self.quota is not None and self.quota <= 0:
            return 30002
        now = time.monotonic()
        recent = [at for at in self._called_at[path] if at > now - _CALL_WINDOW_S]
        self._called_at[path] = recent
        if len(recent) >= _CALLS:
            return self.frequency_code
        recent.append(now)
        self.quota = None if self.quota is None else self.quota - 1
        return 0

    def _known(self, path: str, trace: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> int:
        if not _is_fresh(trace, self._traces):
            return 15002
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        legacy = body.get("corpAccessToken", "")
        if bool(bearer) == bool(legacy):
            return 20017  # neither, or both at once
        style = self.tokens.get(bearer or legacy)
        if style != ("bearer" if bearer else "legacy") or scheme not in ("Bearer", ""):
            return self.ended_code
        if (bearer and headers.get("x-fs-ea") != EA) or (legacy and body.get("corpId") != CORP_ID):
            return 20016
        return 0 if path == "/cgi/user/getByMobile" else self._acting(bool(bearer), headers, body)

    def _acting(self, bearer: bool, headers: Mapping[str, str], body: Mapping[str, Any]) -> int:
        """An openUserId in the header is known only to whoever asks for it to be converted."""
        given = headers.get("x-fs-userid") if bearer else body.get("currentOpenUserId")
        wanted = OPEN_USER_ID if not bearer or body.get("convertUserId") else USER_ID
        if given != wanted:
            return 20012
        self.users.append(given)
        return 0


def _is_fresh(trace: str, seen: set[str]) -> bool:
    """A version 4 UUID that no call before had."""
    try:
        fresh = trace not in seen and uuid.UUID(trace).version == 4
    except ValueError:
        return False
    seen.add(trace)
    return fresh
