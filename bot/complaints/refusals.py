"""What the desk's pages are told when a complaint cannot be moved as they asked."""

from collections.abc import AsyncIterator

from bot import wording
from bot.channels.api import ApiError
from bot.complaints import errors
from bot.handoff.errors import ForbiddenWordingError

_ANSWERS: dict[type[errors.ComplaintError], tuple[int, str]] = {
    errors.UnknownComplaintError: (404, "没有这件投诉"),
    errors.ForbiddenComplaintMoveError: (409, "投诉的状态已经变化，请看最新情况后再操作"),
    errors.DeadlinePassedError: (409, "答复期限已过，不能再调整"),
    errors.AlreadyExtendedError: (409, "这件投诉已经延期过，不能再延"),
    errors.ExtensionPendingError: (409, "延期申请正在等待审批"),
    errors.NoExtensionPendingError: (409, "没有待审批的延期申请，可能已有同事处理"),
    errors.NotHandlerError: (403, "这件投诉由其他同事经办"),
    errors.SupervisorRequiredError: (403, "此操作需要主管权限"),
    errors.OwnRequestError: (403, "不能审批自己提出的申请"),
    errors.UnknownCategoryError: (422, "没有这个类别"),
    errors.UnfinishedAnswerError: (422, "答复里还有【】没有填写"),
}


async def refusals() -> AsyncIterator[None]:
    """A dependency that turns this subject's errors into answers."""
    try:
        yield
    except errors.ReopenTooLateError as error:
        raise ApiError(409, error.code, f"{wording.day(error.until)}之后不能再重新办理，请客户提出新的投诉") from error
    except errors.ComplaintError as error:
        status, message = _ANSWERS[type(error)]
        raise ApiError(status, error.code, message) from error
    except ForbiddenWordingError as error:
        words = "、".join(dict.fromkeys(error.words))
        raise ApiError(422, error.code, f"有不能写给客户的用语：{words}") from error
