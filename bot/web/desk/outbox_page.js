import { el, setText } from "../shared/dom.js";
import { whenSaid } from "../shared/time.js";
import { api, explain } from "./api.js";
import { ask, textField } from "./dialog.js";
import { placeOf } from "./places.js";
import { Refresh } from "./refresh.js";
import { sheet, table } from "./sheet.js";
import { may } from "./staff/roles.js";
import { wording } from "./wording.js";

const words = wording.outbox;
const EVERY_S = 15; // nobody tells of a write that went through

/** For supervisors: what the CRM has not taken yet, and what it refused and a person must look at. */
export class OutboxPage {
  #refresh;
  #onbadge;
  #works;
  #seconds = 0;
  #body = el("tbody");
  #table;
  #empty = el("p", { class: "empty" }, words.empty);
  #fault = el("p", { class: "fault", role: "alert" });
  #summary = el("p", { class: "quiet", role: "status" });

  constructor({ agent, guard, signal, onbadge }) {
    this.#works = may(agent, "outbox.work");
    this.#onbadge = onbadge;
    this.#refresh = new Refresh(() => this.#fetch(), { guard, signal });
    this.#table = table(words.columns, this.#body);
    this.node = el(
      "main",
      { class: "page outbox" },
      el("header", {}, el("h1", {}, words.title), this.#summary),
      this.#fault,
      sheet(this.#table, this.#empty),
    );
  }

  refresh() {
    this.#refresh.ask();
  }

  show() {
    this.refresh();
  }

  focus() {
    (this.#body.querySelector("button") ?? this.node.querySelector(".sheet")).focus();
  }

  tick() {
    this.#seconds += 1;
    if (this.#seconds % EVERY_S === 0) this.refresh();
  }

  async #fetch() {
    const { writes } = await api.outbox();
    const parked = writes.filter(({ parked_at }) => parked_at);
    const focused = document.activeElement?.dataset.write;
    this.#body.replaceChildren(...[...parked, ...writes.filter(({ parked_at }) => !parked_at)].map((write) => this.#row(write)));
    if (focused) this.#body.querySelector(`[data-write="${focused}"]`)?.focus();
    this.#table.hidden = writes.length === 0;
    this.#empty.hidden = writes.length > 0;
    setText(this.#summary, writes.length ? words.summary(writes.length - parked.length, parked.length) : "");
    this.#onbadge(parked.length);
  }

  #row({ write_id, kind, subject, created_at, attempts, next_at, parked_at, error }) {
    const button = (name, act) =>
      el("button", { type: "button", class: "plain", dataset: { write: `${name}:${write_id}` }, onclick: act }, words[name]);
    return el(
      "tr",
      { class: parked_at ? "parked" : null },
      el("td", {}, words.kinds[kind] ?? kind),
      el("td", { class: "figure" }, subject.startsWith("TS") ? el("a", { class: "inline", href: placeOf("complaints", subject) }, subject) : subject),
      el("td", {}, whenSaid(created_at)),
      el("td", {}, parked_at ? words.parked : words.waits(attempts, whenSaid(next_at))),
      el("td", { class: "cause" }, error ?? ""),
      el("td", {}, this.#works && el("div", { class: "moves" }, parked_at && button("discard", () => this.#discard(write_id)), button("retry", () => this.#retry(write_id)))),
    );
  }

  async #retry(id) {
    setText(this.#fault, "");
    try {
      await api.retryWrite(id);
    } catch (error) {
      setText(this.#fault, explain(error, wording.unreachable));
    }
    this.refresh();
  }

  async #discard(id) {
    const fields = [textField({ name: "reason", label: words.reason, required: true })];
    await ask({ title: words.discardAsk, hint: words.discardHint, fields, act: (values) => api.discardWrite(id, values) });
    this.refresh();
  }
}
