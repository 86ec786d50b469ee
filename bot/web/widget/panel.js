import { el, icon, isComposing, setText } from "../shared/dom.js";
import { Composer } from "./composer.js";
import { icons } from "./icons.js";
import { Log } from "./log.js";
import { onPhone } from "./viewport.js";
import { wording } from "./wording.js";

const ASK_HUMAN = wording.human;

/** The open chat: header, banners, log and composer, drawn from the client's state. */
export class Panel {
  #client;
  #shown = null;
  #mark = el("span", { class: "mark", "aria-hidden": "true" });
  #brand = el("strong", { class: "brand" });
  #who = el("span", { class: "who", role: "status" });
  #human;
  #finish;
  #large;
  #offline = el("div", { class: "offline", role: "status", hidden: true });
  #queue = el("div", { class: "banner queue", hidden: true });
  #queueText = el("strong", { role: "status" });
  #ending = el("div", { class: "banner ending", hidden: true });
  #log;
  #composer;

  /** @param {{client: import("./client.js").Client, onclose: () => void, onlarge: (large: boolean) => void}} options */
  constructor({ client, onclose, onlarge }) {
    this.#client = client;
    const say = (text) => client.say(text);
    this.#log = new Log({
      press: say,
      retry: (id) => client.conversation?.retry(id),
      edit: (id, text) => {
        client.conversation?.discard(id);
        this.#composer.text = text;
        this.#composer.input.focus();
      },
      rated: (seq) => client.rated(seq),
      rate: (seq, useful) => client.rate(seq, useful),
    });
    this.#composer = new Composer({ onsend: say, ontyping: () => client.conversation?.tellTyping() });
    this.#human = el("button", { type: "button", class: "human", onclick: () => say(ASK_HUMAN) }, icon(icons.person), wording.human);
    this.#finish = el("button", { type: "button", class: "finish", onclick: () => this.#askToEnd(true) }, wording.finish);
    this.#large = el(
      "button",
      { type: "button", class: "large", title: wording.largeTextHint, onclick: () => onlarge(!client.largeText) },
      wording.largeText,
    );
    const close = el("button", { type: "button", class: "close", "aria-label": wording.close, onclick: onclose }, icon(icons.close));
    this.#queue.append(
      el("div", {}, this.#queueText, el("span", {}, wording.queueHint)),
      el("button", { type: "button", onclick: () => say(wording.cancelQueue) }, wording.cancelQueue),
    );
    this.#ending.append(
      el("div", {}, el("strong", { role: "status" }, wording.finishQuestion), el("span", {}, wording.finishHint)),
      el("button", { type: "button", onclick: () => this.#end() }, wording.finishYes),
      el("button", { type: "button", onclick: () => this.#askToEnd(false) }, wording.stay),
    );
    this.node = el(
      "section",
      { class: "panel", role: "dialog", tabindex: "-1" },
      el(
        "div",
        { class: "head" },
        this.#mark,
        el("div", { class: "title" }, this.#brand, this.#who),
        el("div", { class: "tools" }, this.#human, this.#finish, this.#large, close),
      ),
      this.#offline,
      this.#queue,
      this.#ending,
      this.#log.node,
      this.#composer.node,
    );
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || isComposing(event)) return;
      event.stopPropagation();
      onclose();
    });
  }

  /** Called once the panel is visible. On a phone the keyboard stays down until it is wanted. */
  opened() {
    this.#log.toBottom();
    (onPhone() ? this.node : this.#composer.input).focus();
  }

  render() {
    const { conversation, config } = this.#client;
    if (this.#shown !== conversation) {
      this.#shown = conversation;
      this.#log.clear();
    }
    const state = conversation?.state ?? "bot";
    this.#renderHeader(state);
    this.#renderBanners(state);
    this.#composer.limit = config?.max_chars ?? Infinity;
    this.#log.render({
      greeting: config?.greeting ?? null,
      suggestions: conversation?.loaded && config ? config.suggestions : [],
      messages: [...(conversation?.messages ?? []), ...this.#unsent()],
      typing: conversation?.typing ? (state === "bot" ? "bot" : "agent") : null,
      notices: [this.#client.expired && wording.expired, state === "closed" && wording.closed].filter(Boolean),
      loaded: conversation?.loaded ?? false,
    });
  }

  #askToEnd(asking) {
    this.#ending.hidden = !asking;
    (asking ? this.#ending.querySelector("button") : this.#composer.input).focus();
  }

  /** The words do it, as they do in every channel. */
  #end() {
    this.#askToEnd(false);
    this.#client.say(wording.finish);
  }

  #unsent() {
    const items = this.#client.conversation?.unsent ?? this.#client.orphans;
    return items.map((item) => ({ ...item, author: "customer" }));
  }

  #renderHeader(state) {
    const { conversation, config, largeText } = this.#client;
    const brand = config?.brand ?? "";
    this.node.setAttribute("aria-label", wording.panel(brand));
    this.node.setAttribute("aria-modal", String(onPhone()));
    setText(this.#mark, brand.slice(0, 1));
    setText(this.#brand, brand);
    const withAgent = state === "agent";
    const name = withAgent ? conversation.agentName : config?.assistant;
    setText(this.#who, [withAgent ? wording.agent : wording.bot, name].filter(Boolean).join(" "));
    this.#who.classList.toggle("agent", withAgent);
    this.#human.hidden = withAgent || state === "queued";
    this.#finish.hidden = !withAgent;
    if (!withAgent) this.#ending.hidden = true;
    this.#large.setAttribute("aria-pressed", String(largeText));
  }

  #renderBanners(state) {
    const { conversation, config } = this.#client;
    const offline = conversation ? !conversation.reachable && wording.offline : !config && wording.connecting;
    this.#offline.hidden = !offline;
    setText(this.#offline, offline || "");
    this.#queue.hidden = state !== "queued";
    if (state !== "queued") return;
    const { position, waitSeconds } = conversation;
    setText(this.#queueText, position ? wording.queue(position, waitSeconds) : wording.queueUnknown);
  }
}
