import { el, setText } from "../shared/dom.js";
import { ApiError } from "../shared/http.js";
import { Socket } from "../shared/socket.js";
import { Storage } from "../shared/storage.js";
import { api } from "./api.js";
import { OpenConversation } from "./conversation.js";
import { Lists } from "./lists.js";
import { Stage } from "./stage.js";
import { wording } from "./wording.js";

/** Everything a signed-in agent works with, kept current by one stream. */
export class Workplace {
  #agent;
  #onsignedout;
  #lists;
  #stage;
  #socket;
  #open = null;
  #opened = new Map();
  #kept;
  #life = new AbortController();
  #refreshing = null;
  #again = false;
  #link = el("span", { class: "link", role: "status" });

  /** @param {{agent: {agent_id: string, name: string}, onsignedout: (notice?: string) => void}} options */
  constructor({ agent, onsignedout }) {
    this.#agent = agent;
    this.#onsignedout = onsignedout;
    // for this tab only: drafts may name what only this agent should see
    this.#kept = new Storage("sessionStorage", `zhanggui-desk:${agent.agent_id}`);
    this.#lists = new Lists({ onopen: (id) => this.#show(id), onview: (view) => this.#turnTo(view) });
    this.#stage = new Stage({
      agent,
      ontyping: (id) => this.#socket.send({ typing: id }),
      onclaimed: () => this.#turnTo("mine"),
      kept: this.#kept,
    });
    this.#socket = new Socket({
      connect: () => api.stream(),
      onopen: () => this.#connected(true),
      onclose: () => this.#connected(false),
      onframe: (frame) => this.#receive(frame),
    });
    const leave = el("button", { type: "button", class: "plain", onclick: () => this.#leave() }, wording.logout);
    this.node = el(
      "div",
      { class: "workplace" },
      el(
        "header",
        { class: "bar" },
        el("span", { class: "mark", "aria-hidden": "true" }, "掌"),
        el("b", {}, wording.title),
        this.#link,
        el("span", { class: "me" }, agent.name),
        leave,
      ),
      this.#lists.node,
      this.#stage.node,
    );
  }

  start() {
    const { signal } = this.#life;
    this.#socket.start();
    this.#refresh();
    const ticking = setInterval(() => this.#lists.tick(), 1000);
    signal.addEventListener("abort", () => clearInterval(ticking));
    addEventListener("online", () => this.#socket.restart(), { signal });
    addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  stop() {
    this.#life.abort();
    this.#socket.stop();
    for (const conversation of this.#opened.values()) conversation.stop();
  }

  async #leave() {
    await this.#guard(api.logout());
    this.#onsignedout();
  }

  #connected(up) {
    setText(this.#link, up ? wording.online : wording.offline);
    this.#link.classList.toggle("down", !up);
    this.#refresh(); // also tells whether the session is still good
    if (up && this.#open) this.#guard(this.#open.load());
  }

  #receive(frame) {
    const conversation = this.#opened.get(frame.conversation_id);
    if (frame.type === "typing") conversation?.showTyping();
    else this.#refresh();
    if (frame.type === "conversation" && conversation) this.#guard(conversation.absorb(frame));
  }

  #turnTo(view) {
    this.#lists.view = view;
    this.#lists.render();
    this.#refresh();
  }

  /** Fetches the lists; what changes meanwhile leads to one more round. */
  #refresh() {
    this.#again = true;
    this.#refreshing ??= this.#guard(this.#fetchLists()).finally(() => {
      this.#refreshing = null;
    });
  }

  async #fetchLists() {
    while (this.#again && !this.#life.signal.aborted) {
      this.#again = false;
      const views = new Set(["mine", "queued", this.#lists.view]);
      const fetched = await Promise.all([...views].map(async (view) => [view, (await api.list(view)).conversations]));
      this.#lists.show(Object.fromEntries(fetched));
      const { waiting } = this.#lists;
      document.title = waiting ? `(${waiting}) ${wording.title}` : wording.title;
    }
  }

  #show(id) {
    if (this.#open?.id === id) return;
    this.#open = this.#opened.get(id) ?? this.#begin(id);
    this.#lists.select(id);
    this.#stage.open(this.#open);
    this.#guard(this.#open.load());
  }

  /** A conversation once opened is kept, so that replies on their way arrive while another is looked at. */
  #begin(id) {
    const conversation = new OpenConversation(id, this.#kept);
    conversation.addEventListener("change", () => this.#open === conversation && this.#stage.render());
    this.#opened.set(id, conversation);
    conversation.start();
    return conversation;
  }

  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    this.#lists.focus();
  }

  /** A session that ended leads back to the sign-in; anything else waits for the reconnect. */
  async #guard(pending) {
    try {
      await pending;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401 && !this.#life.signal.aborted) this.#onsignedout(wording.expired);
    }
  }
}
