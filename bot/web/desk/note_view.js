import { el } from "../shared/dom.js";
import { timeOfDay } from "../shared/time.js";
import { setMasked } from "./masked.js";
import { wording } from "./wording.js";

/** A note among the messages: plainly not one of them, and marked where it calls for whoever looks. */
export class NoteView {
  #text = el("div", { class: "bubble" });

  /** @param {object} note @param {{agent_id: string}} me */
  constructor({ author, created_at, mentions }, me) {
    const forMe = mentions.includes(me.agent_id);
    this.node = el(
      "article",
      { class: `message note first ${forMe ? "for-me" : ""}`, title: wording.notes.hidden },
      el("header", {}, el("b", {}, author), el("time", {}, timeOfDay(created_at)), el("span", { class: "source" }, wording.notes.label)),
      this.#text,
    );
  }

  update({ text }, reveal) {
    setMasked(this.#text, text, reveal);
  }
}
