import { el, setText } from "../shared/dom.js";
import { wording } from "./wording.js";

/** Whether a message answers a question from the knowledge base. */
export const isAnswer = ({ author, metadata }) => author === "bot" && metadata?.kind === "faq" && metadata.decision === "answer";

/**
 * 有用 and 没用 under an answer, once; after that, thanks.
 *
 * @param {number} seq of the answer
 * @param {{rated: (seq: number) => boolean, rate: (seq: number, useful: boolean) => Promise}} actions
 */
export function opinion(seq, { rated, rate }) {
  const told = el("span", { role: "status" });
  const node = el("div", { class: "opinion", role: "group", "aria-label": wording.opinion });
  const choice = (label, useful) => el("button", { type: "button", onclick: () => choose(useful) }, label);
  const choices = [choice(wording.useful, true), choice(wording.useless, false)];
  async function choose(useful) {
    for (const button of choices) button.disabled = true;
    try {
      await rate(seq, useful);
      for (const button of choices) button.remove();
      setText(told, wording.thanks);
    } catch {
      for (const button of choices) button.disabled = false;
      setText(told, wording.notTaken);
    }
  }
  node.append(...(rated(seq) ? [] : choices), told);
  return node;
}
