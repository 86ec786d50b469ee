from contextlib import asynccontextmanager

import pytest

from bot.channels.api import ApiError
from bot.channels.refusals import Answers, refusing
from bot.errors import ZhangguiError
from bot.handoff.errors import ForbiddenWordingError, HandoffError, NoRoomError, NotYoursError

ANSWERS: Answers = {
    HandoffError: (409, "现在不行"),
    NoRoomError: (409, "手上的会话已满"),
    ForbiddenWordingError: (422, lambda error: f"不能写“{error.words[0]}”"),
}


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (NoRoomError("a1"), (409, "no_room", "手上的会话已满")),
        (ForbiddenWordingError(["保本"]), (422, "forbidden_wording", "不能写“保本”")),
        (NotYoursError("c1"), (409, "not_yours", "现在不行")),
    ],
)
async def test_the_nearest_kind_that_is_known_answers(error: ZhangguiError, answer: tuple[int, str, str]) -> None:
    with pytest.raises(ApiError) as caught:
        async with asynccontextmanager(refusing(ANSWERS))():
            raise error
    assert (caught.value.status_code, caught.value.code, caught.value.message) == answer


async def test_what_nobody_has_put_into_words_passes() -> None:
    with pytest.raises(ZhangguiError, match="else"):
        async with asynccontextmanager(refusing(ANSWERS))():
            raise ZhangguiError("else")
