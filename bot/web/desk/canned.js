import { el } from "../shared/dom.js";
import { api } from "./api.js";

const VARIABLE = /\{([^{}]+)\}/g;
const GAP = /【[^】]*】/;

/** The canned replies of the installation, fetched once and again when a page changed them. */
class CannedReplies {
  #replies = [];
  #variables = {};

  async load() {
    const { replies, variables } = await api.cannedReplies();
    this.#replies = replies;
    this.#variables = variables;
    return replies;
  }

  /** Those that a query finds, the best first: by shortcut, then pinyin initials, then title, then text. */
  find(query) {
    const rank = ({ shortcut, initials, title, text }) => {
      if (!query || shortcut === query) return 0;
      if (shortcut.startsWith(query)) return 1;
      if (initials.startsWith(query)) return 2;
      if (title.toLowerCase().includes(query)) return 3;
      if (initials.includes(query)) return 4;
      return text.toLowerCase().includes(query) ? 5 : -1;
    };
    const ranked = this.#replies.map((reply) => [rank(reply), reply]).filter(([place]) => place >= 0);
    return ranked.sort(([a], [b]) => a - b).map(([, reply]) => reply);
  }

  /** The text with its variables filled in; what is not known of a stranger is left out. */
  fill(text, customer) {
    const values = { ...this.#variables, 客户称呼: addressOf(customer) };
    return text.replace(VARIABLE, (whole, name) => values[name] ?? whole);
  }
}

export const canned = new CannedReplies();

/** `王女士` of a card that shows 王*; nothing for a stranger or a name the CRM cannot tell. */
export function addressOf(customer) {
  return customer?.title ? `${customer.name.replace(/\*+$/, "")}${customer.title}` : "";
}

/** The first 【】 that waits to be filled in, as a range; null when there is none. */
export function gapIn(text) {
  const gap = GAP.exec(text);
  return gap && { start: gap.index, end: gap.index + gap[0].length };
}

/** One reply in the list to choose from. */
export function cannedRow({ shortcut, title, text }) {
  return [el("kbd", {}, `/${shortcut}`), el("b", {}, title), el("span", {}, text)];
}
