"""Zoho's refresh-token flow (OAuth 2.0)."""

from datetime import timedelta
from hashlib import sha256

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from bot.crm.errors import CrmUnavailableError
from bot.tokens.shared import Fetched, Limit

LIMIT = Limit(fetches=8, window_s=600)
"""Zoho blocks a refresh token after ten in ten minutes; two are left for people who try something by hand."""
_BLOCKED_S = timedelta(minutes=10).total_seconds()

log = structlog.get_logger()


class _Answer(BaseModel):
    access_token: str
    api_domain: str | None = None
    expires_in: int = 3600


class ZohoLogin:
    """Fetches an access token; call it through `SharedToken`, which counts."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        accounts_url: str,
        *,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        timeout_s: float,
    ) -> None:
        """`accounts_url` is the data centre's, such as https://accounts.zoho.com.cn."""
        self._http = http
        self._url = f"{accounts_url.rstrip('/')}/oauth/v2/token"
        self._form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": refresh_token,
        }
        self._timeout_s = timeout_s
        fingerprint = sha256(f"{accounts_url}|{client_id}|{refresh_token}".encode()).hexdigest()[:8]
        self.token_name = f"zoho.{fingerprint}"
        """Under which a token is shared; one of another data centre or client is not taken for it."""

    async def __call__(self) -> Fetched:
        """A fresh token with the `api_domain` that it is good for. Raises CrmUnavailableError.

        A refusal is "unavailable" too: no write is to be given up because of a wrong secret.
        """
        try:
            response = await self._http.post(self._url, data=self._form, timeout=self._timeout_s)
        except httpx.HTTPError as error:
            raise CrmUnavailableError(f"Zoho token: {type(error).__name__}") from error
        try:
            answer = _Answer.model_validate_json(response.content)
        except ValidationError:
            reason = _reason(response)
            log.error("zoho_token_refused", status=response.status_code, reason=reason)
            blocked = reason == "Access Denied"
            raise CrmUnavailableError(f"Zoho token: {reason}", _BLOCKED_S if blocked else None) from None
        return Fetched(
            answer.access_token, answer.expires_in, {"api_domain": answer.api_domain} if answer.api_domain else {}
        )


def _reason(response: httpx.Response) -> str:
    """The `error` of an answer, which may come with HTTP 200."""
    try:
        return str(response.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"status {response.status_code}"
