"""What every answer says to the browser: run only our files, show us in no foreign frame, keep nothing.

After the OWASP HTTP Headers Cheat Sheet and Content Security Policy Level 3.
"""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAMED = frozenset({"/"})
"""Pages that allowed origins may show in a frame. The desk and the binding page may be shown in none."""
_STATIC = "/static/"
_CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # the QR code of an agent's enrolment is made for one answer and has no address
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
_FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HSTS = "max-age=31536000"
"""A year, without subdomains: those are the bank's to decide."""


class SecurityHeaders:
    """Adds the headers; one that a route has set itself stays."""

    def __init__(self, app: ASGIApp, frames: Sequence[str] = ()) -> None:
        """`frames` are the origins that may show the pages of FRAMED."""
        self._app = app
        self._frames = " ".join(frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers(scope).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)

    def _headers(self, scope: Scope) -> dict[str, str]:
        path = scope["path"]
        ancestors = self._frames if path in FRAMED and self._frames else "'none'"
        policy = {**_CSP, "frame-ancestors": ancestors}
        headers = {
            **_FOR_ALL,
            "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        }
        if ancestors == "'none'":
            headers["X-Frame-Options"] = "DENY"  # for browsers that do not know frame-ancestors
        if scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = _HSTS
        if path.startswith(_STATIC):  # the widget's files, which other sites load
            return {**headers, "Cross-Origin-Resource-Policy": "cross-origin"}
        return {**headers, "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store"}
