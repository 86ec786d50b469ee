import { el, setText } from "../shared/dom.js";
import { explain } from "./api.js";
import { asidesOf } from "./asides.js";
import { canned } from "./canned.js";
import { customerCard, handoffCard, pastCard } from "./cards.js";
import { Composer } from "./composer.js";
import { Foot } from "./foot.js";
import { Moves } from "./moves.js";
import { may } from "./staff/roles.js";
import { TagEditor } from "./tag_editor.js";
import { transfersCard } from "./team/transfer_card.js";
import { TranscriptView } from "./transcript_view.js";
import { wording } from "./wording.js";

/** The open conversation: its head with what can be done, transcript, foot, and the cards beside it. */
export class Stage {
  #agent;
  #serves;
  #open = null;
  #cardsOf = null;
  #name = el("h1");
  #state = el("span", { class: "state" });
  #fault = el("p", { class: "fault", role: "alert" });
  #moves;
  #transcript;
  #composer;
  #foot;
  #tags;
  #cards = el("div", { class: "read" });
  #body;
  #nothing = el("div", { class: "nothing" }, el("h1", {}, wording.pick), el("p", {}, wording.pickHint));

  /**
   * @param {object} options
   * @param {{agent_id: string}} options.agent who is signed in
   * @param {(id: string) => void} options.ontyping
   * @param {() => void} options.onclaimed
   * @param {import("../shared/storage.js").Storage} options.kept holds the drafts
   */
  constructor({ agent, ontyping, onclaimed, kept }) {
    this.#agent = agent;
    this.#serves = may(agent, "conversations.serve");
    if (this.#serves) canned.load().catch(() => {}); // without it `/` finds nothing
    this.#transcript = new TranscriptView({
      me: agent,
      retry: (id) => this.#open.retry(id),
      edit: (id, text) => {
        this.#open.discard(id);
        this.#composer.text = text;
        this.#foot.turn("reply");
      },
    });
    this.#composer = new Composer({
      onsend: (text) => this.#open.say(text),
      ontyping: () => this.#open.typingDue() && ontyping(this.#open.id),
      customer: () => this.#open.customer,
      kept,
    });
    const onnotes = (id, notes) => this.#open.id === id && this.#open.showNotes(notes);
    this.#foot = new Foot({ agent, serves: this.#serves, composer: this.#composer, onnotes, kept });
    this.#moves = new Moves({ agent, onclaimed, run: (move, then) => this.#do(move, then) });
    this.#tags = new TagEditor(this.#serves);
    this.#body = el(
      "div",
      { class: "body", hidden: true },
      el(
        "section",
        { class: "talk" },
        el("header", { class: "head" }, el("div", {}, this.#name, this.#state), this.#moves.node),
        this.#fault,
        this.#transcript.node,
        this.#foot.node,
      ),
      el("aside", { class: "cards" }, this.#cards, this.#tags.node),
    );
    this.node = el("main", { class: "stage" }, this.#nothing, this.#body);
  }

  /** @param {import("./conversation.js").OpenConversation} conversation */
  open(conversation) {
    this.#open = conversation;
    this.#cardsOf = null;
    this.#transcript.clear();
    this.#foot.open(conversation.id);
    setText(this.#fault, "");
    this.#nothing.hidden = true;
    this.#body.hidden = false;
    this.render();
  }

  render() {
    const { id, state, agentId, customer, messages, typing, reveal, loaded } = this.#open;
    const mine = state === "agent" && agentId === this.#agent.agent_id;
    this.#body.classList.toggle("loading", !loaded);
    setText(this.#name, loaded ? (customer?.name ?? wording.visitor) : "");
    setText(this.#state, loaded ? wording.states[state] : "");
    this.#state.className = `state ${state}`;
    this.#moves.render(this.#open, mine);
    this.#foot.render(this.#open, { mine, why: loaded ? this.#whyNot(state) : "" });
    this.#transcript.render({ id, messages, asides: asidesOf(this.#open), typing, reveal });
    this.#tags.show(this.#open);
    this.#renderCards();
  }

  /** @returns {boolean} whether the key meant something here */
  key(event) {
    const digit = /^Digit([1-3])$/.exec(event.code);
    const act = {
      KeyA: () => this.#moves.press("claim"),
      KeyB: () => this.#moves.press("giveBack"),
      KeyC: () => this.#moves.press("complain"),
      KeyX: () => this.#moves.press("close"),
      KeyO: () => this.#moves.press("takeOver"),
      KeyW: () => this.#moves.press("whisper"),
      KeyZ: () => this.#moves.press("transfer"),
      KeyR: () => this.#foot.turn("reply"),
      KeyN: () => this.#serves && this.#foot.turn("note"),
      KeyT: () => this.#tags.focus(),
    }[event.code];
    if (!this.#open || !(act || digit)) return false;
    if (digit) this.#foot.pick(Number(digit[1]));
    else act();
    return true;
  }

  #whyNot(state) {
    if (!this.#serves) return wording.notMine.reader;
    if (state === "queued") return wording.notMine.queued;
    if (state !== "agent") return wording.notMine.other;
    const name = this.#open.messages.findLast((message) => message.metadata?.agent)?.metadata.agent;
    return wording.notMine.agent(name);
  }

  /** Cards change with a load, not with every message. */
  #renderCards() {
    const { loaded, handoff, customer, past, transfers, reveal } = this.#open;
    if (!loaded || this.#cardsOf === loaded) return;
    this.#cardsOf = loaded;
    const cards = [
      handoff && handoffCard(handoff, reveal),
      transfers.length > 0 && transfersCard(transfers, reveal),
      customerCard(customer, reveal),
      past.length > 0 && pastCard(past, reveal),
    ];
    this.#cards.replaceChildren(...cards.filter(Boolean));
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
