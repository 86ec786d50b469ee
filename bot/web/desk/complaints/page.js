import { el } from "../../shared/dom.js";
import { api } from "../api.js";
import { go } from "../places.js";
import { Refresh } from "../refresh.js";
import { may } from "../staff/roles.js";
import { ComplaintDetail } from "./detail.js";
import { askExport } from "./export.js";
import { ComplaintList } from "./list.js";

/** The complaints by deadline, and the open one. */
export class ComplaintsPage {
  #guard;
  #onbadge;
  #list;
  #detail;
  #refresh;
  #reload;
  #number = null;
  #version = Infinity; // of the open complaint as it is shown; reading one is audited, so it is read when it changed
  #choices = null;

  constructor({ agent, kept, guard, signal, onbadge }) {
    this.#guard = guard;
    this.#onbadge = onbadge;
    this.#refresh = new Refresh(() => this.#fetchList(), { guard, signal });
    this.#reload = new Refresh(() => this.#fetchOpen(), { guard, signal });
    this.#list = new ComplaintList({
      approves: may(agent, "complaints.approve"),
      exports: may(agent, "complaints.export"),
      onopen: (number) => go("complaints", number),
      onchange: () => this.refresh(),
      onexport: () => askExport(),
    });
    this.#detail = new ComplaintDetail({ kept, onmoved: () => this.#moved() });
    this.node = el("div", { class: "page complaints" }, this.#list.node, this.#detail.node);
  }

  stop() {
    this.#detail.stop();
  }

  refresh() {
    this.#refresh.ask();
  }

  receive({ type }) {
    if (type === "queue") this.refresh();
  }

  focus() {
    this.#list.focus();
  }

  show(number) {
    if (!number || this.#number === number) return;
    this.#number = number;
    this.#version = Infinity;
    this.#list.select(number);
    this.#detail.begin(number);
    this.#reload.ask();
  }

  #moved() {
    this.refresh();
    return this.#reload.ask();
  }

  async #fetchList() {
    if (this.#choices === null) {
      this.#choices = await api.complaintChoices();
      this.#list.offer(this.#choices);
    }
    const found = await api.complaints({ ...this.#list.query, watch: this.#number });
    this.#list.show(found);
    this.#onbadge(found.counts.breached + found.counts.warning);
    if (found.version > this.#version) this.#reload.ask();
  }

  async #fetchOpen() {
    const number = this.#number;
    try {
      const found = await api.complaint(number);
      this.#choices ??= await api.complaintChoices();
      if (number !== this.#number) return;
      this.#version = found.version;
      this.#detail.show(found, this.#choices);
    } catch (error) {
      if (error.status !== 404) throw error;
      this.#detail.missing();
    }
  }
}
