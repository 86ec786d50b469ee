import { el } from "../../shared/dom.js";
import { dayOf } from "../../shared/time.js";
import { words } from "./wording.js";

/** `11月26日` of `2026-11-26`; with the year where it is not this one. */
export function day(date) {
  const [year, month, dayOfMonth] = date.split("-").map(Number);
  const inYear = `${month}月${dayOfMonth}日`;
  return year === Number(dayOf(new Date()).slice(0, 4)) ? inYear : `${year}年${inYear}`;
}

/** How a complaint stands with its day, in words as well as in colour. */
export function deadlineMark(complaint) {
  return el("span", { class: `deadline ${tone(complaint)}` }, inWords(complaint));
}

/** `breached` and `warning` are loud while something can still be done about them. */
export function tone({ state, standing, days_left }) {
  if (days_left !== null) return standing;
  return state !== "withdrawn" && standing === "breached" ? "late" : "over";
}

/** `days_left` is null once the clock has stopped. */
export function inWords({ state, standing, days_left }) {
  if (state === "withdrawn") return words.withdrawnMark;
  if (days_left === null) return standing === "breached" ? words.answeredLate : words.answeredInTime;
  return days_left < 0 ? words.daysOver(-days_left) : words.daysLeft(days_left);
}
