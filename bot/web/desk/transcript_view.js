import { el, reconcile, setText } from "../shared/dom.js";
import { timeOfDay, whenSaid } from "../shared/time.js";
import { api } from "./api.js";
import { setMasked } from "./masked.js";
import { NoteView } from "./note_view.js";
import { wording } from "./wording.js";

const NEAR_BOTTOM_PX = 64;
const PAUSE_MS = 10 * 60_000;

/** The log of the open conversation, the bot's part inline. */
export class TranscriptView {
  #actions;
  #views = new Map();
  #items = el("div", { class: "items" });
  #typing = el("p", { class: "typing" }, wording.typing);
  #atBottom = true;

  /** @param {{me: object, retry: (id: string) => void, edit: (id: string, text: string) => void}} actions */
  constructor(actions) {
    this.#actions = actions;
    this.node = el("div", { class: "transcript", role: "log", tabindex: "0" }, this.#items);
    this.node.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.node;
      this.#atBottom = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    });
    new ResizeObserver(() => this.#follow()).observe(this.node);
  }

  clear() {
    this.#views.clear();
    this.#atBottom = true;
  }

  render({ id, messages, asides, typing, reveal }) {
    const written = (after, before) => asides.filter(({ after_seq: at }) => at >= after && at < before);
    const noteNodes = (found) => found.map((note) => this.#note(note, reveal));
    const nodes = messages.flatMap((message, index) => {
      const before = messages[index - 1];
      const paused = !before || Date.parse(message.created_at) - Date.parse(before.created_at) > PAUSE_MS;
      const view = this.#view(id, message);
      view.update(message, paused || before.author !== message.author, reveal);
      const seq = message.seq ?? Infinity; // what is on its way stands last
      const between = noteNodes(written(before?.seq ?? (before ? Infinity : -1), seq));
      return [...between, paused && this.#divider(message), view.node].filter(Boolean);
    });
    const last = messages.findLast(({ seq }) => seq)?.seq ?? -1;
    if (!messages.some(({ seq }) => !seq)) nodes.push(...noteNodes(written(last, Infinity)));
    if (typing) nodes.push(this.#typing);
    reconcile(this.#items, nodes);
    this.#follow();
  }

  #follow() {
    if (this.#atBottom) this.node.scrollTop = this.node.scrollHeight;
  }

  #view(id, message) {
    const key = message.author === "agent" && message.client_message_id ? message.client_message_id : message.seq;
    if (!this.#views.has(key)) this.#views.set(key, new MessageView(id, message, this.#actions));
    return this.#views.get(key);
  }

  #note(note, reveal) {
    const key = `note:${note.note_id}`;
    if (!this.#views.has(key)) this.#views.set(key, new NoteView(note, this.#actions.me));
    const view = this.#views.get(key);
    view.update(note, reveal);
    return view.node;
  }

  #divider(message) {
    const key = `time:${message.seq ?? message.client_message_id}`;
    if (!this.#views.has(key)) this.#views.set(key, { node: el("p", { class: "time" }) });
    const { node } = this.#views.get(key);
    setText(node, whenSaid(message.created_at));
    return node;
  }
}

class MessageView {
  #name = el("b");
  #text = el("div", { class: "bubble" });
  #status = el("div", { class: "status" });
  #actions;

  constructor(conversationId, message, actions) {
    this.#actions = actions;
    const { author, buttons = [], cards = [], metadata } = message;
    this.node = el(
      "article",
      { class: `message ${author}` },
      author !== "system" && el("header", {}, this.#name, el("time", {}, timeOfDay(message.created_at)), source(metadata)),
      this.#text,
      message.picture && picture(api.picture(conversationId, message.seq)),
      ...cards.map(card),
      buttons.length > 0 && el("p", { class: "offered" }, ...buttons.map(({ title }) => el("span", {}, title))),
      this.#status,
    );
  }

  update(message, first, reveal) {
    this.node.classList.toggle("first", first);
    setText(this.#name, message.metadata?.agent ?? wording.authors[message.author]);
    setMasked(this.#text, message.text, reveal);
    this.#showStatus(message);
  }

  #showStatus({ status, reason, client_message_id, text }) {
    const shown = `${status ?? ""}${reason ?? ""}`;
    if (this.#status.dataset.shown === shown) return;
    this.#status.dataset.shown = shown;
    const action = (label, onclick) => el("button", { type: "button", class: "inline", onclick }, label);
    const { retry, edit } = this.#actions;
    const offers = {
      sending: () => [wording.sending],
      failed: () => [reason || wording.failed, action(wording.retry, () => retry(client_message_id))],
      rejected: () => [reason || wording.rejected, action(wording.edit, () => edit(client_message_id, text))],
    };
    this.#status.className = `status ${status ?? ""}`;
    this.#status.replaceChildren(...(offers[status]?.() ?? []));
  }
}

/** Where an answer of the bot came from, for the agent who must judge it. */
function source(metadata) {
  if (metadata?.kind !== "faq" || !metadata.entry_id) return null;
  const score = typeof metadata.score === "number" ? ` ${Math.round(metadata.score * 100)}%` : "";
  return el("span", { class: "source" }, `知识库 ${metadata.entry_id}${score}`);
}

/** A picture the customer sent, which the channel may have no more. */
function picture(address) {
  const image = el("img", { src: address, alt: wording.picture, loading: "lazy" });
  const link = el("a", { class: "picture", href: address, target: "_blank", rel: "noopener" }, image);
  image.addEventListener("error", () => link.replaceWith(el("p", { class: "picture" }, wording.pictureGone)));
  return link;
}

function card({ type, title, rows = [], note }) {
  if (type !== "rows") return null;
  return el(
    "section",
    { class: "card" },
    title && el("strong", {}, title),
    el("dl", {}, ...rows.flatMap(({ label, value }) => [el("dt", {}, label), el("dd", {}, value)])),
    note && el("p", {}, note),
  );
}
