import { el, setText } from "../../shared/dom.js";
import { api } from "../api.js";
import { Refresh } from "../refresh.js";
import { words } from "./wording.js";

/** Whether I take new conversations, and the switch for it. What is in my hands stays there. */
export class MyPresence {
  #me;
  #guard;
  #refresh;
  #away = false;
  node = el("button", { type: "button", class: "plain my-presence", "aria-keyshortcuts": "Alt+P", onclick: () => this.#guard(this.#turn()) });

  /** @param {object} options what pages get */
  constructor({ agent, guard, signal }) {
    this.#me = agent.agent_id;
    this.#guard = guard;
    this.#refresh = new Refresh(() => this.#fetch(), { guard, signal });
    this.#show(false);
  }

  refresh() {
    this.#refresh.ask();
  }

  receive(frame) {
    if (frame.type === "queue") this.refresh();
  }

  /** @returns {boolean} whether the key meant something here */
  key({ altKey, ctrlKey, metaKey, code }) {
    if (code !== "KeyP" || !altKey || ctrlKey || metaKey) return false;
    this.node.click();
    return true;
  }

  async #fetch() {
    const { members } = await api.team();
    this.#show(members.find(({ agent_id }) => agent_id === this.#me)?.presence === "away");
  }

  async #turn() {
    const { member } = await api.setAway(!this.#away);
    this.#show(member.presence === "away");
  }

  #show(away) {
    const said = away ? words.mine.away : words.mine.here;
    this.#away = away;
    setText(this.node, said.label);
    this.node.title = said.hint;
    this.node.setAttribute("aria-label", `${said.label}，${said.hint}`);
    this.node.classList.toggle("away", away);
  }
}
