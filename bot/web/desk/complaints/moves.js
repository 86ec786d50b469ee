import { el } from "../../shared/dom.js";
import { ask, radioField, selectField, textField } from "../dialog.js";
import { day } from "./deadline.js";
import { reclassifyFields } from "./reclassify.js";
import { words } from "./wording.js";

const MAIN = ["accept", "investigate", "close"];
const SIDE = ["assign", "extension", "reclassify", "reopen"];

/** What an agent can do with a complaint beside writing. The server says which moves there are; the rest is not shown. */
export class Moves {
  #make;

  /** @param {{make: (move: string, values: object) => Promise}} options tells the server */
  constructor({ make }) {
    this.#make = make;
  }

  /**
   * @param {{complaint: object, moves: string[], choices: object}} open
   * @param {(move: () => Promise) => void} act makes the move and shows what came of it
   * @returns {{main: HTMLElement[], side: HTMLElement[]}} the buttons of the head, and those of the card
   */
  buttons(open, act) {
    const button = (move, style) => {
      const onclick = () => act(() => this[move](open));
      return el("button", { type: "button", class: style, onclick }, words.moves[move]);
    };
    const offered = (moves, style) => moves.filter((move) => open.moves.includes(move)).map((move) => button(move, style));
    return { main: offered(MAIN, "solid"), side: offered(SIDE, "plain") };
  }

  accept() {
    return this.#make("accept", {});
  }

  investigate() {
    return this.#make("investigate", {});
  }

  close() {
    return this.#ask("close", { title: words.closeAsk, hint: words.closeHint });
  }

  reopen() {
    const fields = [textField({ name: "reason", label: words.reason, required: true })];
    return this.#ask("reopen", { title: words.reopenAsk, hint: words.reopenHint, fields });
  }

  assign({ complaint, choices }) {
    const options = choices.agents.map(({ agent_id, name, role }) => [agent_id, `${name}${role === "supervisor" ? "（主管）" : ""}`]);
    const value = complaint.handler_id ?? choices.me;
    const fields = [selectField({ name: "agent_id", label: words.assignee, options, value, required: true })];
    return this.#ask("assign", { title: words.assignAsk, fields });
  }

  extension({ complaint }) {
    const fields = [textField({ name: "reason", label: words.extensionReason, required: true })];
    const hint = words.extensionHint(day(complaint.extended_until));
    return this.#ask("extension", { title: words.extensionAsk, hint, fields });
  }

  reclassify({ complaint, choices }) {
    const complexities = Object.entries(words.complexities);
    const fields = [
      ...reclassifyFields(complaint, choices),
      radioField({ name: "complexity", legend: words.complexity, options: complexities, value: complaint.complexity }),
    ];
    return this.#ask("reclassify", { title: words.reclassifyAsk, hint: words.reclassifyHint, fields });
  }

  /** A supervisor's decision on an extension: `approve` or `refuse`. */
  decide(move, { until }) {
    if (move === "approve") return this.#ask(move, { title: words.approveAsk, hint: words.approveHint(day(until)) });
    const fields = [textField({ name: "note", label: words.refuseReason, required: true })];
    return this.#ask(move, { title: words.refuseAsk, fields });
  }

  #ask(move, options) {
    return ask({ ...options, act: (values) => this.#make(move, values) });
  }
}
