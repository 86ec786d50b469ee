import { el } from "../../shared/dom.js";
import { whenSaid } from "../../shared/time.js";
import { withMasked } from "../masked.js";
import { day } from "./deadline.js";
import { words } from "./wording.js";

/** All that has happened, the latest first: who did what when, and what the customer was told of it. */
export function timeline(entries, reveal) {
  return el(
    "section",
    { class: "history" },
    el("h2", {}, words.timeline),
    el("ol", {}, ...entries.toReversed().map((each) => entry(each, reveal))),
  );
}

function entry({ at, actor, event, text, told, detail }, reveal) {
  const more = [detail.to, detail.category, words.outcomes[detail.outcome], detail.until && words.extendedTo(day(detail.until))].filter(Boolean);
  return el(
    "li",
    { class: `by-${actor.kind}` },
    el(
      "p",
      {},
      el("b", {}, words.decisions[detail.decision] ?? words.events[event] ?? event),
      more.length > 0 && el("span", {}, more.join(" · ")),
      el("span", { class: "by" }, actor.name ?? words.actors[actor.kind], " · ", el("time", { datetime: at }, whenSaid(at))),
    ),
    text && el("p", { class: "text" }, ...withMasked(text, reveal)),
    told && el("details", {}, el("summary", {}, words.told), el("p", { class: "text" }, ...withMasked(told, reveal))),
  );
}
