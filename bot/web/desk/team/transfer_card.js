import { el } from "../../shared/dom.js";
import { timeOfDay } from "../../shared/time.js";
import { withMasked } from "../masked.js";
import { words } from "./wording.js";

const said = words.history;

/** Whom the conversation was handed to before, with what colleagues wrote to each other about it. */
export function transfersCard(transfers, reveal) {
  return el("section", { class: "side-card" }, el("h2", {}, said.title), el("ol", { class: "tried" }, ...transfers.map((each) => line(each, reveal))));
}

function line({ from_name, to_name, to_skill, note, offered_at, outcome }, reveal) {
  const to = to_skill ? said.specialist(words.skills[to_skill]) : to_name;
  return el(
    "li",
    {},
    el("span", {}, said.line(from_name, to)),
    el("small", {}, `${timeOfDay(offered_at)} ${said.outcomes[outcome] ?? said.open}`),
    note && el("span", {}, ...withMasked(note, reveal)),
  );
}
