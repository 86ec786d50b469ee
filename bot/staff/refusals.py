"""What the desk's pages are told when signing in or managing an account fails."""

from bot.channels.refusals import refusing
from bot.staff import errors
from bot.staff.passwords import MIN_CHARS

refusals = refusing(
    {
        errors.LoginFailedError: (401, "工号或密码不正确"),
        errors.WrongCodeError: (401, "验证码不正确或已使用过，请输入应用上最新的验证码"),
        errors.LoginLockedError: (429, "错误次数过多，请稍后再试，或联系管理员"),
        errors.PendingSignInError: (401, "登录已超时，请重新登录"),
        errors.WeakPasswordError: (422, f"密码至少{MIN_CHARS}个字符，不能与工号相同，也不能过于常见"),
        errors.LoginTakenError: (409, "该工号已存在"),
        errors.UnknownAccountError: (404, "没有这个账号或会话，请刷新"),
        errors.OwnAccountError: (409, "不能更改自己的账号，请由其他管理员操作"),
        errors.LastAdminError: (409, "至少要保留一名管理员"),
    }
)
"""A dependency that turns this subject's errors into answers."""
