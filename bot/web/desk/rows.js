import { el, reconcile } from "../shared/dom.js";

/** A list to choose from by mouse or arrow keys. Rows are kept by id, so that nothing jumps when it is shown again. */
export class Rows {
  #make;
  #idOf;
  #onopen;
  #rows = new Map();
  #lines = [];
  #selected = null;

  /**
   * @param {object} options
   * @param {(onclick: () => void) => {node: HTMLElement, update: (line: object, selected: boolean) => void}} options.make
   *   one row; its node is an `li` with role `option`
   * @param {(line: object) => string} options.idOf
   * @param {(id: string) => void} options.onopen
   */
  constructor({ make, idOf, onopen }) {
    this.#make = make;
    this.#idOf = idOf;
    this.#onopen = onopen;
    this.node = el("ul", { class: "rows", role: "listbox", tabindex: "0", onkeydown: (event) => this.#key(event) });
  }

  /** @param {object[]} lines in order; @param {string} label says which list it is */
  show(lines, label) {
    this.#lines = lines;
    this.node.setAttribute("aria-label", label);
    reconcile(this.node, lines.map((line) => this.row(line).node));
    this.node.hidden = lines.length === 0;
    this.#update();
  }

  row(line) {
    const id = this.#idOf(line);
    if (!this.#rows.has(id)) this.#rows.set(id, this.#make(() => this.#onopen(id)));
    return this.#rows.get(id);
  }

  select(id) {
    this.#selected = id;
    this.#update();
  }

  /** Opens the row `by` places from the selected one; the first where none is selected. */
  step(by) {
    const at = this.#lines.findIndex((line) => this.#idOf(line) === this.#selected);
    const line = this.#lines[at < 0 ? 0 : at + by];
    if (!line) return;
    this.#onopen(this.#idOf(line));
    this.row(line).node.scrollIntoView({ block: "nearest" });
  }

  focus() {
    const row = this.#rows.get(this.#selected)?.node;
    (row?.isConnected ? row : (this.node.firstElementChild ?? this.node)).focus();
  }

  #update() {
    for (const line of this.#lines) this.row(line).update(line, this.#idOf(line) === this.#selected);
  }

  #key(event) {
    const row = event.target.closest("li");
    const first = this.node.firstElementChild;
    const next = { ArrowDown: row ? row.nextElementSibling : first, ArrowUp: row?.previousElementSibling }[event.key];
    if (next) next.focus();
    else if (event.key === "Enter" && row) row.click();
    else return;
    event.preventDefault();
  }
}
