import { autogrow, el, isComposing } from "../shared/dom.js";
import { wording } from "./wording.js";

/** Where the agent writes. What is half written stays with its conversation, over switching and reloading. */
export class Composer {
  #onsend;
  #kept;
  #id = null;
  #send = el("button", { class: "solid" }, wording.send);

  constructor({ onsend, ontyping, kept }) {
    this.#onsend = onsend;
    this.#kept = kept;
    this.input = el("textarea", {
      rows: "2",
      maxlength: "2000",
      "aria-label": wording.placeholder,
      placeholder: wording.placeholder,
      oninput: () => {
        this.#keep();
        if (this.text) ontyping();
      },
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
        event.preventDefault();
        this.#submit();
      },
    });
    const onsubmit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    this.node = el("form", { class: "composer", onsubmit }, this.input, this.#send);
  }

  get text() {
    return this.input.value.trim();
  }

  set text(text) {
    this.input.value = text;
    this.#keep();
  }

  /** Turns to another conversation and brings back what was being written there. */
  open(conversationId) {
    this.#id = conversationId;
    this.text = this.#kept.get(`draft:${conversationId}`) ?? "";
  }

  #submit() {
    const { text } = this;
    if (!text) return;
    this.text = "";
    this.#onsend(text);
  }

  #keep() {
    this.#kept.set(`draft:${this.#id}`, this.input.value || null);
    this.#send.disabled = !this.text;
    autogrow(this.input);
  }
}
