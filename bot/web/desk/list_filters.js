import { el } from "../shared/dom.js";
import { wording } from "./wording.js";

const words = wording.filters;
const NAMES = { reason: wording.reasons, channel: wording.channels, tag: {} };
const OF = { reason: ({ reason }) => [reason], channel: ({ channel }) => [channel], tag: ({ tags = [] }) => tags };

/** What a list is narrowed down to: reason, channel and tag. What nobody has is not offered. */
export class ListFilters {
  #chosen;
  #selects = {};

  /** @param {{kept: object, onchange: () => void}} options */
  constructor({ kept, onchange }) {
    this.#chosen = { reason: "", channel: "", tag: "", ...kept.get("filters") };
    for (const name of Object.keys(OF)) {
      const change = ({ target }) => {
        this.#chosen[name] = target.value;
        kept.set("filters", this.#chosen);
        onchange();
      };
      this.#selects[name] = el("select", { "aria-label": words[name], onchange: change });
    }
    this.node = el("div", { class: "list-filters" }, ...Object.values(this.#selects));
  }

  /** @param {boolean} on whether there is something to narrow down */
  enable(on) {
    for (const select of Object.values(this.#selects)) select.disabled = !on;
  }

  /** Offers what the lines have. */
  offer(lines) {
    for (const [name, select] of Object.entries(this.#selects)) {
      const there = [...new Set([...lines.flatMap(OF[name]), this.#chosen[name]])].filter(Boolean).sort();
      const options = ["", ...there];
      if (JSON.stringify(options) !== JSON.stringify([...select.options].map(({ value }) => value))) {
        const labelled = options.map((value) => el("option", { value }, value ? (NAMES[name][value] ?? value) : words[name]));
        select.replaceChildren(...labelled);
      }
      select.value = this.#chosen[name];
      select.classList.toggle("chosen", Boolean(this.#chosen[name]));
    }
  }

  get active() {
    return Object.values(this.#chosen).some(Boolean);
  }

  passes(line) {
    return Object.entries(this.#chosen).every(([name, wanted]) => !wanted || OF[name](line).includes(wanted));
  }
}
