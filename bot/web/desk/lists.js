import { el, reconcile, setText } from "../shared/dom.js";
import { readable } from "../shared/placeholders.js";
import { elapsed, whenSaid } from "../shared/time.js";
import { wording } from "./wording.js";

const VIEWS = ["mine", "queued", "all"];
const SLOW_S = 180; // after this a waiting time is marked

/** The three lists and their tabs. Rows are kept by conversation, so that nothing jumps while times tick. */
export class Lists {
  #onopen;
  #rows = new Map();
  #tabs = new Map();
  #list = el("ul", { class: "rows", role: "listbox", tabindex: "0" });
  #empty = el("p", { class: "empty" });
  #lists = { mine: [], queued: [], all: [] };
  #fetchedAt = 0;
  #selected = null;
  view = "queued";

  constructor({ onopen, onview }) {
    this.#onopen = onopen;
    const tabs = VIEWS.map((view) => {
      const count = el("span", { class: "count" });
      const node = el("button", { type: "button", role: "tab", onclick: () => onview(view) }, wording.views[view], count);
      this.#tabs.set(view, { node, count });
      return node;
    });
    this.node = el("nav", { class: "lists" }, el("div", { class: "tabs", role: "tablist" }, ...tabs), this.#list, this.#empty);
    this.#list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Object<string, object[]>} lists conversations of each view that was fetched just now */
  show(lists) {
    Object.assign(this.#lists, lists);
    this.#fetchedAt = performance.now();
    this.render();
  }

  /** How many customers wait for somebody. */
  get waiting() {
    return this.#lists.queued.length;
  }

  select(conversationId) {
    this.#selected = conversationId;
    this.render();
  }

  focus() {
    const row = this.#rows.get(this.#selected)?.node;
    (row?.isConnected ? row : (this.#list.firstElementChild ?? this.#list)).focus();
  }

  /** Moves the waiting times on, without asking the server. */
  tick() {
    const since = (performance.now() - this.#fetchedAt) / 1000;
    for (const line of this.#shown) this.#rows.get(line.conversation_id)?.tick(line, since);
  }

  get #shown() {
    return this.#lists[this.view];
  }

  render() {
    for (const [view, { node, count }] of this.#tabs) {
      node.setAttribute("aria-selected", String(view === this.view));
      setText(count, view === "all" ? "" : String(this.#lists[view].length || ""));
    }
    this.#list.setAttribute("aria-label", wording.views[this.view]);
    const nodes = this.#shown.map((line) => this.#row(line));
    reconcile(this.#list, nodes);
    this.#list.hidden = nodes.length === 0;
    this.#empty.hidden = nodes.length > 0;
    setText(this.#empty, wording.empty[this.view]);
    this.tick();
  }

  #row(line) {
    const id = line.conversation_id;
    if (!this.#rows.has(id)) this.#rows.set(id, new Row(() => this.#onopen(id)));
    const row = this.#rows.get(id);
    row.update(line, id === this.#selected);
    return row.node;
  }

  #key(event) {
    const row = event.target.closest("li");
    const next = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
    if (next) next.focus();
    else if (event.key === "Enter" && row) row.click();
    else return;
    event.preventDefault();
  }
}

class Row {
  #name = el("strong");
  #wait = el("span", { class: "wait" });
  #reason = el("span", { class: "tag" });
  #whose = el("span", { class: "whose" });
  #text = el("span", { class: "last" });
  #unread = el("span", { class: "unread" });

  constructor(onclick) {
    this.node = el(
      "li",
      { role: "option", tabindex: "-1", onclick },
      el("div", {}, this.#name, this.#wait),
      el("div", {}, this.#text, this.#unread),
      el("div", {}, this.#reason, this.#whose),
    );
  }

  update(line, selected) {
    this.node.setAttribute("aria-selected", String(selected));
    setText(this.#name, line.customer_name ?? wording.visitor);
    setText(this.#text, readable(line.last_text ?? ""));
    setText(this.#reason, wording.reasons[line.reason] ?? line.reason ?? "");
    setText(this.#whose, line.state === "agent" ? line.agent_name : wording.states[line.state]);
    this.#reason.className = `tag ${line.reason}`;
    setText(this.#unread, line.unread && !selected ? String(line.unread) : "");
  }

  /** @param {number} since seconds since the list was fetched */
  tick(line, since) {
    const waiting = line.waiting_s !== null && line.waiting_s !== undefined;
    const seconds = waiting ? line.waiting_s + since : 0;
    setText(this.#wait, waiting ? elapsed(seconds) : line.queued_at ? whenSaid(line.queued_at) : "");
    this.#wait.classList.toggle("ticking", waiting);
    this.#wait.classList.toggle("slow", seconds > SLOW_S);
  }
}
