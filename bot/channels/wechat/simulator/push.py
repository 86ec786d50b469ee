"""Handing what a user did to the account's server, as insistently as WeChat does."""

import asyncio
from dataclasses import dataclass
from itertools import count

import httpx
import structlog

from bot.channels.wechat.simulator.account import Account
from bot.channels.wechat.simulator.phone import UNAVAILABLE, Phone
from bot.channels.wechat.simulator.replies import Reply, read
from bot.channels.wechat.simulator.xml import Fields, MalformedReplyError
from bot.clock import Clock

_log = structlog.get_logger(__name__)


class _FailedError(Exception):
    """A try brought no answer."""


@dataclass
class Patience:
    """How long WeChat waits, how often it tries, how many tries it makes at the same time at first, and bad luck."""

    reply_s: float = 5.0
    tries: int = 3
    at_once: int = 1
    lost_answers: int = 0
    """So many answers of the server are lost on their way, one after another."""


class Pusher:
    """Pushes messages and events; a reply in time goes to the phone, silence and nonsense make WeChat apologise."""

    def __init__(self, account: Account, http: httpx.AsyncClient, clock: Clock, patience: Patience) -> None:
        self._account = account
        self._http = http
        self._clock = clock
        self._patience = patience
        # Never a number twice, even after a restart: the server would take the message for a repetition.
        self._numbers = count(int(clock().timestamp() * 1_000_000))
        self._answered: set[int] = set()

    async def message(self, phone: Phone, fields: Fields, msg_id: int | None = None) -> None:
        """Push a message of the user; a `msg_id` that was pushed before makes it one more try of that message."""
        number = msg_id or next(self._numbers)
        reply = await self._push(phone, {**fields, "MsgId": number})
        if reply is not None and number not in self._answered:  # one message, one reply
            self._answered.add(number)
            phone.received(reply.kind, reply.content)

    async def event(self, phone: Phone, fields: Fields) -> None:
        """Push an event, and show on the phone what comes of it."""
        reply = await self._push(phone, fields)
        if reply is not None:
            phone.received(reply.kind, reply.content)

    async def _push(self, phone: Phone, fields: Fields) -> Reply | None:
        envelope: Fields = {
            "ToUserName": self._account.original_id,
            "FromUserName": phone.openid,
            "CreateTime": int(self._clock().timestamp()),
            **fields,
        }
        try:
            return await self._insist(phone.openid, envelope)
        except _FailedError as error:
            _log.warning("push_failed", openid=phone.openid, cause=str(error))
            phone.notice(UNAVAILABLE)
            return None

    async def _insist(self, openid: str, fields: Fields) -> Reply | None:
        """The first answer that comes in time and can be read; of tries at once one with words in it, if any."""
        left, failure = self._patience.tries, ""
        at_once = min(self._patience.at_once, left)
        while left:
            left -= at_once
            tries = [asyncio.create_task(self._try(openid, fields)) for _ in range(at_once)]
            answers = await asyncio.gather(*tries, return_exceptions=True)
            for answer in answers:
                if isinstance(answer, Reply):
                    return answer
            for answer in answers:
                if answer is None:
                    return None
                if isinstance(answer, (_FailedError, MalformedReplyError)):
                    failure = str(answer)
                elif isinstance(answer, BaseException):
                    raise answer
            at_once = 1
        raise _FailedError(failure)

    async def _try(self, openid: str, fields: Fields) -> Reply | None:
        params, body = self._account.pushed(fields, str(int(self._clock().timestamp())))
        headers = {"Content-Type": "text/xml"}
        try:
            async with asyncio.timeout(self._patience.reply_s):  # the connection is cut, whatever the server does
                url = f"{self._account.bank_url}/wechat"
                answer = await self._http.post(url, params=params, content=body, headers=headers)
        except TimeoutError:
            raise _FailedError(f"no answer within {self._patience.reply_s} s") from None
        except httpx.HTTPError as error:
            raise _FailedError(type(error).__name__) from error
        if self._patience.lost_answers:
            self._patience.lost_answers -= 1
            raise _FailedError("the answer was lost")
        if answer.status_code != httpx.codes.OK:
            raise _FailedError(f"HTTP {answer.status_code}")
        return read(self._account, openid, answer.content)
