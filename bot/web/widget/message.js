import { el, icon, safeLink, setText } from "../shared/dom.js";
import { readable } from "../shared/placeholders.js";
import { timeOfDay } from "../shared/time.js";
import { icons } from "./icons.js";
import { isAnswer, opinion } from "./opinion.js";
import { wording } from "./wording.js";

/** What stays the same for one message however often it is drawn: it is drawn once and then kept current. */
export class MessageView {
  #bubble;
  #status;
  #buttons = [];

  /**
   * @param {object} message as the API gives it, or an outbox item with `author: "customer"`
   * @param {object} actions `{press(title), retry(id), edit(id, text), rated(seq), rate(seq, useful)}`
   */
  constructor(message, actions) {
    this.actions = actions;
    this.#status = el("div", { class: "status" });
    this.#buttons = (message.buttons ?? []).map(({ title }) =>
      el("button", { type: "button", class: "choice", onclick: () => actions.press(title) }, title),
    );
    const { author } = message;
    this.#bubble = el("div", { class: "bubble", title: message.created_at && timeOfDay(message.created_at) });
    this.node = el(
      "div",
      { class: `message ${author}` },
      author !== "customer" && author !== "system" && avatar(author),
      el(
        "div",
        { class: "said" },
        el("span", { class: "author" }, authorName(message)),
        this.#bubble,
        ...(message.cards ?? []).map(card),
        this.#status,
        this.#buttons.length > 0 && el("div", { class: "choices" }, ...this.#buttons),
        isAnswer(message) && opinion(message.seq, actions),
      ),
    );
  }

  /** @param {{first: boolean, answerable: boolean}} place first of its author's run; buttons may still be pressed */
  update(message, { first, answerable }) {
    setText(this.#bubble, readable(message.text)); // the gateway seals card and phone numbers that were typed
    this.node.classList.toggle("first", first);
    for (const button of this.#buttons) button.disabled = !answerable;
    this.#showStatus(message);
  }

  #showStatus({ status, reason, client_message_id, text }) {
    const shown = `${status ?? ""}${reason ?? ""}`;
    if (this.#status.dataset.shown === shown) return;
    this.#status.dataset.shown = shown;
    this.node.classList.toggle("pending", status === "sending");
    this.node.classList.toggle("unsent", status === "failed" || status === "rejected");
    const { retry, edit } = this.actions;
    const offers = {
      sending: () => [wording.sending],
      failed: () => [reason || wording.failed, action(wording.retry, () => retry(client_message_id))],
      rejected: () => [reason || wording.rejected, action(wording.edit, () => edit(client_message_id, text))],
    };
    this.#status.replaceChildren(...(offers[status]?.() ?? []));
  }
}

/** The dots that say somebody is about to answer. */
export function typingView() {
  const label = el("span", { class: "hidden" });
  const face = el("span", { class: "face" });
  const node = el(
    "div",
    { class: "message typing first" },
    face,
    el("div", { class: "said" }, el("div", { class: "bubble" }, el("i"), el("i"), el("i"), label)),
  );
  return {
    node,
    update(author) {
      if (face.dataset.author !== author) face.replaceChildren(avatar(author));
      face.dataset.author = author;
      setText(label, wording.typing[author]);
    },
  };
}

function authorName({ author, metadata }) {
  if (author === "agent" && metadata?.agent) return `${wording.agent} ${metadata.agent}`;
  return { bot: wording.bot, agent: wording.agent, customer: wording.you, system: "" }[author];
}

function avatar(author) {
  return el("span", { class: `avatar ${author}`, "aria-hidden": "true" }, icon(icons[author === "agent" ? "person" : "chat"]));
}

function action(label, onclick) {
  return el("button", { type: "button", class: "inline", onclick }, label);
}

/** A card of labelled values. Kinds this version does not know are left out: the text is complete without them. */
function card({ type, title, rows = [], note, link }) {
  if (type !== "rows") return null;
  const address = link && safeLink(link);
  return el(
    "section",
    { class: "card", "aria-label": title },
    title && el("strong", {}, title),
    el("dl", {}, ...rows.flatMap(({ label, value }) => [el("dt", {}, label), el("dd", {}, value)])),
    note && el("p", { class: "note" }, note),
    address && el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, wording.details),
  );
}
