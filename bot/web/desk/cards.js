import { el } from "../shared/dom.js";
import { readable } from "../shared/placeholders.js";
import { whenSaid } from "../shared/time.js";
import { day } from "./complaints/deadline.js";
import { words } from "./complaints/wording.js";
import { masked, withMasked } from "./masked.js";
import { placeOf } from "./places.js";
import { wording } from "./wording.js";

/** Why the customer is here: what an agent must see at once. */
export function handoffCard({ reason, note, queued_at, last_intents = [] }, reveal) {
  return el(
    "section",
    { class: "side-card" },
    el("h2", {}, "转接原因"),
    el("p", { class: `tag ${reason}` }, wording.reasons[reason] ?? reason),
    note && el("p", {}, ...withMasked(note, reveal)),
    fields([["转入时间", whenSaid(queued_at)]]),
    last_intents.length > 0 && el("h3", {}, "最近意图"),
    last_intents.length > 0 && el("ol", { class: "intents" }, ...last_intents.map(intent)),
  );
}

function intent({ intent: name, confidence }) {
  const sure = typeof confidence === "number";
  return el(
    "li",
    {},
    el("span", { title: name }, wording.intents[name] ?? name),
    sure && el("meter", { min: "0", max: "1", value: String(confidence), "aria-label": "置信度" }),
    sure && el("span", { class: "figure" }, `${Math.round(confidence * 100)}%`),
  );
}

/** Who the customer is, masked; an anonymous visitor has no card at the bank. `reveal` is for who may see more. */
export function customerCard(customer, reveal) {
  if (!customer) {
    return el("section", { class: "side-card" }, el("h2", {}, "客户"), el("p", {}, wording.visitor), level(0));
  }
  const { name, title, segment, risk_level, phone, manager, complaints = [] } = customer;
  return el(
    "section",
    { class: "side-card" },
    el("h2", {}, "客户"),
    el("p", { class: "who" }, el("b", {}, masked(name, "name", reveal)), ` ${title ?? ""}`),
    level(customer.level),
    fields([
      ["客户等级", segment],
      ["风险等级", risk_level],
      ["手机号", phone && masked(phone, "phone", reveal)],
      ["客户经理", manager],
    ]),
    complaints.length > 0 && el("h3", {}, "投诉"),
    ...complaints.map(complaint),
  );
}

function level(number) {
  return el("p", { class: `level level-${number}` }, wording.levels[number] ?? "");
}

function complaint({ number, state, due_on, what }) {
  return el(
    "a",
    { class: "complaint", href: placeOf("complaints", number) },
    el("span", {}, readable(what)),
    el("span", { class: "figure" }, number),
    el("span", {}, words.states[state], words.running.includes(state) && ` · ${day(due_on)}前答复`),
  );
}

/** Labels with values; a value the bank does not have is left out. */
export function fields(pairs) {
  const known = pairs.filter(([, value]) => value);
  return el("dl", {}, ...known.flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]));
}
