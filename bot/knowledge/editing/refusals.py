"""What the desk's pages are told when the knowledge base cannot be edited as they asked."""

from bot.channels.refusals import refusing
from bot.knowledge.editing import errors
from bot.knowledge.editing.faults import in_words
from bot.knowledge.editing.hit_test import HitTestUnavailableError
from bot.knowledge.editing.sheets import UnreadableSheetError

refusals = refusing(
    {
        errors.UnknownDraftError: (404, "没有这份草稿"),
        errors.UnknownEntryError: (404, "没有这个条目或版本"),
        errors.EntryExistsError: (409, "已有这个编号的条目，请换一个编号"),
        errors.ForbiddenDraftMoveError: (409, "草稿的状态已经变化，请看最新情况后再操作"),
        errors.StaleDraftError: (409, "条目在此期间发布过新版本，请退回作者按新版本重写"),
        errors.NotAuthorError: (403, "这份草稿由其他同事撰写"),
        errors.OwnDraftError: (403, "不能审核自己写的草稿，请由另一位同事审核"),
        UnreadableSheetError: (422, "文件无法读取，请上传由本页导出的格式（xlsx 或 UTF-8 的 csv）"),
        errors.InvalidDraftError: (422, lambda error: in_words(error.problems)),
        HitTestUnavailableError: (503, "知识库检索服务暂时没有响应，请稍后再试"),
    }
)
"""A dependency that turns this subject's errors into answers."""
