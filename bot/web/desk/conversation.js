import { Outbox } from "../shared/outbox.js";
import { Transcript } from "../shared/transcript.js";
import { TypingNotice, TypingSign } from "../shared/typing.js";
import { api } from "./api.js";
import { revealer } from "./masked.js";

/** One conversation as an agent has it open: its log, its cards, and the replies on their way. Event: `change`. */
export class OpenConversation extends EventTarget {
  #transcript = new Transcript();
  #outbox;
  #typing = new TypingSign(() => this.#changed());
  #typingNotice = new TypingNotice();

  state = "bot";
  agentId = null;
  handoff = null;
  customer = null;
  /** What colleagues wrote for each other, in order. */
  notes = [];
  /** What a supervisor told whoever serves. */
  whispers = [];
  tags = [];
  /** What people did for this customer before. */
  past = [];
  /** From one colleague to another, in order, with notes and what became of them. */
  transfers = [];
  /** How far words get to the customer; null where nothing limits them. */
  reach = null;
  /** Shows one of its masked values, for who may see them; else null. */
  reveal = null;
  /** How often it was fetched whole; its cards come with that. */
  loaded = 0;

  /**
   * @param {string} id
   * @param {import("../shared/storage.js").Storage} kept where replies wait that were not sent when the page was left
   */
  constructor(id, kept) {
    super();
    this.id = id;
    const unsent = `unsent:${id}`;
    this.#outbox = new Outbox({
      send: (item) => this.#post(item),
      changed: () => this.#changed(),
      items: kept.get(unsent) ?? [],
      keep: (items) => kept.set(unsent, items.length ? items : null),
    });
  }

  start() {
    this.#outbox.start();
  }

  get messages() {
    return [...this.#transcript.messages, ...this.#outbox.items.map((item) => ({ ...item, author: "agent" }))];
  }

  /** Fetches all of it: on opening, after a reconnect, and when a frame was missed. */
  async load() {
    const loaded = await api.conversation(this.id);
    const { conversation, messages, handoff, customer, reach = null, reveals, notes = [], tags = [], past = [], transfers = [], whispers = [] } = loaded;
    this.reveal = reveals ? (this.reveal ?? revealer({ conversation: this.id })) : null;
    Object.assign(this, { handoff, customer, reach, notes, tags, past, transfers, whispers, state: conversation.state, agentId: conversation.agent_id });
    this.loaded += 1;
    this.#transcript.complete(messages);
    this.#settled();
  }

  /** A frame of the desk's stream about this conversation. */
  async absorb({ messages, state, reach = null }) {
    const moved = state !== this.state || messages.some(({ author }) => author === "system"); // it may have changed hands
    const gap = this.#transcript.absorb(messages);
    this.state = state;
    this.reach = reach;
    if (messages.some((message) => message.author === "customer")) this.#typing.hide();
    this.#settled();
    if (gap || moved) await this.load(); // who serves it, and the cards, come with the whole
  }

  say(text) {
    this.#outbox.add(text);
  }

  retry(id) {
    this.#outbox.retry(id);
  }

  discard(id) {
    this.#outbox.discard(id);
  }

  stop() {
    this.#outbox.stop();
    this.#typing.hide();
  }

  /** Whether the customer is writing. */
  get typing() {
    return this.#typing.on;
  }

  showReach(reach) {
    this.reach = reach;
    this.#changed();
  }

  showNotes(notes) {
    this.notes = notes;
    this.#changed();
  }

  showTags(tags) {
    this.tags = tags;
    this.#changed();
  }

  showTyping() {
    this.#typing.show();
    this.#changed();
  }

  /** Whether the customer should be told again that the agent is writing. */
  typingDue() {
    return this.#typingNotice.due();
  }

  async #post(item) {
    const { messages = [] } = await api.reply(this.id, item);
    if (this.#transcript.absorb(messages)) await this.load();
    this.#settled();
  }

  #settled() {
    this.#outbox.settle((id) => this.#transcript.has(id));
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
