import { el, icon, reconcile, setText } from "../shared/dom.js";
import { whenSaid } from "../shared/time.js";
import { icons } from "./icons.js";
import { MessageView, typingView } from "./message.js";
import { wording } from "./wording.js";

const PAUSE_MS = 5 * 60_000;
const NEAR_BOTTOM_PX = 48;

/** The list of messages: keeps one node per message, stays at the bottom unless the reader scrolled up. */
export class Log {
  #actions;
  #views = new Map();
  #typing = typingView();
  #items = el("div", { class: "items" });
  #more;
  #atBottom = true;
  #count = 0;

  constructor(actions) {
    this.#actions = actions;
    this.scroller = el("div", { class: "log", role: "log", "aria-label": wording.log, tabindex: "0" }, this.#items);
    this.#more = el(
      "button",
      { type: "button", class: "more", hidden: true, onclick: () => this.toBottom() },
      icon(icons.down),
      wording.newMessages,
    );
    this.node = el("div", { class: "log-frame" }, this.scroller, this.#more);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#atBottom && this.toBottom()).observe(this.scroller);
  }

  /**
   * @param {object} shown
   * @param {string|null} shown.greeting
   * @param {string[]} shown.suggestions offered while the customer has said nothing
   * @param {object[]} shown.messages sent ones in order, then the unsent
   * @param {"bot"|"agent"|null} shown.typing
   * @param {string[]} shown.notices lines of the widget itself, at the end
   * @param {boolean} shown.loaded
   */
  render({ greeting, suggestions, messages, typing, notices, loaded }) {
    this.scroller.setAttribute("aria-busy", String(!loaded)); // history is not read aloud, what follows is
    const nodes = [];
    if (greeting) nodes.push(this.#message("greeting", { author: "bot", text: greeting }, { first: true }));
    const lastSaid = messages.findLastIndex((message) => message.author === "customer");
    messages.forEach((message, index) => nodes.push(...this.#place(messages, index, index > lastSaid, greeting)));
    if (lastSaid < 0 && suggestions.length) nodes.push(this.#suggestions(suggestions));
    for (const notice of notices) nodes.push(this.#keep(`notice:${notice}`, () => systemLine(notice)).node);
    if (typing) {
      this.#typing.update(typing);
      nodes.push(this.#typing.node);
    }
    reconcile(this.#items, nodes);
    this.#follow(messages);
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#more.hidden = true;
    this.#atBottom = true;
  }

  #place(messages, index, answerable, greeting) {
    const message = messages[index];
    const before = messages[index - 1] ?? (greeting ? { author: "bot", created_at: message.created_at } : null);
    const paused = index > 0 && Date.parse(message.created_at) - Date.parse(before.created_at) > PAUSE_MS;
    const node = this.#message(keyOf(message), message, { first: paused || before?.author !== message.author, answerable });
    return index === 0 || paused ? [this.#divider(message), node] : [node];
  }

  #message(key, message, place) {
    const view = this.#keep(key, () => new MessageView(message, this.#actions));
    view.update(message, { answerable: false, ...place });
    return view.node;
  }

  #divider(message) {
    const view = this.#keep(`time:${keyOf(message)}`, () => ({ node: el("div", { class: "time" }) }));
    setText(view.node, whenSaid(message.created_at));
    return view.node;
  }

  #suggestions(suggestions) {
    const make = () => ({
      node: el(
        "div",
        { class: "suggestions" },
        el("p", {}, wording.suggestions),
        ...suggestions.map((text) =>
          el("button", { type: "button", class: "choice", onclick: () => this.#actions.press(text) }, text),
        ),
      ),
    });
    return this.#keep(`suggestions:${suggestions.join()}`, make).node;
  }

  #keep(key, make) {
    if (!this.#views.has(key)) this.#views.set(key, make());
    return this.#views.get(key);
  }

  #follow(messages) {
    const grown = messages.length > this.#count;
    this.#count = messages.length;
    if (this.#atBottom || (grown && messages.at(-1).author === "customer")) this.toBottom();
    else if (grown) this.#more.hidden = false;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#atBottom = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    if (this.#atBottom) this.#more.hidden = true;
  }

  /** Forgets all nodes: another conversation begins. */
  clear() {
    this.#views.clear();
    this.#atBottom = true;
    this.#count = 0;
  }
}

/** The same key before and after the server took a message, so its bubble stays where it is. */
function keyOf(message) {
  return message.client_message_id && message.author === "customer" ? `own:${message.client_message_id}` : `seq:${message.seq}`;
}

function systemLine(text) {
  return { node: el("div", { class: "message system" }, el("div", { class: "said" }, el("div", { class: "bubble" }, text))) };
}
