import { el, setText } from "../../shared/dom.js";
import { readable } from "../../shared/placeholders.js";
import { whenSaid } from "../../shared/time.js";
import { api, explain } from "../api.js";
import { ask, textField } from "../dialog.js";
import { wording } from "../wording.js";
import { button, part } from "./stage.js";
import { isOfProduct, percent, words } from "./wording.js";

/**
 * Questions that are alike, and what can be made of them.
 *
 * @param {object} group
 * @param {boolean} edits whether this person writes
 * @param {{onnew: () => void, onadd: (id: string) => Promise, ondone: () => void}} actions
 */
export function groupDetail(group, edits, { onnew, onadd, ondone }) {
  const dismiss = () =>
    ask({
      title: words.dismissAsk,
      hint: words.dismissHint,
      fields: [textField({ name: "reason", label: words.reason, required: true, maxlength: "500" })],
      act: ({ reason }) => api.dismissMisses({ misses: group.misses, reason }),
    }).then((done) => done && ondone());
  return {
    title: readable(group.questions[0].text),
    marks: [el("span", { class: "tag" }, words.times(group.count)), group.score !== null && el("span", { class: "quiet" }, words.best(group.score))],
    buttons: edits ? [button(words.dismiss, "plain", dismiss), button(words.newEntry, "solid", onnew)] : [],
    content: [
      part(words.asked, el("ul", { class: "asked" }, ...group.questions.map(question))),
      edits && part(words.addTo, ...search(group, onadd)),
    ],
  };
}

function question({ text, at, score, answered_by }) {
  const how = answered_by ? words.uselessBy([answered_by]) : score === null ? words.missed : words.best(score);
  return el("li", {}, el("span", {}, readable(text)), el("span", { class: "quiet" }, how, " · ", el("time", { datetime: at }, whenSaid(at))));
}

/** The entries nearest to a sentence, by the retriever; each a button that begins a draft. */
function search(group, onadd) {
  const input = el("input", { type: "search", maxlength: "200", "aria-label": words.search });
  const found = el("ul", { class: "found" });
  const fault = el("p", { class: "quiet", role: "status" });
  input.value = readable(group.questions[0].text);
  async function look(event) {
    event?.preventDefault();
    if (!input.value.trim()) return;
    try {
      const { candidates } = await api.hitTest(input.value.trim());
      const written = candidates.filter(({ entry_id }) => !isOfProduct(entry_id));
      found.replaceChildren(...written.map(candidate));
      setText(fault, written.length > 0 ? "" : words.noneFound);
    } catch (error) {
      setText(fault, explain(error, wording.unreachable));
    }
  }
  const candidate = ({ entry_id, question, probability }) =>
    el("li", {}, el("button", { type: "button", class: "plain", onclick: () => onadd(entry_id) }, question, el("span", { class: "quiet" }, `${entry_id} · ${percent(probability)}`)));
  look();
  return [
    el("p", { class: "quiet" }, words.addToHint),
    el("form", { class: "find", role: "search", onsubmit: look }, input, el("button", { class: "plain" }, words.find)),
    fault,
    found,
  ];
}
