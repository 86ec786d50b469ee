import { el } from "../shared/dom.js";
import { api } from "./api.js";
import { canned } from "./canned.js";
import { ask, lineField, textField } from "./dialog.js";
import { Refresh } from "./refresh.js";
import { sheet, table } from "./sheet.js";
import { wording } from "./wording.js";

const words = wording.canned;

/** For supervisors: the replies that every agent can choose from. */
export class CannedPage {
  #refresh;
  #body = el("tbody");

  constructor({ guard, signal }) {
    this.#refresh = new Refresh(() => this.#fetch(), { guard, signal });
    const add = el("button", { type: "button", class: "solid", onclick: () => this.#write({}, (values) => api.addCannedReply(values)) }, words.add);
    this.node = el(
      "main",
      { class: "page outbox canned" },
      el("header", {}, el("h1", {}, words.title), el("p", { class: "quiet" }, words.about), add),
      sheet(table(words.columns, this.#body)),
    );
  }

  refresh() {
    if (!this.node.hidden) this.#refresh.ask();
  }

  show() {
    this.refresh();
  }

  focus() {
    this.node.querySelector(".sheet").focus();
  }

  async #fetch() {
    const replies = await canned.load();
    this.#body.replaceChildren(...replies.map((reply) => this.#row(reply)));
  }

  #row(reply) {
    const { reply_id: id, shortcut, title, text } = reply;
    const button = (label, onclick) => el("button", { type: "button", class: "plain", onclick }, label);
    const change = button(words.change, () => this.#write(reply, (values) => api.moveCannedReply(id, "change", values)));
    const remove = button(words.remove, () => this.#remove(reply));
    return el(
      "tr",
      {},
      el("td", {}, el("kbd", {}, `/${shortcut}`)),
      el("td", {}, title),
      el("td", { class: "cause" }, text),
      el("td", {}, el("div", { class: "moves" }, change, remove)),
    );
  }

  async #write({ shortcut = "", title = "", text = "" }, act) {
    const fields = [
      lineField({ name: "shortcut", label: words.shortcut, value: shortcut, maxlength: "16", pattern: "[a-z0-9]+" }),
      lineField({ name: "title", label: words.name, value: title, maxlength: "32" }),
      textField({ name: "text", label: words.text, value: text, required: true, rows: "5" }),
    ];
    await ask({ title: title ? words.change : words.add, hint: words.variables, fields, confirm: words.save, wide: true, act });
    this.refresh();
  }

  async #remove({ reply_id, title }) {
    await ask({ title: words.removeAsk(title), confirm: words.remove, act: () => api.moveCannedReply(reply_id, "remove") });
    this.refresh();
  }
}
