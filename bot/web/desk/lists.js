import { el, setText } from "../shared/dom.js";
import { readable } from "../shared/placeholders.js";
import { elapsed, whenSaid } from "../shared/time.js";
import { ListFilters } from "./list_filters.js";
import { Rows } from "./rows.js";
import { Tabs } from "./tabs.js";
import { words } from "./team/wording.js";
import { wording } from "./wording.js";

const SLOW_S = 180; // after this a waiting time is marked

/** The lists of conversations, their tabs and what they are narrowed down to. */
export class Lists {
  #rows;
  #tabs;
  #filters;
  #empty = el("p", { class: "empty" });
  #tickets;
  #lists = { mine: [], queued: [], mentioned: [], tickets: [], all: [] };
  #fetchedAt = 0;
  #selected = null;
  #whispered = new Set();
  view = "queued";

  /**
   * @param {object} options
   * @param {(id: string) => void} options.onopen
   * @param {(view: string) => void} options.onview
   * @param {object} options.kept
   * @param {Node} options.beside stands by the filters
   * @param {import("./team/next.js").NextOne|null} options.next
   * @param {import("./team/tickets.js").TicketList} options.tickets
   */
  constructor({ onopen, onview, kept, beside, next, tickets }) {
    this.next = next;
    this.#tickets = tickets;
    this.#filters = new ListFilters({ kept, onchange: () => this.render() });
    this.#tabs = new Tabs({ labels: wording.views, label: wording.viewsLabel, onturn: onview });
    this.#rows = new Rows({ make: (onclick) => new Row(onclick), idOf: (line) => line.conversation_id, onopen });
    this.#filters.node.append(beside);
    const parts = [this.#tabs.node, this.#filters.node, this.#rows.node, tickets.node, this.#empty, next?.node];
    this.node = el("section", { class: "lists", "aria-label": wording.viewsLabel }, ...parts);
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

  /** Who waits and which notes call for me, as keys that stay the same. */
  get calling() {
    const notes = this.#lists.mentioned.map(({ conversation_id: id, mentions }) => `note:${id}:${mentions}`);
    return [...this.#lists.queued.map(({ conversation_id: id, queued_at }) => `${id}:${queued_at}`), ...notes];
  }

  /** Whether an unread note there calls for me. */
  callsForMe(conversationId) {
    return this.#lists.mentioned.some(({ conversation_id }) => conversation_id === conversationId);
  }

  /** A supervisor said something about it. @returns {boolean} whether that is for me */
  whispered(conversationId) {
    const mine = this.#lists.mine.some(({ conversation_id }) => conversation_id === conversationId);
    if (mine && conversationId !== this.#selected) this.#whispered.add(conversationId);
    this.render();
    return mine;
  }

  /** Opens the conversation before (-1) or after (1) the selected one. */
  step(by) {
    this.#rows.step(by);
  }

  select(conversationId) {
    this.#selected = conversationId;
    if (this.#whispered.delete(conversationId)) this.render();
    this.#rows.select(conversationId);
  }

  focus() {
    this.#rows.focus();
  }

  /** Moves the waiting times on, without asking the server. */
  tick() {
    const since = (performance.now() - this.#fetchedAt) / 1000;
    for (const line of this.#shown) this.#rows.row(line).tick(line, since);
  }

  get #conversations() {
    return this.view === "tickets" ? [] : this.#lists[this.view];
  }

  get #shown() {
    const lines = this.#conversations.filter((line) => this.#filters.passes(line));
    return lines.map((line) => ({ ...line, whispered: this.#whispered.has(line.conversation_id) }));
  }

  render() {
    const counts = Object.entries(this.#lists).filter(([view]) => view !== "all").map(([view, { length }]) => [view, length]);
    const whole = this.#lists[this.view];
    const left = this.view === "tickets" ? whole : [];
    this.#tabs.show(this.view, Object.fromEntries(counts));
    this.#filters.offer(this.#conversations);
    this.#filters.enable(this.view !== "tickets");
    this.#tickets.show(left);
    this.#tickets.node.hidden = this.view !== "tickets";
    this.next?.show(this.waiting);
    this.#rows.show(this.#shown, wording.views[this.view]);
    this.#empty.hidden = this.#shown.length + left.length > 0;
    setText(this.#empty, whole.length ? wording.filters.none : wording.empty[this.view]);
    this.tick();
  }
}

class Row {
  #name = el("strong");
  #wait = el("span", { class: "wait" });
  #reason = el("span", { class: "tag" });
  #tags = el("span", { class: "tags" });
  #call = el("span", { class: "call" });
  #whose = el("span", { class: "whose" });
  #text = el("span", { class: "last" });
  #unread = el("span", { class: "unread" });

  constructor(onclick) {
    this.node = el(
      "li",
      { role: "option", tabindex: "-1", onclick },
      el("div", {}, this.#name, this.#wait),
      el("div", {}, this.#text, this.#unread),
      el("div", {}, this.#reason, this.#tags, this.#call, this.#whose),
    );
  }

  update(line, selected) {
    this.node.setAttribute("aria-selected", String(selected));
    setText(this.#name, line.customer_name ?? wording.visitor);
    setText(this.#text, readable(line.last_text ?? ""));
    setText(this.#reason, wording.reasons[line.reason] ?? line.reason ?? "");
    setText(this.#whose, line.state === "agent" ? line.agent_name : wording.states[line.state]);
    this.#reason.className = `tag ${line.reason}`;
    setText(this.#tags, (line.tags ?? []).map((tag) => `#${tag}`).join(" "));
    const call = line.whispered ? words.help.label : line.mentions ? wording.mentioned : "";
    this.#call.classList.toggle("whispered", line.whispered);
    setText(this.#call, selected ? "" : call);
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
