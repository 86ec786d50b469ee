import { el, icon, setText } from "../shared/dom.js";
import { ChatApi } from "./api.js";
import { Client } from "./client.js";
import { icons } from "./icons.js";
import { Panel } from "./panel.js";
import { fitToScreen } from "./viewport.js";
import { wording } from "./wording.js";

/** `/static/widget/` lies two folders below the gateway's own address, wherever that is mounted. */
const OWN_SERVER = new URL("../../", import.meta.url);

/**
 * `<zhanggui-chat>`: the whole customer chat, in a shadow root.
 *
 * Attributes: `server` (another gateway than the one this script came from), `side="left"`, `open`.
 * Methods: `show()`, `hide()`, `ask(text)`, `signIn(token)`, `signOut()`. Properties: `conversationId`, `signedIn`.
 * Events (bubbling): `zhanggui-toggle` `{open}`, `zhanggui-session` `{conversation_id, signed_in}`,
 * `zhanggui-state` `{state}`, `zhanggui-expired` when the session ended by itself and the page may sign in again.
 */
export class ZhangguiChat extends HTMLElement {
  #client;
  #panel;
  #launcher;
  #label = el("span", { class: "label" }, wording.launcher);
  #badge = el("span", { class: "badge", hidden: true, "aria-hidden": "true" });
  #life = null;
  #dressed = null;
  #showing = null;
  #drawing = false;
  #state = null;
  #expired = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
  }

  connectedCallback() {
    this.#life = new AbortController();
    const base = new URL(this.getAttribute("server") ?? OWN_SERVER, document.baseURI);
    this.#client = new Client(new ChatApi(base), base);
    this.#client.addEventListener("change", () => this.#draw());
    this.#client.addEventListener("session", () => this.#tellSession());
    this.#panel = new Panel({
      client: this.#client,
      onclose: () => this.hide(),
      onlarge: (large) => {
        this.#client.largeText = large;
        this.#draw();
      },
    });
    this.#panel.node.hidden = true;
    this.#launcher = el(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", onclick: () => this.show() },
      icon(icons.chat),
      this.#label,
      this.#badge,
    );
    this.shadowRoot.replaceChildren(this.#launcher, this.#panel.node);
    document.addEventListener("visibilitychange", () => this.#draw(), { signal: this.#life.signal });
    this.#client.resume(this.#life.signal);
    this.#draw();
    this.#dressed = this.#dress();
    if (this.hasAttribute("open")) this.show();
  }

  disconnectedCallback() {
    this.hide();
    this.#life.abort();
    this.#client.stop();
  }

  get conversationId() {
    return this.#client.conversation?.id ?? null;
  }

  get signedIn() {
    return this.#client.signedIn;
  }

  show() {
    if (this.#showing) return;
    this.#showing = new AbortController();
    this.#panel.node.hidden = false;
    this.#launcher.hidden = true;
    fitToScreen(this, this.#showing.signal);
    this.#client.ready();
    this.#drawNow();
    this.#dressed.then(() => this.#panel.opened());
    this.#emit("toggle", { open: true });
  }

  hide() {
    if (!this.#showing) return;
    this.#showing.abort();
    this.#showing = null;
    this.#panel.node.hidden = true;
    this.#launcher.hidden = false;
    this.#launcher.focus();
    this.#draw();
    this.#emit("toggle", { open: false });
  }

  /** Opens the chat and says `text` for the customer, e.g. from a button of the page. */
  ask(text) {
    this.show();
    return this.#client.say(text);
  }

  /** @see Client.signIn */
  signIn(token) {
    return this.#client.signIn(token);
  }

  signOut() {
    this.#client.signOut();
  }

  /** The style sheet goes in as an object, so the host page's CSP need not allow foreign styles. */
  async #dress() {
    this.style.display = "none";
    const sheet = new CSSStyleSheet();
    const response = await fetch(new URL("widget.css", import.meta.url));
    sheet.replaceSync(await response.text());
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.style.display = "";
  }

  /** At most one drawing per turn, however many changes there were. */
  #draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => this.#drawNow());
  }

  #drawNow() {
    this.#drawing = false;
    const { conversation, expired } = this.#client;
    this.classList.toggle("large", this.#client.largeText);
    if (this.#showing && !conversation) this.#client.ready();
    if (this.#showing) this.#panel.render();
    this.#drawBadge(conversation);
    if (conversation && conversation.state !== this.#state) {
      this.#state = conversation.state;
      this.#emit("state", { state: this.#state });
    }
    if (expired && !this.#expired) this.#emit("expired", {});
    this.#expired = expired;
  }

  #drawBadge(conversation) {
    const messages = conversation?.loaded ? conversation.messages : [];
    if (this.#showing && !document.hidden && messages.length) this.#client.markRead(messages.at(-1).seq);
    const { read } = this.#client;
    const unread = messages.filter((message) => message.author !== "customer" && message.seq > read).length;
    this.#badge.hidden = unread === 0;
    setText(this.#badge, unread > 99 ? "99+" : String(unread));
    this.#launcher.setAttribute("aria-label", unread ? wording.openUnread(unread) : wording.open);
  }

  #tellSession() {
    this.#state = null;
    this.#emit("session", { conversation_id: this.conversationId, signed_in: this.signedIn });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`zhanggui-${name}`, { detail, bubbles: true }));
  }
}
