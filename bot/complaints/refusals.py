"""What the desk's pages are told when a complaint cannot be moved as they asked."""

from bot import wording
from bot.channels.refusals import refusing
from bot.complaints import errors
from bot.handoff.errors import ForbiddenWordingError

refusals = refusing(
    {
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
        errors.ReopenTooLateError: (
            409,
            lambda error: f"{wording.day(error.until)}之后不能再重新办理，请客户提出新的投诉",
        ),
        ForbiddenWordingError: (
            422,
            lambda error: f"有不能写给客户的用语：{'、'.join(dict.fromkeys(error.words))}",
        ),
    }
)
"""A dependency that turns this subject's errors into answers."""
