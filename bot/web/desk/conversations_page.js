import { el } from "../shared/dom.js";
import { api } from "./api.js";
import { OpenConversation } from "./conversation.js";
import { Lists } from "./lists.js";
import { go } from "./places.js";
import { Refresh } from "./refresh.js";
import { Stage } from "./stage.js";
import { wording } from "./wording.js";

/** The customers who wait and the conversations with them. */
export class ConversationsPage {
  #guard;
  #kept;
  #lists;
  #stage;
  #refresh;
  #open = null;
  #opened = new Map();

  constructor({ agent, kept, guard, signal, ontyping }) {
    this.#guard = guard;
    this.#kept = kept;
    this.#refresh = new Refresh(() => this.#fetchLists(), { guard, signal });
    this.#lists = new Lists({ onopen: (id) => go("conversations", id), onview: (view) => this.#turnTo(view) });
    this.#stage = new Stage({ agent, ontyping, onclaimed: () => this.#turnTo("mine"), kept });
    this.node = el("div", { class: "page conversations" }, this.#lists.node, this.#stage.node);
  }

  stop() {
    for (const conversation of this.#opened.values()) conversation.stop();
  }

  refresh() {
    this.#refresh.ask();
  }

  connected() {
    if (this.#open) this.#guard(this.#open.load());
  }

  receive(frame) {
    const conversation = this.#opened.get(frame.conversation_id);
    if (frame.type === "typing") conversation?.showTyping();
    else if (frame.type === "delivery") conversation?.showReach(frame.reach);
    else this.refresh();
    if (frame.type === "conversation" && conversation) this.#guard(conversation.absorb(frame));
  }

  tick() {
    this.#lists.tick();
  }

  focus() {
    this.#lists.focus();
  }

  show(id) {
    if (!id || this.#open?.id === id) return;
    this.#open = this.#opened.get(id) ?? this.#begin(id);
    this.#lists.select(id);
    this.#stage.open(this.#open);
    this.#guard(this.#open.load());
  }

  #turnTo(view) {
    this.#lists.view = view;
    this.#lists.render();
    this.refresh();
  }

  async #fetchLists() {
    const views = new Set(["mine", "queued", this.#lists.view]);
    const fetched = await Promise.all([...views].map(async (view) => [view, (await api.list(view)).conversations]));
    this.#lists.show(Object.fromEntries(fetched));
    const { waiting } = this.#lists;
    document.title = waiting ? `(${waiting}) ${wording.title}` : wording.title;
  }

  /** A conversation once opened is kept, so that replies on their way arrive while another is looked at. */
  #begin(id) {
    const conversation = new OpenConversation(id, this.#kept);
    conversation.addEventListener("change", () => this.#open === conversation && this.#stage.render());
    this.#opened.set(id, conversation);
    conversation.start();
    return conversation;
  }
}
