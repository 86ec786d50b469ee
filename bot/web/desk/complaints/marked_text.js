import { autogrow, el } from "../../shared/dom.js";

/**
 * A field for longer texts in which stretches can be marked. The marks lie behind the text, in a layer of the same
 * measures that readers of the page by ear do not meet.
 */
export class MarkedText {
  #layer = el("div", { class: "marks-behind", "aria-hidden": "true" });
  #marks = [];

  /** @param {{label: string, placeholder: string, describedBy: string, oninput: () => void}} options `describedBy`
   *   is the id of what tells the text's faults */
  constructor({ label, placeholder, describedBy, oninput }) {
    this.input = el("textarea", {
      rows: "5",
      maxlength: "2000",
      "aria-label": label,
      placeholder,
      "aria-describedby": describedBy,
      oninput: () => {
        this.mark([]);
        oninput();
      },
      onscroll: () => this.#follow(),
    });
    this.node = el("div", { class: "marked-text" }, this.#layer, this.input);
  }

  get text() {
    return this.input.value;
  }

  set text(text) {
    this.input.value = text;
    this.mark([]);
  }

  /** @param {{start: number, end: number, kind: string}[]} marks stretches of the present text, in order */
  mark(marks) {
    this.#marks = marks;
    const { text } = this;
    const parts = [];
    let at = 0;
    for (const { start, end, kind } of marks) {
      if (start < at) continue;
      parts.push(text.slice(at, start), el("mark", { class: kind }, text.slice(start, end)));
      at = end;
    }
    this.#layer.replaceChildren(...parts, `${text.slice(at)}\n`);
    autogrow(this.input);
    this.#follow();
  }

  /** Selects the next mark after the cursor, from the beginning again after the last. */
  selectNext() {
    const next = this.#marks.find(({ start }) => start >= this.input.selectionEnd) ?? this.#marks[0];
    if (!next) return;
    this.input.focus();
    this.input.setSelectionRange(next.start, next.end);
  }

  #follow() {
    this.#layer.scrollTop = this.input.scrollTop;
  }
}
