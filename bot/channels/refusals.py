"""How a subject's errors become answers of its routes."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from bot.channels.api import ApiError
from bot.errors import ZhangguiError

Message = str | Callable[[Any], str]
"""What people read, or what makes it of the error."""
Answers = Mapping[type[ZhangguiError], tuple[int, Message]]


def refusing(answers: Answers) -> Callable[[], AsyncIterator[None]]:
    """A dependency that turns each error in `answers`, or of a kind below it, into that status and message.

    The code is the error's. Others pass: nobody has said what they mean to people.
    """

    async def refusals() -> AsyncIterator[None]:
        try:
            yield
        except tuple(answers) as error:
            status, message = next(answers[kind] for kind in type(error).__mro__ if kind in answers)
            raise ApiError(status, error.code, message if isinstance(message, str) else message(error)) from error

    return refusals
