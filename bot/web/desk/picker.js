import { el, isComposing, setText } from "../shared/dom.js";

const MOST = 8;
let made = 0;

/**
 * A list to choose from while writing, above the field: a character opens it, what is typed after that narrows it,
 * arrow keys, Enter and Tab choose, Escape closes it.
 */
export class Picker {
  #input;
  #trigger;
  #find;
  #render;
  #onpick;
  #none;
  #id = `picker-${(made += 1)}`;
  #found = [];
  #at = 0;
  #closedAt = null;
  #list;
  #empty = el("p", { class: "none" });

  /**
   * @param {object} options
   * @param {HTMLTextAreaElement} options.input
   * @param {RegExp} options.trigger matches what stands before the cursor; its first group is what to look for
   * @param {string} options.label
   * @param {string} [options.none] told when nothing is found; without it the list just closes
   * @param {(query: string) => object[]} options.find
   * @param {(found: object) => Node[]} options.render the content of a row
   * @param {(found: object) => string} options.onpick what to write instead of the trigger and the query
   */
  constructor({ input, trigger, label, none = "", find, render, onpick }) {
    [this.#input, this.#trigger, this.#find] = [input, trigger, find];
    [this.#render, this.#onpick, this.#none] = [render, onpick, none];
    this.#list = el("ul", { id: this.#id, role: "listbox", "aria-label": label });
    this.node = el("div", { class: "picker", hidden: true }, this.#list, this.#empty);
    input.setAttribute("aria-autocomplete", "list");
    input.addEventListener("input", () => this.#look());
    input.addEventListener("click", () => this.#look());
    input.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.node.hidden;
  }

  close() {
    this.node.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
    this.#input.removeAttribute("aria-controls");
  }

  /** @returns {boolean} whether the key was for the list */
  key(event) {
    if (!this.isOpen || isComposing(event)) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) this.#mark((this.#at + step + this.#found.length) % this.#found.length);
    else if ((event.key === "Enter" || event.key === "Tab") && this.#found.length) this.#pick(this.#found[this.#at]);
    else if (event.key === "Escape") this.#dismiss();
    else return false;
    event.preventDefault();
    return true;
  }

  #before() {
    return this.#input.value.slice(0, this.#input.selectionStart);
  }

  #dismiss() {
    this.#closedAt = this.#trigger.exec(this.#before())?.index ?? null;
    this.close();
  }

  #look() {
    const match = this.#trigger.exec(this.#before());
    if (!match) this.#closedAt = null;
    if (!match || match.index === this.#closedAt) return this.close();
    this.#found = this.#find(match[1].toLowerCase()).slice(0, MOST);
    if (!this.#found.length && !this.#none) return this.close();
    this.#list.replaceChildren(...this.#found.map((found, index) => this.#row(found, index)));
    this.#list.hidden = !this.#found.length;
    setText(this.#empty, this.#found.length ? "" : this.#none);
    this.node.hidden = false;
    this.#input.setAttribute("aria-controls", this.#id);
    return this.#mark(0);
  }

  #row(found, index) {
    const onmousedown = (event) => {
      event.preventDefault(); // the field keeps the focus
      this.#pick(found);
    };
    return el("li", { id: `${this.#id}-${index}`, role: "option", onmousedown }, ...this.#render(found));
  }

  #mark(index) {
    this.#at = index;
    [...this.#list.children].forEach((row, each) => row.setAttribute("aria-selected", String(each === index)));
    const row = this.#list.children[index];
    if (!row) return;
    this.#input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  #pick(found) {
    const before = this.#before();
    const { index } = this.#trigger.exec(before);
    const lead = before.slice(index).match(/^\s/)?.[0] ?? "";
    this.close();
    this.#input.setRangeText(lead + this.#onpick(found), index, before.length, "end");
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
