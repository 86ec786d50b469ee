import { el } from "../../shared/dom.js";
import { dayOf, timeOfDay } from "../../shared/time.js";
import { fields } from "../cards.js";
import { masked, withMasked } from "../masked.js";
import { placeOf } from "../places.js";
import { wording } from "../wording.js";
import { day, inWords, tone } from "./deadline.js";
import { words } from "./wording.js";

const card = (title, ...content) => el("section", { class: "side-card" }, el("h2", {}, title), ...content);

const dayAndTime = (instant) => `${day(dayOf(new Date(instant)))} ${timeOfDay(instant)}`;

/** Until when the bank has to answer, and by which rule. */
export function clockCard(complaint) {
  const { due_on, received_at, clock_started_on, round, complexity, extended, answered_at } = complaint;
  return card(
    words.clock,
    el("p", { class: `days ${tone(complaint)}` }, inWords(complaint)),
    fields([
      ["应答复", day(due_on)],
      ["登记", dayAndTime(received_at)],
      [`第${round}次办理`, round > 1 && `${day(clock_started_on)}起`],
      ["复杂程度", `${words.complexities[complexity]}${extended ? "，已延期" : ""}`],
      ["答复", answered_at && dayAndTime(answered_at)],
    ]),
  );
}

export function handlingCard({ handler_name, outcome }, buttons) {
  return card(
    words.handling,
    fields([
      [words.assignee, handler_name ?? words.unassigned],
      [words.outcome, outcome && words.outcomes[outcome]],
    ]),
    buttons.length > 0 && el("div", { class: "buttons" }, ...buttons),
  );
}

/** Who complains, masked, and the way to the conversation it was filed in. */
export function customerCard({ customer_name, phone, phone_source, conversation_id, channel }, reveal) {
  return card(
    words.customer,
    el("p", { class: "who" }, el("b", {}, customer_name ? masked(customer_name, "name", reveal) : words.visitor)),
    fields([
      ["联系电话", phone && masked(phone, phone_source, reveal)],
      ["渠道", wording.channels[channel] ?? channel],
    ]),
    el("a", { class: "inline", href: placeOf("conversations", conversation_id) }, words.filedIn),
  );
}

export function factsCard(complaint, reveal) {
  const { category_name, subcategory_name, target, target_kind, branch, occurred_on, amount } = complaint;
  return card(
    words.facts,
    fields([
      ["类别", [category_name, subcategory_name].filter(Boolean).join(" / ")],
      ["对象", target && el("span", {}, ...withMasked(target, reveal))],
      ["对象类型", words.targets[target_kind]],
      ["网点", branch],
      ["发生日期", occurred_on && day(occurred_on)],
      ["涉及金额", amount],
    ]),
  );
}
