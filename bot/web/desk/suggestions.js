import { el, setText } from "../shared/dom.js";
import { api } from "./api.js";
import { wording } from "./wording.js";

const words = wording.suggestions;

/** What the knowledge base would answer to the customer's last message. Its place is kept, so that nothing jumps. */
export class Suggestions {
  #onpick;
  #of = null;
  #to = null;
  #found = [];
  #list = el("ol");
  #state = el("p", { role: "status" });
  node = el("section", { class: "suggestions", "aria-label": words.label, hidden: true }, this.#list, this.#state);

  /** @param {(answer: string) => void} onpick */
  constructor(onpick) {
    this.#onpick = onpick;
  }

  /** @param {{id: string, messages: object[]}|null} conversation null where this agent does not answer */
  show(conversation) {
    this.node.hidden = !conversation;
    const last = conversation?.messages.findLast(({ author }) => author === "customer")?.seq ?? null;
    if (!conversation || last === null || (conversation.id === this.#of && last === this.#to)) return;
    if (conversation.id !== this.#of) this.#render([], "");
    [this.#of, this.#to] = [conversation.id, last];
    this.#fetch(conversation.id, last);
  }

  /** Takes the answer at this place, counted from 1. @returns {boolean} whether there is one */
  pick(place) {
    const found = !this.node.hidden && this.#found[place - 1];
    if (found) this.#onpick(found.answer);
    return Boolean(found);
  }

  async #fetch(id, to) {
    let found = [];
    let state = words.none;
    try {
      ({ suggestions: found } = await api.suggestions(id));
    } catch {
      state = words.away;
    }
    if (id === this.#of && to === this.#to) this.#render(found, found.length ? "" : state);
  }

  #render(found, state) {
    this.#found = found;
    this.#list.replaceChildren(...found.map((each, index) => this.#row(each, index + 1)));
    setText(this.#state, state);
  }

  #row({ question, answer, entry_id, probability }, place) {
    const percent = Math.round(probability * 100);
    const title = `${question}\n${answer}\n${entry_id}，${words.score(percent)}`;
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", title, onclick: () => this.pick(place) },
        el("span", {}, el("kbd", {}, `Alt ${place}`), el("b", {}, question), el("span", { class: "figure" }, `${percent}%`)),
        el("span", { class: "answer-start" }, answer),
      ),
    );
  }
}
