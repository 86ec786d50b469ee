"""What can go wrong between us and WeChat."""

from bot.errors import ZhangguiError


class WechatError(ZhangguiError):
    """Root of this subject's errors."""

    code = "wechat"


class PushError(WechatError):
    """What was pushed does not come from WeChat, or cannot be read. Answered with `status`, and changes nothing."""

    code = "wechat_push"
    status = 400


class SignatureError(PushError):
    """Not signed with our token, or too long ago."""

    code = "wechat_signature"
    status = 403


class ReplayError(PushError):
    """The signature of another push, used again."""

    code = "wechat_replay"
    status = 403


class MalformedPushError(PushError):
    """Not the XML or JSON of a push, or not encrypted for our account."""

    code = "wechat_malformed"


class OAuthCodeError(WechatError):
    """An OAuth code is unknown, too old, or was used before."""

    code = "wechat_oauth_code"


class BindPageExpiredError(WechatError):
    """A binding page is unknown or too old, or WeChat has not told whose it is."""

    code = "wechat_bind_page_expired"


class UnreachableError(WechatError):
    """The call did not reach WeChat, or WeChat was too busy to take it: nothing happened, try later."""

    code = "wechat_unreachable"


class InDoubtError(WechatError):
    """The call was sent and no answer came: it may have been carried out."""

    code = "wechat_in_doubt"


class PausedError(WechatError):
    """WeChat has refused this kind of call so often, or so firmly, that it is not tried for a while."""

    code = "wechat_paused"

    def __init__(self, api: str, seconds: float) -> None:
        super().__init__(f"{api} rests for {seconds:.0f} s")
        self.seconds = seconds


class RefusedError(WechatError):
    """WeChat answered with an `errcode`; nothing was carried out. The kinds below are those we act on."""

    code = "wechat_refused"

    def __init__(self, api: str, errcode: int) -> None:
        super().__init__(f"{api} answered {errcode}")
        self.errcode = errcode


class BusyError(RefusedError):
    """-1: try again a little later."""


class TokenRefusedError(RefusedError):
    """40001, 40014, 42001: the access token has ended, or another one was issued."""


class UnknownUserError(RefusedError):
    """40003: there is no such openid."""


class WindowClosedError(RefusedError):
    """45015: the user was silent for 48 hours or no longer follows."""


class QuotaSpentError(RefusedError):
    """45047: no more pushes until the user writes again."""


class DailyLimitError(RefusedError):
    """45009: too many calls today."""


class TooFastError(RefusedError):
    """45011: too many calls this minute."""


class TooLongError(RefusedError):
    """45002: split it."""


class NoMenuError(RefusedError):
    """40200: this kind of account may not send a msgmenu."""


class NotAllowedError(RefusedError):
    """40164, 61004, 48001, 48004, 50002: our address or the account is not admitted; people must see to it."""


_KINDS: dict[int, type[RefusedError]] = {
    -1: BusyError,
    **dict.fromkeys((40001, 40014, 42001), TokenRefusedError),
    40003: UnknownUserError,
    45015: WindowClosedError,
    45047: QuotaSpentError,
    45009: DailyLimitError,
    45011: TooFastError,
    45002: TooLongError,
    40200: NoMenuError,
    **dict.fromkeys((40164, 61004, 48001, 48004, 50002), NotAllowedError),
}


def refusal(api: str, errcode: int) -> RefusedError:
    """The error for WeChat's answer `errcode`."""
    return _KINDS.get(errcode, RefusedError)(api, errcode)
