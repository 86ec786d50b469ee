import { el, setText } from "../shared/dom.js";
import { api } from "./api.js";
import { gapIn } from "./canned.js";
import { wording } from "./wording.js";

const PAUSE_MS = 400;

/** Says below the field what must not be sent: forbidden words once the agent pauses, gaps of a canned reply at once. */
export class WordingCheck {
  node = el("p", { class: "writing-check fault", role: "status", id: "reply-check" });
  #timer = null;
  #checked = { text: null, found: null };

  /** The text has changed. */
  watch(text) {
    clearTimeout(this.#timer);
    this.#show(text);
    if (text) this.#timer = setTimeout(() => this.#ask(text).catch(() => {}), PAUSE_MS); // the server checks again
  }

  /** @returns {{start: number, end: number}|null} the first thing that keeps the text from being sent, told on the page */
  stop(text) {
    const gap = gapIn(text);
    if (gap) setText(this.node, wording.gap);
    return gap ?? this.#known(text);
  }

  async #ask(text) {
    const { found } = await api.checkWording(text);
    this.#checked = { text, found: found[0] ?? null };
    this.#show(text);
  }

  #known(text) {
    const { text: checked, found } = this.#checked;
    if (checked !== text || !found) return null;
    const units = (count) => [...text].slice(0, count).join("").length; // the server counts characters
    return { start: units(found.start), end: units(found.end) };
  }

  #show(text) {
    const { word, instead } = (this.#known(text) && this.#checked.found) || {};
    setText(this.node, word ? wording.forbidden(word, instead) : "");
  }
}
