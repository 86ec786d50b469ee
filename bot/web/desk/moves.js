import { el } from "../shared/dom.js";
import { api } from "./api.js";
import { ask, lineField, textField } from "./dialog.js";
import { fileComplaint } from "./filing.js";
import { may } from "./staff/roles.js";
import { summaryOf } from "./summary.js";
import { askTakeOver, askWhisper } from "./team/help.js";
import { askTransfer } from "./team/transfer.js";
import { words as team } from "./team/wording.js";
import { wording } from "./wording.js";

/** What an agent can do with the open conversation: buttons in its head, and the same by keyboard. */
export class Moves {
  #agent;
  #do;
  #onclaimed;
  #of = null;
  #buttons;

  /** @param {{agent: object, run: (move: () => Promise, then?: () => void) => void, onclaimed: () => void}} options */
  constructor({ agent, run, onclaimed }) {
    this.#agent = agent;
    this.#do = run;
    this.#onclaimed = onclaimed;
    const button = (label, style, act) => el("button", { type: "button", class: style, onclick: act }, label);
    this.#buttons = {
      claim: button(wording.claim, "solid", () => this.#claim()),
      whisper: button(team.help.whisper, "plain", () => this.#do(() => askWhisper({ id: this.#of.id }))),
      takeOver: button(team.help.takeOver, "plain", () => this.#do(() => askTakeOver({ id: this.#of.id, ontaken: onclaimed }))),
      complain: button(wording.complaint.file, "plain", () => this.#do(() => fileComplaint(this.#of))),
      transfer: button(team.transfer.move, "plain", () => this.#do(() => askTransfer({ id: this.#of.id, me: agent.agent_id }))),
      giveBack: button(wording.giveBack, "plain", () => this.#askGiveBack()),
      close: button(wording.close, "plain", () => this.#askClose()),
    };
    this.node = el("div", { class: "moves" }, ...Object.values(this.#buttons));
  }

  /** @param {object} conversation @param {boolean} mine whether I serve it */
  render(conversation, mine) {
    this.#of = conversation;
    const { claim, whisper, takeOver, complain, transfer, giveBack, close } = this.#buttons;
    claim.hidden = conversation.state !== "queued" || !may(this.#agent, "conversations.serve");
    whisper.hidden = takeOver.hidden = mine || conversation.state !== "agent" || !may(this.#agent, "team.lead");
    complain.hidden = !mine || !may(this.#agent, "complaints.work");
    transfer.hidden = giveBack.hidden = close.hidden = !mine;
  }

  /** Does a move if it is offered now. @param {string} name of one of the buttons */
  press(name) {
    if (this.#of && !this.#buttons[name].hidden) this.#buttons[name].click();
  }

  #claim() {
    const { id } = this.#of;
    this.#do(() => api.claim(id), this.#onclaimed);
  }

  #askGiveBack() {
    const { id } = this.#of;
    const { label, hint } = wording.suggestion;
    const suggestion = lineField({ name: "suggestion", label, hint, maxlength: "20", required: false });
    const fields = [textField({ name: "note", label: wording.note }), suggestion];
    const act = (values) => api.giveBack(id, values);
    this.#do(() => ask({ title: wording.giveBackAsk, hint: wording.giveBackHint, fields, act }));
  }

  #askClose() {
    const { id } = this.#of;
    const value = summaryOf(this.#of);
    const fields = [textField({ name: "summary", label: wording.summary, rows: "9", maxlength: "2000", value })];
    const act = ({ summary }) => api.close(id, summary);
    this.#do(() => ask({ title: wording.closeAsk, hint: wording.closeHint, fields, wide: true, act }));
  }
}
