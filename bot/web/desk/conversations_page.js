import { el } from "../shared/dom.js";
import { api } from "./api.js";
import { OpenConversation } from "./conversation.js";
import { asksForKeys, showKeys } from "./keys.js";
import { Lists } from "./lists.js";
import { go } from "./places.js";
import { Refresh } from "./refresh.js";
import { may } from "./staff/roles.js";
import { Stage } from "./stage.js";
import { NextOne } from "./team/next.js";
import { TicketList } from "./team/tickets.js";
import { wording } from "./wording.js";

/** The customers who wait and the conversations with them. */
export class ConversationsPage {
  #guard;
  #kept;
  #lists;
  #stage;
  #refresh;
  #chime;
  #known = null;
  #open = null;
  #opened = new Map();

  constructor({ agent, kept, guard, signal, chime, ontyping }) {
    this.#chime = chime;
    this.#guard = guard;
    this.#kept = kept;
    this.#refresh = new Refresh(() => this.#fetchLists(), { guard, signal });
    const onopen = (id) => go("conversations", id);
    this.#lists = new Lists({ me: agent.agent_id, onopen, onview: (view) => this.#turnTo(view), kept, beside: this.#chime.node, ...this.#team(agent) });
    this.#stage = new Stage({ agent, ontyping, onclaimed: () => this.#turnTo("mine"), kept });
    this.node = el("div", { class: "page conversations" }, this.#lists.node, this.#stage.node);
  }

  /** What stands with the lists: whoever is next, and messages left. */
  #team(agent) {
    const serves = may(agent, "conversations.serve");
    const ontaken = (id) => this.take(id);
    return { next: serves ? new NextOne(ontaken) : null, tickets: new TicketList({ serves, ontaken, onchanged: () => this.refresh() }) };
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
    if (["note", "whisper"].includes(frame.type) && conversation) this.#guard(conversation.load());
    if (frame.type === "whisper" && this.#lists.whispered(frame.conversation_id)) this.#chime.ring();
  }

  tick() {
    this.#lists.tick();
  }

  focus() {
    this.#lists.focus();
  }

  key(event) {
    if (asksForKeys(event)) showKeys();
    else if (event.altKey && !event.ctrlKey && !event.metaKey && this.#altKey(event)) event.preventDefault();
  }

  show(id) {
    if (!id || this.#open?.id === id) return;
    this.#open = this.#opened.get(id) ?? this.#begin(id);
    this.#lists.select(id);
    this.#stage.open(this.#open);
    this.#guard(this.#open.load());
    this.#seeNotes();
  }

  /** What is in my hands from now on. */
  take(id) {
    this.#turnTo("mine");
    if (this.#open?.id === id) this.#guard(this.#open.load());
    go("conversations", id);
  }

  #altKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#lists.step(step);
    else if (event.code === "KeyJ") this.#lists.next?.press();
    else if (event.code === "KeyM") this.#chime.toggle();
    else return this.#stage.key(event);
    return true;
  }

  #turnTo(view) {
    this.#lists.view = view;
    this.#lists.render();
    this.refresh();
  }

  async #fetchLists() {
    const views = new Set(["mine", "queued", "mentioned", this.#lists.view]);
    views.delete("tickets");
    const lists = [...views].map(async (view) => [view, (await api.list(view)).conversations]);
    const tickets = api.tickets().then((found) => ["tickets", found.tickets]);
    this.#lists.show(Object.fromEntries(await Promise.all([...lists, tickets])));
    const { waiting } = this.#lists;
    document.title = waiting ? `(${waiting}) ${wording.title}` : wording.title;
    this.#ringForNew();
    this.#seeNotes();
  }

  /** Rings once for whoever was not waiting when the lists were fetched last, nor calling for me. */
  #ringForNew() {
    const now = this.#lists.calling;
    if (this.#known && now.some((each) => !this.#known.has(each))) this.#chime.ring();
    this.#known = new Set(now);
  }

  /** What calls for me in the open conversation is in sight. */
  #seeNotes() {
    if (this.#open && this.#lists.callsForMe(this.#open.id)) this.#guard(api.seeNotes(this.#open.id));
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
