import { el } from "../../shared/dom.js";
import { newId } from "../../shared/outbox.js";
import { api, explain } from "../api.js";
import { Tabs } from "../tabs.js";
import { wording } from "../wording.js";
import { Answer } from "./answer.js";
import { words } from "./wording.js";

/** The foot of a complaint: the answer to the customer where one is due, and notes for colleagues. */
export class Writing {
  #number = null;
  #kept;
  #onmoved;
  #mode = "note";
  #answering = false;
  #noteKey = newId();
  #answer;
  #tabs = new Tabs({
    labels: { answer: words.answerTab, note: words.noteTab },
    label: words.writingLabel,
    onturn: (mode) => this.#turn(mode),
  });
  #fault = el("p", { class: "fault", role: "alert" });
  #save = el("button", { class: "solid" }, words.noteSave);
  #note = el("textarea", {
    rows: "2",
    maxlength: "1000",
    "aria-label": words.noteTab,
    placeholder: words.noteLabel,
    oninput: () => this.#typed(),
    onkeydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#noteForm.requestSubmit();
    },
  });
  #noteForm = el("form", { class: "composer" }, this.#note, this.#save);

  constructor({ kept, onmoved }) {
    this.#kept = kept;
    this.#onmoved = onmoved;
    this.#answer = new Answer({ keep: (draft) => kept.set(this.#key("answer"), draft), onmoved });
    this.#noteForm.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#saveNote();
    });
    this.node = el("footer", { class: "writing" }, this.#tabs.node, this.#fault, this.#answer.node, this.#noteForm);
  }

  stop() {
    this.#answer.stop();
  }

  /** @param {object} complaint @param {object[]} templates to answer with; none while no answer is due */
  show({ number }, templates) {
    const answering = templates.length > 0;
    if (number === this.#number && answering === this.#answering) return;
    if (number !== this.#number) this.#openNote(number);
    this.#answering = answering;
    if (answering) this.#answer.open(number, templates, this.#kept.get(this.#key("answer")));
    this.#turn(answering ? "answer" : "note", { focus: false });
  }

  #openNote(number) {
    this.#number = number;
    this.#note.value = this.#kept.get(this.#key("note")) ?? "";
    this.#typed();
  }

  #key(what) {
    return `${what}:${this.#number}`;
  }

  #turn(mode, { focus = true } = {}) {
    this.#mode = mode;
    this.#tabs.node.hidden = !this.#answering;
    this.#tabs.show(mode);
    this.#answer.node.hidden = mode !== "answer";
    this.#noteForm.hidden = mode !== "note";
    if (focus) (mode === "answer" ? this.#answer : this.#note).focus();
  }

  #typed() {
    this.#kept.set(this.#key("note"), this.#note.value || null);
    this.#save.disabled = !this.#note.value.trim();
  }

  async #saveNote() {
    const text = this.#note.value.trim();
    if (!text || this.#save.disabled) return;
    this.#save.disabled = true;
    this.#fault.textContent = "";
    try {
      await api.move(this.#number, "note", { text, idempotency_key: this.#noteKey });
      this.#noteKey = newId(); // kept over a failure, so that the same note again is the same note
      this.#note.value = "";
    } catch (error) {
      this.#fault.textContent = explain(error, wording.unreachable);
    }
    this.#typed();
    await this.#onmoved();
  }
}
