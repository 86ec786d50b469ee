import { el } from "../../shared/dom.js";
import { selection } from "../dialog.js";
import { words } from "./wording.js";

const TYPING_MS = 300; // a search waits until the agent has stopped typing

/** What narrows the list down: a part of the number, the state, the deadline, the category, the handler. */
export class Filters {
  #number;
  #selects;
  #onchange;
  #timer = null;

  constructor({ onchange }) {
    this.#onchange = onchange;
    this.#number = el("input", {
      type: "search",
      maxlength: "24",
      "aria-label": words.filters.number,
      placeholder: words.searchHint,
      oninput: () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(onchange, TYPING_MS);
      },
    });
    this.#selects = {
      state: this.#select("state", [["", words.open], ...Object.entries(words.states)]),
      standing: this.#select("standing", [
        ["", words.anyStanding],
        ["breached", words.standings.breached],
        ["warning", words.standings.warning],
      ]),
      category: this.#select("category", [["", words.anyCategory]]),
      handler: this.#select("handler", [["", words.anybody]]),
    };
    this.node = el("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() });
    this.node.append(this.#number, ...Object.values(this.#selects));
  }

  #select(name, options) {
    const node = selection({ options, "aria-label": words.filters[name] });
    node.addEventListener("change", () => this.#onchange());
    return node;
  }

  /** Fills in what only the server knows. */
  offer({ categories, agents }) {
    const option = ([value, label]) => el("option", { value }, label);
    this.#selects.category.append(...Object.entries(categories).map(([id, { name }]) => option([id, name])));
    this.#selects.handler.append(...agents.map(({ agent_id, name }) => option([agent_id, name])));
  }

  get values() {
    const chosen = Object.entries(this.#selects).map(([name, { value }]) => [name, value]);
    return { number: this.#number.value.trim(), ...Object.fromEntries(chosen) };
  }
}
