import { el, setText } from "../shared/dom.js";
import { ConversationRow } from "./conversation_row.js";
import { ListFilters } from "./list_filters.js";
import { Rows } from "./rows.js";
import { Tabs } from "./tabs.js";
import { wording } from "./wording.js";

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
   * @param {string} options.me id of the agent who looks
   * @param {(id: string) => void} options.onopen
   * @param {(view: string) => void} options.onview
   * @param {object} options.kept
   * @param {Node} options.beside stands by the filters
   * @param {import("./team/next.js").NextOne|null} options.next
   * @param {import("./team/tickets.js").TicketList} options.tickets
   */
  constructor({ me, onopen, onview, kept, beside, next, tickets }) {
    this.next = next;
    this.#tickets = tickets;
    this.#filters = new ListFilters({ kept, onchange: () => this.render() });
    this.#tabs = new Tabs({ labels: wording.views, label: wording.viewsLabel, onturn: onview });
    this.#rows = new Rows({ make: (onclick) => new ConversationRow(onclick, me), idOf: (line) => line.conversation_id, onopen });
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
