import { el } from "../shared/dom.js";
import { readable } from "../shared/placeholders.js";
import { whenSaid } from "../shared/time.js";
import { day } from "./complaints/deadline.js";
import { words } from "./complaints/wording.js";
import { masked, withMasked } from "./masked.js";
import { placeOf } from "./places.js";
import { wording } from "./wording.js";

/** Why the customer is here: what an agent must see at once. */
export function handoffCard({ reason, note, queued_at, last_intents = [], collected = {}, tried = [], level: known }, reveal) {
  const told = Object.entries(collected).map(([name, value]) => [wording.collected[name] ?? name, el("span", {}, ...withMasked(value, reveal))]);
  return el(
    "section",
    { class: "side-card" },
    el("h2", {}, "转接原因"),
    el("p", { class: `tag ${reason}` }, wording.reasons[reason] ?? reason),
    note && el("p", {}, ...withMasked(note, reveal)),
    fields([
      ["转入时间", whenSaid(queued_at)],
      ["身份核验", wording.levels[known]],
    ]),
    told.length > 0 && el("h3", {}, "已了解的信息"),
    told.length > 0 && fields(told),
    tried.length > 0 && el("h3", {}, "智能客服已尝试"),
    tried.length > 0 && el("ol", { class: "tried" }, ...tried.map((each) => attempt(each, reveal))),
    last_intents.length > 0 && el("h3", {}, "最近意图"),
    last_intents.length > 0 && el("ol", { class: "intents" }, ...last_intents.map(intent)),
  );
}

/** A question and how the bot answered it; the whole answer stands in the transcript. */
function attempt({ asked, said, entry_id, score, decision }, reveal) {
  const percent = typeof score === "number" ? ` ${Math.round(score * 100)}%` : "";
  const how = entry_id ? `知识库 ${entry_id}${percent}` : wording.tried.other;
  return el(
    "li",
    {},
    el("span", {}, ...withMasked(asked, reveal)),
    el("small", { title: readable(said) }, decision === "choices" ? `${wording.tried.choices}，${how}` : how),
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
  const { name, title, segment, risk_level, phone, manager, products, complaints = [] } = customer;
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
      ["持有产品", products],
    ]),
    complaints.length > 0 && el("h3", {}, "投诉"),
    ...complaints.map(complaint),
  );
}

/** What people did for the customer before, each leading to its conversation. */
export function pastCard(past, reveal) {
  return el("section", { class: "side-card" }, el("h2", {}, "过往会话"), ...past.map((each) => pastService(each, reveal)));
}

function pastService({ conversation_id, channel, reason, queued_at, outcome, agent_name, summary }, reveal) {
  const how = [wording.channels[channel] ?? channel, agent_name, wording.outcomes[outcome] ?? outcome].filter(Boolean);
  return el(
    "article",
    { class: "past" },
    el("a", { href: placeOf("conversations", conversation_id) }, `${whenSaid(queued_at)} ${wording.reasons[reason] ?? reason}`),
    el("small", {}, how.join(" · ")),
    summary && el("p", {}, ...withMasked(summary, reveal)),
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
