import { autogrow, el, icon, sendOnEnter, setText } from "../shared/dom.js";
import { icons } from "./icons.js";
import { wording } from "./wording.js";

const COUNT_FROM = 0.8;

/** Where the customer writes. Enter sends, Shift+Enter makes a line, an input method's Enter only picks a word. */
export class Composer {
  #limit = Infinity;
  #onsend;
  #counter = el("span", { class: "counter", role: "status" });
  #send;

  constructor({ onsend, ontyping }) {
    this.#onsend = onsend;
    this.input = el("textarea", {
      rows: "1",
      "aria-label": wording.placeholder,
      placeholder: wording.placeholder,
      enterkeyhint: "send",
      autocomplete: "off",
      oninput: () => {
        this.#measure();
        if (this.text) ontyping();
      },
      onkeydown: (event) => sendOnEnter(event, () => this.#submit()),
    });
    this.#send = el("button", { type: "submit", class: "send", "aria-label": wording.send }, icon(icons.send));
    this.node = el(
      "form",
      {
        class: "composer",
        onsubmit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      el("div", { class: "field" }, this.input, this.#send),
      el("div", { class: "below" }, el("span", { class: "notice" }, wording.notice), this.#counter),
    );
    this.#measure();
  }

  set limit(characters) {
    this.#limit = characters;
    this.#measure();
  }

  get text() {
    return this.input.value.trim();
  }

  set text(text) {
    this.input.value = text;
    this.#measure();
  }

  #submit() {
    if (this.#send.disabled) return;
    const { text } = this;
    this.text = "";
    this.#onsend(text);
    this.input.focus();
  }

  #measure() {
    const length = [...this.text].length; // characters as the server counts them, not UTF-16 units
    const over = length - this.#limit;
    const shown = over > 0 ? wording.tooLong(over) : wording.counter(length, this.#limit);
    setText(this.#counter, length > this.#limit * COUNT_FROM ? shown : "");
    this.#counter.classList.toggle("over", over > 0);
    this.node?.classList.toggle("counting", length > this.#limit * COUNT_FROM);
    this.#send.disabled = length === 0 || over > 0;
    autogrow(this.input);
  }
}
