/** Times as Chinese readers expect them, on the bank's clock (Asia/Shanghai). */

const ZONE = "Asia/Shanghai";
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

const DAY_MS = 86_400_000;

/** `2026-11-23` of an instant, on the bank's calendar. */
export const dayOf = (instant) => calendar.format(instant);

/** `14:05` */
export const timeOfDay = (instant) => clock.format(new Date(instant));

/** `14:05` today, `昨天 14:05`, `11月3日 14:05` this year, `2025年12月31日 14:05` before. */
export function whenSaid(instant, now = new Date()) {
  const then = new Date(instant);
  const day = dayOf(then);
  if (day === dayOf(now)) return timeOfDay(then);
  if (day === dayOf(new Date(now.getTime() - DAY_MS))) return `昨天 ${timeOfDay(then)}`;
  const [year, month, date] = day.split("-").map(Number);
  const inYear = `${month}月${date}日 ${timeOfDay(then)}`;
  return year === Number(dayOf(now).slice(0, 4)) ? inYear : `${year}年${inYear}`;
}

/** `00:42`, `12:05`, `1:02:05`: how long somebody has been waiting. */
export function elapsed(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}
