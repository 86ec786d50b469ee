import { el, setText } from "../../shared/dom.js";
import { whenSaid } from "../../shared/time.js";
import { api, explain } from "../api.js";
import { ask, lineField } from "../dialog.js";
import { Refresh } from "../refresh.js";
import { sheet, table } from "../sheet.js";
import { wording } from "../wording.js";
import { requireSame } from "./form.js";
import { words as all } from "./wording.js";

const words = all.own;
const PASSWORD = { type: "password", maxlength: "256" };

/** One's own account: the password, and where one is signed in. */
export class OwnPage {
  #refresh;
  #onsignedout;
  #body = el("tbody");
  #fault = el("p", { class: "fault", role: "alert" });

  /** @param {{agent: object, guard: Function, signal: AbortSignal, onsignedout: (notice: string) => void}} options */
  constructor({ agent, guard, signal, onsignedout }) {
    this.#onsignedout = onsignedout;
    this.#refresh = new Refresh(() => this.#fetch(), { guard, signal });
    const change = el("button", { type: "button", class: "plain", onclick: () => this.#changePassword() }, words.password);
    this.node = el(
      "main",
      { class: "page staff devices" },
      el("header", {}, el("h1", {}, words.title), el("p", { class: "quiet" }, `${agent.name} · ${wording.roles[agent.role]} · ${agent.login}`), change),
      this.#fault,
      el("h2", {}, words.sessions),
      sheet(table(words.columns, this.#body)),
    );
  }

  refresh() {
    this.#refresh.ask();
  }

  show() {
    this.refresh();
  }

  focus() {
    this.node.querySelector("button").focus();
  }

  async #fetch() {
    const { sessions } = await api.mySessions();
    this.#body.replaceChildren(...sessions.map((session) => this.#row(session)));
  }

  #row({ session_id, browser, address, created_at, used_at, locked, current }) {
    const revoke = el("button", { type: "button", class: "plain", onclick: () => this.#revoke(session_id) }, words.revoke);
    return el(
      "tr",
      {},
      el("td", { class: "browser" }, browserName(browser)),
      el("td", { class: "figure" }, address),
      el("td", {}, whenSaid(created_at)),
      el("td", {}, whenSaid(used_at), locked && ` · ${words.locked}`),
      el("td", {}, current ? words.current : revoke),
    );
  }

  async #revoke(id) {
    setText(this.#fault, "");
    try {
      await api.revokeMine(id);
    } catch (error) {
      setText(this.#fault, explain(error, wording.unreachable));
    }
    this.refresh();
  }

  async #changePassword() {
    const fields = [
      lineField({ ...PASSWORD, name: "old", label: words.old, autocomplete: "current-password" }),
      lineField({ ...PASSWORD, name: "new", label: words.new, autocomplete: "new-password", minlength: "12" }),
      lineField({ ...PASSWORD, name: "again", label: words.again, autocomplete: "new-password", minlength: "12" }),
    ];
    async function act({ again, ...values }) {
      requireSame(values.new, again, words.differ);
      await api.changePassword(values);
    }
    const changed = await ask({ title: words.passwordAsk, hint: words.passwordHint, fields, trim: false, act });
    if (changed) this.#onsignedout(words.changed);
  }
}

/** `Chrome · Windows` of a user agent, or all of it where it is none that is known. */
function browserName(agent) {
  const name = [/Edg\//, /Firefox\//, /Chrome\//, /Safari\//].find((each) => each.test(agent));
  const system = ["Windows", "Mac OS", "Android", "iPhone", "Linux"].find((each) => agent.includes(each));
  if (!name) return agent || "–";
  return [{ Edg: "Edge" }[name.source.slice(0, -2)] ?? name.source.slice(0, -2), system].filter(Boolean).join(" · ");
}
