import { el, setText } from "../../shared/dom.js";
import { readable } from "../../shared/placeholders.js";
import { whenSaid } from "../../shared/time.js";
import { api, explain } from "../api.js";
import { wording } from "../wording.js";
import { words } from "./wording.js";

const said = words.tickets;

/** Messages left after hours, by the time an answer was promised for. */
export class TicketList {
  #serves;
  #ontaken;
  #onchanged;
  #fault = el("p", { class: "fault", role: "alert" });
  #items = el("ul");

  /** @param {{serves: boolean, ontaken: (id: string) => void, onchanged: () => void}} options */
  constructor({ serves, ontaken, onchanged }) {
    this.#serves = serves;
    this.#ontaken = ontaken;
    this.#onchanged = onchanged;
    this.node = el("div", { class: "tickets" }, this.#fault, this.#items);
  }

  show(tickets) {
    const focused = this.#items.contains(document.activeElement) ? document.activeElement.dataset.ticket : null;
    this.#items.replaceChildren(...tickets.map((ticket) => this.#item(ticket)));
    if (focused) this.#items.querySelector(`[data-ticket="${focused}"]`)?.focus();
  }

  #item({ ticket_id, reason, text, left_at, due_at, late }) {
    const take = el("button", { type: "button", class: "plain", dataset: { ticket: ticket_id }, onclick: () => this.#take(ticket_id) }, said.take);
    return el(
      "li",
      {},
      el("div", {}, el("span", { class: late ? "due late" : "due" }, late ? said.late(whenSaid(due_at)) : said.due(whenSaid(due_at)))),
      el("p", {}, readable(text)),
      el(
        "div",
        {},
        el("span", { class: `tag ${reason}` }, wording.reasons[reason] ?? reason),
        el("small", { title: said.left }, whenSaid(left_at)),
        this.#serves && take,
      ),
    );
  }

  async #take(ticketId) {
    setText(this.#fault, "");
    try {
      this.#ontaken((await api.takeTicket(ticketId)).conversation_id);
    } catch (error) {
      setText(this.#fault, explain(error, wording.unreachable));
      this.#onchanged();
    }
  }
}
