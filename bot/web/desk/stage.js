import { el, setText } from "../shared/dom.js";
import { api, explain } from "./api.js";
import { customerCard, handoffCard } from "./cards.js";
import { Composer } from "./composer.js";
import { ask, textField } from "./dialog.js";
import { ReachLine } from "./reach.js";
import { may } from "./staff/roles.js";
import { TranscriptView } from "./transcript_view.js";
import { wording } from "./wording.js";

/** The open conversation: its head with what can be done, transcript, composer, and the cards beside it. */
export class Stage {
  #agent;
  #ontyping;
  #onclaimed;
  #open = null;
  #cardsOf = null;
  #name = el("h1");
  #state = el("span", { class: "state" });
  #fault = el("p", { class: "fault", role: "alert" });
  #claim;
  #giveBack;
  #close;
  #hint = el("p", { class: "hint" });
  #transcript;
  #reach = new ReachLine();
  #composer;
  #cards = el("aside", { class: "cards" });
  #body;
  #nothing = el("div", { class: "nothing" }, el("p", {}, wording.pick), el("p", {}, wording.pickHint));

  /**
   * @param {object} options
   * @param {{agent_id: string}} options.agent who is signed in
   * @param {(id: string) => void} options.ontyping
   * @param {() => void} options.onclaimed
   * @param {import("../shared/storage.js").Storage} options.kept holds the drafts
   */
  constructor({ agent, ontyping, onclaimed, kept }) {
    this.#agent = agent;
    this.#onclaimed = onclaimed;
    this.#ontyping = ontyping;
    this.#transcript = new TranscriptView({
      retry: (id) => this.#open.retry(id),
      edit: (id, text) => {
        this.#open.discard(id);
        this.#composer.text = text;
        this.#composer.input.focus();
      },
    });
    this.#composer = new Composer({
      onsend: (text) => this.#open.say(text),
      ontyping: () => this.#open.typingDue() && this.#ontyping(this.#open.id),
      kept,
    });
    const button = (label, style, act) => el("button", { type: "button", class: style, onclick: act }, label);
    this.#claim = button(wording.claim, "solid", () => this.#do(() => api.claim(this.#open.id), this.#onclaimed));
    this.#giveBack = button(wording.giveBack, "plain", () => this.#askGiveBack());
    this.#close = button(wording.close, "plain", () => this.#askClose());
    this.#body = el(
      "div",
      { class: "body", hidden: true },
      el(
        "section",
        { class: "talk" },
        el(
          "header",
          { class: "head" },
          el("div", {}, this.#name, this.#state),
          el("div", { class: "moves" }, this.#claim, this.#giveBack, this.#close),
        ),
        this.#fault,
        this.#transcript.node,
        el("footer", {}, this.#hint, this.#reach.node, this.#composer.node),
      ),
      this.#cards,
    );
    this.node = el("main", { class: "stage" }, this.#nothing, this.#body);
  }

  /** @param {import("./conversation.js").OpenConversation} conversation */
  open(conversation) {
    this.#open = conversation;
    this.#cardsOf = null;
    this.#transcript.clear();
    this.#composer.open(conversation.id);
    setText(this.#fault, "");
    this.#nothing.hidden = true;
    this.#body.hidden = false;
    this.render();
  }

  render() {
    const { id, state, agentId, customer, messages, typing, reach, reveal, loaded } = this.#open;
    const mine = state === "agent" && agentId === this.#agent.agent_id;
    const { classList } = this.#body;
    classList.toggle("loading", !loaded);
    setText(this.#name, loaded ? (customer?.name ?? wording.visitor) : "");
    setText(this.#state, loaded ? wording.states[state] : "");
    this.#state.className = `state ${state}`;
    this.#claim.hidden = state !== "queued" || !may(this.#agent, "conversations.serve");
    this.#giveBack.hidden = this.#close.hidden = !mine;
    const wasHidden = this.#composer.node.hidden;
    this.#composer.node.hidden = !mine;
    this.#hint.hidden = mine || !loaded;
    setText(this.#hint, this.#whyNot(state));
    this.#reach.render(mine ? reach : null);
    this.#transcript.render({ id, messages, typing, reveal });
    if (mine && wasHidden) this.#composer.input.focus();
    this.#renderCards();
  }

  #whyNot(state) {
    if (!may(this.#agent, "conversations.serve")) return wording.notMine.reader;
    if (state === "queued") return wording.notMine.queued;
    if (state !== "agent") return wording.notMine.other;
    const name = this.#open.messages.findLast((message) => message.metadata?.agent)?.metadata.agent;
    return wording.notMine.agent(name);
  }

  /** Cards change with a load, not with every message. */
  #renderCards() {
    const { loaded, handoff, customer, reveal } = this.#open;
    if (!loaded || this.#cardsOf === loaded) return;
    this.#cardsOf = loaded;
    this.#cards.replaceChildren(...[handoff && handoffCard(handoff, reveal), customerCard(customer, reveal)].filter(Boolean));
  }

  #askGiveBack() {
    const { id } = this.#open;
    const fields = [textField({ name: "note", label: wording.note })];
    const act = ({ note }) => api.giveBack(id, note);
    this.#do(() => ask({ title: wording.giveBackAsk, hint: wording.giveBackHint, fields, act }));
  }

  #askClose() {
    const { id } = this.#open;
    this.#do(() => ask({ title: wording.closeAsk, hint: wording.closeHint, act: () => api.close(id) }));
  }

  /** Does one of the moves, then shows what the server made of it, refusals included. */
  async #do(move, then = () => {}) {
    const conversation = this.#open;
    setText(this.#fault, "");
    try {
      await move();
      then();
    } catch (error) {
      setText(this.#fault, explain(error, wording.unreachable));
    }
    await conversation.load().catch(() => {}); // the stream or its reconnect brings it otherwise
  }
}
