import { el, setText } from "../../shared/dom.js";
import { api, explain } from "../api.js";
import { ask, lineField, selectField } from "../dialog.js";
import { Refresh } from "../refresh.js";
import { sheet, table } from "../sheet.js";
import { wording } from "../wording.js";
import { words as all } from "./wording.js";

const words = all.accounts;
const ROLES = Object.entries(wording.roles);

/** For admins: who may work at the desk, and as what. */
export class AccountsPage {
  #me;
  #refresh;
  #moves = {
    changeRole: (account) => this.#changeRole(account),
    disable: (account) => this.#disable(account),
    enable: (account) => this.#enable(account),
    password: (account) => this.#resetPassword(account),
    totp: (account) => this.#resetTotp(account),
    revoke: (account) => this.#revoke(account),
  };
  #body = el("tbody");
  #fault = el("p", { class: "fault", role: "alert" });
  #summary = el("p", { class: "quiet", role: "status" });

  constructor({ agent, guard, signal }) {
    this.#me = agent.agent_id;
    this.#refresh = new Refresh(() => this.#fetch(), { guard, signal });
    const add = el("button", { type: "button", class: "solid", onclick: () => this.#add() }, words.add);
    this.node = el(
      "main",
      { class: "page staff accounts" },
      el("header", {}, el("h1", {}, words.title), this.#summary, add),
      this.#fault,
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
    const { accounts } = await api.accounts();
    const focused = document.activeElement?.dataset.account;
    this.#body.replaceChildren(...accounts.map((account) => this.#row(account)));
    if (focused) this.#body.querySelector(`[data-account="${focused}"]`)?.focus();
    setText(this.#summary, words.summary(accounts.length, accounts.filter(({ disabled }) => disabled).length));
  }

  #row(account) {
    const { agent_id, login, name, role, disabled } = account;
    const mine = agent_id === this.#me;
    const button = (move) =>
      el("button", { type: "button", class: "plain", dataset: { account: `${move}:${agent_id}` }, onclick: () => this.#moves[move](account) }, words[move]);
    const moves = mine ? [] : ["changeRole", "password", "totp", "revoke", disabled ? "enable" : "disable"];
    return el(
      "tr",
      { class: disabled ? "disabled" : null },
      el("td", { class: "figure" }, login),
      el("td", {}, name, mine && words.you),
      el("td", {}, wording.roles[role]),
      el("td", {}, stateOf(account)),
      el("td", {}, el("div", { class: "moves" }, ...moves.map(button))),
    );
  }

  async #add() {
    let made = null;
    const fields = [
      lineField({ name: "login", label: words.login, hint: words.loginHint, pattern: "[A-Za-z0-9][A-Za-z0-9._@\\-]{1,63}", autocapitalize: "none" }),
      lineField({ name: "name", label: words.name }),
      selectField({ name: "role", label: words.role, options: ROLES, value: "agent", required: true }),
    ];
    async function act(values) {
      made = { ...values, ...(await api.addAccount(values)) };
    }
    if (await ask({ title: words.add, hint: words.addHint, fields, act })) await tellInitial(made.login, made.password);
    this.refresh();
  }

  async #changeRole({ agent_id, name, role }) {
    const fields = [selectField({ name: "role", label: words.role, options: ROLES, value: role, required: true })];
    const act = (values) => api.changeAccount(agent_id, "role", values);
    await ask({ title: words.changeRoleAsk(name), hint: words.endsSessions, fields, act });
    this.refresh();
  }

  async #disable({ agent_id, name }) {
    await ask({ title: words.disableAsk(name), hint: words.disableHint, act: () => api.changeAccount(agent_id, "disable") });
    this.refresh();
  }

  async #enable({ agent_id }) {
    setText(this.#fault, "");
    try {
      await api.changeAccount(agent_id, "enable");
    } catch (error) {
      setText(this.#fault, explain(error, wording.unreachable));
    }
    this.refresh();
  }

  async #resetPassword({ agent_id, login, name }) {
    let password = null;
    async function act() {
      ({ password } = await api.changeAccount(agent_id, "password"));
    }
    if (await ask({ title: words.passwordAsk(name), hint: words.passwordHint, act })) await tellInitial(login, password);
    this.refresh();
  }

  async #resetTotp({ agent_id, name }) {
    await ask({ title: words.totpAsk(name), hint: words.totpHint, act: () => api.changeAccount(agent_id, "totp") });
    this.refresh();
  }

  async #revoke({ agent_id, name }) {
    await ask({ title: words.revokeAsk(name), act: () => api.revokeAll(agent_id) });
    this.refresh();
  }
}

function stateOf({ disabled, must_change_password, has_totp, sessions }) {
  if (disabled) return words.states.disabled;
  const open = [must_change_password && words.states.initial, !has_totp && words.states.noTotp].filter(Boolean);
  return [...(open.length ? open : [words.states.ready]), sessions > 0 && words.sessions(sessions)].filter(Boolean).join(" · ");
}

/** Shows an initial password, this once. */
function tellInitial(login, password) {
  const fields = [el("output", { class: "initial" }, el("code", {}, password))];
  return ask({ title: words.initialTitle, hint: words.initialHint(login), fields, confirm: words.noted, back: false, act: async () => {} });
}
