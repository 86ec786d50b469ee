import { el } from "../../shared/dom.js";
import { placeOf } from "../places.js";
import { sheet, table } from "../sheet.js";
import { part } from "./stage.js";
import { isOfProduct, percent, words } from "./wording.js";

/** What would be answered to a sentence, and why. */
export function hitTestDetail(text, told) {
  const { decision, answer, candidates } = told;
  const choices = decision === "choices" && candidates.slice(0, 3);
  return {
    title: text,
    marks: [el("span", { class: `state decision-${decision}` }, words.decisions[decision])],
    content: [
      el("p", {}, why(told)),
      answer && part(words.answerShown, el("p", { class: "told bubble-like" }, answer)),
      choices && part(words.choicesShown, el("ul", { class: "phrasings" }, ...choices.map(({ question }) => el("li", {}, question)))),
      candidates.length > 0 && part(words.weighed, ranking(candidates)),
      el("p", { class: "quiet" }, words.thresholds(told.answer_at, told.choices_at), el("br"), words.knowledgeVersion(told.version), "　", words.onlyKnowledge),
    ],
  };
}

function why({ decision, verbatim, answer_at, choices_at, meant, candidates }) {
  if (verbatim && decision === "answer") return words.whys.verbatim;
  if (candidates.length === 0) return words.whys.nothing;
  const best = candidates[0].probability;
  if (decision === "answer") return words.whys.answer(best, answer_at);
  if (decision === "choices") return words.whys.choices(meant, choices_at, best, answer_at);
  return words.whys.miss(meant, choices_at);
}

function ranking(candidates) {
  const row = ({ entry_id, question, probability, meaning, words: shared, nearest, likeness }) =>
    el(
      "tr",
      {},
      el("td", { class: "cause" }, isOfProduct(entry_id) ? question : el("a", { href: placeOf("knowledge", `entry:${entry_id}`) }, question), el("br"), el("span", { class: "quiet" }, isOfProduct(entry_id) ? words.fromProduct : entry_id)),
      el("td", { class: "figure" }, el("meter", { min: "0", max: "1", value: String(probability), "aria-hidden": "true" }), " ", percent(probability)),
      el("td", { class: "figure" }, meaning.toFixed(2)),
      el("td", { class: "figure" }, shared.toFixed(2)),
      el("td", { class: "nearest" }, nearest),
      el("td", { class: "figure" }, likeness.toFixed(2)),
    );
  const body = el("tbody", {}, ...candidates.map(row));
  return el("div", { class: "weighed" }, sheet(table(words.columns, body, { hints: words.columnHints })));
}
