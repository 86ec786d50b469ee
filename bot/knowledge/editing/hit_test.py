"""What the bot would answer to a sentence, and why. The index lies with the action server, so that is who is asked."""

from typing import Literal, Protocol

import httpx
from pydantic import BaseModel, ConfigDict

from bot.bearer import authorization
from bot.errors import UnavailableError


class HitTestUnavailableError(UnavailableError):
    """The action server does not answer."""

    code = "hit_test_unavailable"


class Candidate(BaseModel):
    """An entry that was weighed."""

    model_config = ConfigDict(frozen=True)

    entry_id: str
    question: str
    answer: str
    probability: float
    """That it answers the sentence, 0 to 1."""
    meaning: float
    """The cosine of the sentence and the centre of the entry, -1 to 1."""
    words: float
    """How far they share characters (BM25), 0 to 1: 1 for the entry that shares most."""
    nearest: str
    """The phrasing of the entry that lies nearest to the sentence."""
    likeness: float
    """The cosine of sentence and that phrasing."""


class HitTest(BaseModel):
    """What would be done with a sentence that is a question to the knowledge base."""

    model_config = ConfigDict(frozen=True)

    decision: Literal["answer", "choices", "miss"]
    verbatim: bool
    """Whether the sentence is a phrasing, word for word; then nothing is weighed."""
    answer: str | None
    answer_at: float
    """From this probability of the best on, it is given as the answer."""
    choices_at: float
    """From this probability that anything here is meant, the best three are offered."""
    meant: float
    """The probability that anything here is."""
    version: str
    """Which state of the knowledge base was asked."""
    candidates: list[Candidate]
    """The best five, best first."""


class HitTester(Protocol):
    """Whoever has the index."""

    async def ask(self, text: str) -> HitTest:
        """Raises HitTestUnavailableError."""


class ActionServerHitTester:
    """The action server over its private HTTP."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: str, *, timeout_s: float) -> None:
        """`token` is what the action server asks for."""
        self._http = http
        self._url = url
        self._headers = authorization(token)
        self._timeout_s = timeout_s

    async def ask(self, text: str) -> HitTest:
        try:
            response = await self._http.post(
                self._url, json={"text": text}, headers=self._headers, timeout=self._timeout_s
            )
            response.raise_for_status()
            return HitTest.model_validate_json(response.content)
        except (httpx.HTTPError, ValueError) as error:
            raise HitTestUnavailableError(f"{type(error).__name__}: {error}") from error
