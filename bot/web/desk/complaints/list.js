import { el, setText } from "../../shared/dom.js";
import { readable } from "../../shared/placeholders.js";
import { Rows } from "../rows.js";
import { Tabs } from "../tabs.js";
import { inWords, tone } from "./deadline.js";
import { Filters } from "./filters.js";
import { words } from "./wording.js";

/** The complaints by deadline, with tabs and filters above and the export below. */
export class ComplaintList {
  #tabs;
  #filters;
  #rows;
  #views;
  #empty = el("p", { class: "empty", hidden: true }, words.empty);
  #more = el("p", { class: "more", role: "status" });
  view = "all";

  /**
   * @param {object} options
   * @param {boolean} options.approves whether the agent decides on extensions
   * @param {boolean} options.exports whether the agent may export
   * @param {(number: string) => void} options.onopen
   * @param {() => void} options.onchange another view or filter was chosen
   * @param {() => void} options.onexport
   */
  constructor({ approves: approving, exports: exporting, onopen, onchange, onexport }) {
    const { approvals, ...usual } = words.views;
    this.#views = approving ? { ...usual, approvals } : usual;
    const onturn = (view) => {
      this.view = view;
      onchange();
    };
    this.#tabs = new Tabs({ labels: this.#views, label: words.viewsLabel, onturn });
    this.#filters = new Filters({ onchange });
    this.#rows = new Rows({ make: (onclick) => new Row(onclick), idOf: (line) => line.number, onopen });
    const button = exporting && el("button", { type: "button", class: "plain", onclick: onexport }, words.export);
    this.node = el(
      "section",
      { class: "lists", "aria-label": words.viewsLabel },
      this.#tabs.node,
      this.#filters.node,
      this.#rows.node,
      this.#empty,
      el("footer", {}, this.#more, button),
    );
  }

  /** What to ask the server for. */
  get query() {
    return { view: this.view, ...this.#filters.values };
  }

  offer(choices) {
    this.#filters.offer(choices);
  }

  /** @param {{complaints: object[], total: number, counts: Object<string, number>}} found */
  show({ complaints, total, counts }) {
    this.#tabs.show(this.view, { mine: counts.mine, unassigned: counts.unassigned, approvals: counts.approvals });
    this.#rows.show(complaints, this.#views[this.view]);
    this.#empty.hidden = complaints.length > 0;
    setText(this.#more, total > complaints.length ? words.truncated(complaints.length, total) : `${total} 件`);
  }

  select(number) {
    this.#rows.select(number);
  }

  focus() {
    this.#rows.focus();
  }
}

class Row {
  #number = el("strong", { class: "figure" });
  #deadline = el("span");
  #what = el("span", { class: "last" });
  #urgent = el("span", { class: "tag grave_complaint" }, words.urgent);
  #category = el("span", { class: "tag" });
  #pending = el("span", { class: "tag misses" }, words.pending);
  #whose = el("span", { class: "whose" });

  constructor(onclick) {
    this.node = el(
      "li",
      { role: "option", tabindex: "-1", onclick },
      el("div", {}, this.#number, this.#deadline),
      el("div", {}, this.#what),
      el("div", {}, el("span", { class: "marks" }, this.#urgent, this.#category, this.#pending), this.#whose),
    );
  }

  update(line, selected) {
    this.node.setAttribute("aria-selected", String(selected));
    setText(this.#number, line.number);
    setText(this.#deadline, inWords(line));
    this.#deadline.className = `deadline ${tone(line)}`;
    setText(this.#what, readable(line.what));
    this.#urgent.hidden = line.concerns.length === 0;
    setText(this.#category, line.subcategory_name ?? line.category_name);
    this.#pending.hidden = !line.extension_pending;
    setText(this.#whose, `${words.states[line.state]} · ${line.handler_name ?? words.unassigned}`);
  }
}
