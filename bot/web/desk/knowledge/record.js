import { el } from "../../shared/dom.js";
import { part } from "./stage.js";
import { words } from "./wording.js";

const told = (text) => el("p", { class: "told" }, text);

/** An entry to read. */
export function reading(record) {
  return [
    part(words.fields.question, told(record.question)),
    part(words.fields.answer, told(record.answer)),
    ...dates(record),
    part(`${words.fields.phrasings}（${record.phrasings.length}）`, el("ul", { class: "phrasings" }, ...record.phrasings.map((text) => el("li", {}, text)))),
  ];
}

/** What a draft changes: what goes is struck through, what comes is marked. */
export function comparing(before, after) {
  if (before === null) return reading(after);
  const kept = new Set(after.phrasings);
  const known = new Set(before.phrasings);
  return [
    part(words.fields.question, ...change(before.question, after.question)),
    part(words.fields.answer, ...change(before.answer, after.answer)),
    ...["valid_from", "valid_until"]
      .filter((name) => before[name] || after[name])
      .map((name) => part(words.fields[name], ...change(before[name] ?? "—", after[name] ?? "—"))),
    part(
      `${words.fields.phrasings}（${after.phrasings.length}）`,
      el(
        "ul",
        { class: "phrasings" },
        ...after.phrasings.filter((text) => !known.has(text)).map((text) => el("li", {}, el("ins", {}, text))),
        ...before.phrasings.filter((text) => !kept.has(text)).map((text) => el("li", {}, el("del", {}, text))),
        ...after.phrasings.filter((text) => known.has(text)).map((text) => el("li", {}, text)),
      ),
    ),
  ];
}

function change(before, after) {
  if (before === after) return [told(after)];
  return [el("p", { class: "told" }, el("del", {}, before)), el("p", { class: "told" }, el("ins", {}, after))];
}

function dates(record) {
  return ["valid_from", "valid_until"].filter((name) => record[name]).map((name) => part(words.fields[name], told(record[name])));
}
