/** What stands in a text for a value that is sealed, such as `[手机号1]`. */
export const SEALED = /\[(手机号|座机|卡号|身份证号|邮箱|地址|有效期)\d+\]/g;
const DROPPED = /\[(密码|验证码|安全码)\]/g;
const SUBMITTED = "[验证码]";

/** Personal data reaches no page: what stands for it in the log is shown as a word. */
export const readable = (text) =>
  text === SUBMITTED ? "[验证码已提交]" : text.replace(SEALED, "[$1已保护]").replace(DROPPED, "[$1已隐去]");
