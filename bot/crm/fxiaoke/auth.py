"""Fxiaoke's two ways to say who is calling: the current one in headers, the legacy one in every body."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from bot.clock import Clock
from bot.crm.errors import CrmUnavailableError
from bot.crm.fxiaoke.errors import error_of
from bot.crm.fxiaoke.wire import Answer, FxiaokeWire
from bot.tokens.shared import Fetched, Limit

LIMIT = Limit(fetches=8, window_s=60)
"""Fxiaoke gives ten a minute; two are left for people who try something by hand."""
_USER_BY_MOBILE = "/cgi/user/getByMobile"
_OPEN_USER_ID = "FSUID_"

log = structlog.get_logger()


@dataclass(frozen=True)
class App:
    """The tenant's own app (企业自建应用) and the employee it acts as, whose permissions decide what we see.

    The employee is named by id or found by mobile number.
    """

    app_id: str
    app_secret: str = field(repr=False)
    permanent_code: str = field(repr=False)
    user_id: str | None = None
    user_mobile: str | None = None

    def credentials(self) -> dict[str, str]:
        """What every token call says."""
        return {"appId": self.app_id, "appSecret": self.app_secret, "permanentCode": self.permanent_code}


@dataclass(frozen=True)
class Signed:
    """A request that says who is calling."""

    body: dict[str, Any]
    headers: dict[str, str]


class Style(Protocol):
    """How tokens are asked for and shown. Until `extra["user"]` is known, no user is named."""

    token_path: str

    def question(self, app: App) -> dict[str, str]:
        """The body of the token call."""
        ...

    def token(self, body: dict[str, Any]) -> Fetched:
        """The token in its answer. Raises KeyError, ValueError or TypeError when it is not there."""
        ...

    def sign(self, token: Fetched, body: dict[str, Any]) -> Signed:
        """`body`, with what says who is calling."""
        ...


class BearerStyle:
    """The current way: OAuth 2.0's client credentials."""

    token_path = "/oauth2.0/token"  # noqa: S105 - a path

    def question(self, app: App) -> dict[str, str]:
        """See `Style.question`."""
        return {**app.credentials(), "grantType": "app_secret"}

    def token(self, body: dict[str, Any]) -> Fetched:
        """See `Style.token`."""
        return Fetched(body["accessToken"], int(body["expiresIn"]), {"ea": body["ea"]})

    def sign(self, token: Fetched, body: dict[str, Any]) -> Signed:
        """See `Style.sign`. An openUserId is taken for what it is only when the body says so."""
        headers = {"authorization": f"Bearer {token.token}", "x-fs-ea": token.extra["ea"]}
        if user := token.extra.get("user"):
            headers["x-fs-userid"] = user
            body = {**body, "convertUserId": True} if user.startswith(_OPEN_USER_ID) else body
        return Signed(body, headers)


class LegacyStyle:
    """The old way, of apps made before OAuth came."""

    token_path = "/cgi/corpAccessToken/get/V2"  # noqa: S105 - a path

    def question(self, app: App) -> dict[str, str]:
        """See `Style.question`."""
        return app.credentials()

    def token(self, body: dict[str, Any]) -> Fetched:
        """See `Style.token`."""
        return Fetched(body["corpAccessToken"], int(body["expiresIn"]), {"corpId": body["corpId"]})

    def sign(self, token: Fetched, body: dict[str, Any]) -> Signed:
        """See `Style.sign`."""
        caller = {"corpAccessToken": token.token, "corpId": token.extra["corpId"]}
        if user := token.extra.get("user"):
            caller["currentOpenUserId"] = user
        return Signed({**caller, **body}, {})


class FxiaokeLogin:
    """Fetches a token and, with it, the acting user; call it through `SharedToken`, which counts."""

    def __init__(self, wire: FxiaokeWire, style: Style, app: App, clock: Clock) -> None:
        self._wire = wire
        self._style = style
        self._app = app
        self._clock = clock

    async def __call__(self) -> Fetched:
        """A token whose `extra` names the user. Raises CrmUnavailableError.

        A refusal is "unavailable" too: no write is to be given up because of a wrong secret.
        """
        answer = await self._wire.post(self._style.token_path, self._style.question(self._app))
        self._require_success(self._style.token_path, answer)
        try:
            token = self._style.token(dict(answer.body))
        except (KeyError, ValueError, TypeError):
            raise CrmUnavailableError(f"{self._style.token_path}: an answer without a token") from None
        user = self._app.user_id or await self._user_by_mobile(token)
        return Fetched(token.token, token.lives_s, {**token.extra, "user": user})

    async def _user_by_mobile(self, token: Fetched) -> str:
        signed = self._style.sign(token, {"mobile": self._app.user_mobile})
        answer = await self._wire.post(_USER_BY_MOBILE, signed.body, signed.headers)
        self._require_success(_USER_BY_MOBILE, answer)
        try:
            return str(answer.body["empList"][0]["openUserId"])
        except (KeyError, IndexError, TypeError):
            log.error("fxiaoke_user_unknown", trace_id=answer.trace_id)
            raise CrmUnavailableError("Fxiaoke knows no employee with the mobile number we act as") from None

    def _require_success(self, path: str, answer: Answer) -> None:
        if answer.code != 0:
            log.error("fxiaoke_login_refused", path=path, code=answer.code, trace_id=answer.trace_id)
            error = error_of(path, answer.code, answer.trace_id, self._clock())
            raise CrmUnavailableError(str(error), getattr(error, "retry_after_s", None))
