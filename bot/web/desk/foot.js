import { el, setText } from "../shared/dom.js";
import { Composer } from "./composer.js";
import { NoteForm } from "./note_form.js";
import { ReachLine } from "./reach.js";
import { Suggestions } from "./suggestions.js";
import { Tabs } from "./tabs.js";
import { wording } from "./wording.js";

/** Below the conversation: what is written to the customer, or for colleagues. */
export class Foot {
  #mode = "reply";
  #mine = false;
  #hint = el("p", { class: "hint" });
  #reach = new ReachLine();
  #suggestions = new Suggestions((answer) => {
    this.turn("reply");
    this.composer.insert(answer);
  });
  #notes;
  #tabs;

  /** @param {{agent: object, serves: boolean, composer: Composer, onnotes: Function, kept: object}} options */
  constructor({ agent, serves, composer, onnotes, kept }) {
    this.composer = composer;
    this.#notes = new NoteForm({ me: agent.agent_id, onsaved: onnotes, kept });
    if (serves) this.#notes.load().catch(() => {}); // without it nobody can be called for
    this.#tabs = new Tabs({ labels: wording.modes, label: wording.modesLabel, onturn: (mode) => this.turn(mode) });
    this.#tabs.node.hidden = !serves;
    const parts = [this.#tabs.node, this.#suggestions.node, this.#reach.node, this.#hint, composer.node, this.#notes.node];
    this.node = el("footer", { class: "foot" }, ...parts);
  }

  open(id) {
    this.#mode = "reply";
    this.composer.open(id);
    this.#notes.open(id);
  }

  /** @param {object} conversation @param {{mine: boolean, why: string}} standing whether I answer, and why not */
  render(conversation, { mine, why }) {
    const began = mine && !this.#mine;
    this.#mine = mine;
    setText(this.#hint, why);
    this.#reach.render(mine && this.#mode === "reply" ? conversation.reach : null);
    this.#suggestions.show(mine ? conversation : null);
    this.#show();
    if (began) this.composer.focus();
  }

  turn(mode) {
    this.#mode = mode;
    this.#show();
    if (mode === "note") this.#notes.focus();
    else if (this.#mine) this.composer.focus();
  }

  /** Takes a suggested answer. */
  pick(place) {
    return this.#suggestions.pick(place);
  }

  #show() {
    const replying = this.#mode === "reply";
    this.#tabs.show(this.#mode);
    this.composer.node.hidden = !replying || !this.#mine;
    this.#hint.hidden = !replying || this.#mine;
    this.#suggestions.node.hidden = !replying || !this.#mine;
    this.#notes.node.hidden = replying;
    this.node.classList.toggle("noting", !replying);
  }
}
