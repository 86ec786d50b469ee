import { el } from "../shared/dom.js";
import { timeOfDay } from "../shared/time.js";
import { setMasked } from "./masked.js";
import { words } from "./team/wording.js";
import { wording } from "./wording.js";

/** A note or a whisper among the messages: plainly not one of them, and marked where it calls for whoever looks. */
export class NoteView {
  #text = el("div", { class: "bubble" });

  /** @param {object} note @param {{agent_id: string}} me */
  constructor({ author, created_at, mentions, whispered = false }, me) {
    const { label, hidden } = whispered ? words.help : wording.notes;
    const forMe = mentions.includes(me.agent_id);
    this.node = el(
      "article",
      { class: `message note first ${forMe ? "for-me" : ""} ${whispered ? "whisper" : ""}`, title: hidden },
      el("header", {}, el("b", {}, author), el("time", {}, timeOfDay(created_at)), el("span", { class: "source" }, label)),
      this.#text,
    );
  }

  update({ text }, reveal) {
    setMasked(this.#text, text, reveal);
  }
}
