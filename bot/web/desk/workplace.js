import { el, setText } from "../shared/dom.js";
import { ApiError } from "../shared/http.js";
import { Socket } from "../shared/socket.js";
import { Storage } from "../shared/storage.js";
import { api, LOCKED } from "./api.js";
import { CannedPage } from "./canned_page.js";
import { Chime } from "./chime.js";
import { ComplaintsPage } from "./complaints/page.js";
import { ConversationsPage } from "./conversations_page.js";
import { KnowledgePage } from "./knowledge/page.js";
import { OutboxPage } from "./outbox_page.js";
import { maskAll } from "./masked.js";
import { here } from "./places.js";
import { AccountsPage } from "./staff/accounts_page.js";
import { tellActivity } from "./staff/activity.js";
import { lockCover } from "./staff/lock.js";
import { OwnPage } from "./staff/own_page.js";
import { may } from "./staff/roles.js";
import { Offers } from "./team/offers.js";
import { MyPresence } from "./team/presence.js";
import { WallPage } from "./wall_page.js";
import { wording } from "./wording.js";

/**
 * Everything a signed-in agent works with: the bar, and below it the page that the address names. One stream keeps
 * all pages current, also those not looked at.
 *
 * A page has `node`, `show(id)`, `refresh()` and `focus()`, and as far as it needs them `receive(frame)`,
 * `connected()`, `tick()`, `stop()` and `key(event)` for keys of its own. What stands beside all pages has `refresh()`
 * and the same others.
 */
export class Workplace {
  #onsignedout;
  #pages;
  #beside;
  #links = new Map();
  #socket;
  #life = new AbortController();
  #locked = false;
  #link = el("span", { class: "link", role: "status" });

  /** @param {{agent: {agent_id: string, name: string, role: string, may: string[]}, onsignedout: (notice?: string) => void}} options */
  constructor({ agent, onsignedout }) {
    this.#onsignedout = onsignedout;
    const common = {
      agent,
      // for this tab only: drafts may name what only this agent should see
      kept: new Storage("sessionStorage", `zhanggui-desk:${agent.agent_id}`),
      guard: (pending) => this.#guard(pending),
      signal: this.#life.signal,
      chime: new Chime(),
    };
    const onbadge = (page) => (count) => this.#badge(page, count);
    const pages = [
      ["conversations", "conversations.read", () => new ConversationsPage({ ...common, ontyping: (id) => this.#socket.send({ typing: id }) })],
      ["wall", "wall", () => new WallPage(common)],
      ["complaints", "complaints.read", () => new ComplaintsPage({ ...common, onbadge: onbadge("complaints") })],
      ["knowledge", "knowledge.read", () => new KnowledgePage({ ...common, onbadge: onbadge("knowledge") })],
      ["canned", "canned_replies.edit", () => new CannedPage(common)],
      ["outbox", "outbox.read", () => new OutboxPage({ ...common, onbadge: onbadge("outbox") })],
      ["accounts", "accounts", () => new AccountsPage(common)],
      ["own", "own_session", () => new OwnPage({ ...common, onsignedout })],
    ];
    const allowed = pages.filter(([, operation]) => may(agent, operation));
    this.#pages = Object.fromEntries(allowed.map(([name, , make]) => [name, make()]));
    const serves = may(agent, "conversations.serve");
    const presence = serves ? new MyPresence(common) : null;
    const offers = serves ? new Offers({ ...common, onaccepted: (id) => this.#pages.conversations.take(id) }) : null;
    this.#beside = serves ? [presence, offers] : [];
    this.#socket = new Socket({
      connect: () => api.stream(),
      onopen: () => this.#connected(true),
      onclose: () => this.#connected(false),
      onframe: (frame) => this.#each((part) => part.receive?.(frame)),
    });
    this.node = el("div", { class: "workplace" }, this.#bar(agent, presence), ...Object.values(this.#pages).map(({ node }) => node), offers?.node);
  }

  #bar({ name, role }, presence) {
    const leave = el("button", { type: "button", class: "plain", onclick: () => this.#leave() }, wording.logout);
    return el(
      "header",
      { class: "bar" },
      el("span", { class: "mark", "aria-hidden": "true" }, "掌"),
      el("b", {}, wording.title),
      el("nav", { class: "pages", "aria-label": wording.pagesLabel }, ...Object.keys(this.#pages).map((page) => this.#pageLink(page))),
      this.#link,
      presence?.node,
      el("span", { class: "me" }, name, el("small", {}, wording.roles[role])),
      leave,
    );
  }

  #pageLink(page) {
    const count = el("span", { class: "unread" });
    const hint = el("span", { class: "for-readers" });
    const node = el("a", { href: `#/${page}` }, wording.pages[page], count, hint);
    this.#links.set(page, { node, count, hint });
    return node;
  }

  start() {
    const { signal } = this.#life;
    this.#turn();
    this.#socket.start();
    this.#each((part) => part.refresh());
    const ticking = setInterval(() => this.#each((part) => part.tick?.()), 1000);
    signal.addEventListener("abort", () => clearInterval(ticking));
    addEventListener("hashchange", () => this.#turn(), { signal });
    addEventListener("online", () => this.#socket.restart(), { signal });
    addEventListener("keydown", (event) => this.#key(event), { signal });
    addEventListener(LOCKED, () => this.#lock(), { signal });
    tellActivity({ signal, guard: (pending) => this.#guard(pending) });
  }

  stop() {
    this.#life.abort();
    this.#socket.stop();
    this.#each((part) => part.stop?.());
  }

  /** Nobody has used the desk for a while: covers it, with all that is half written below. */
  #lock() {
    if (this.#locked || this.#life.signal.aborted) return;
    this.#locked = true;
    this.#socket.stop();
    maskAll();
    lockCover({ onunlocked: () => this.#unlock(), onsignedout: this.#onsignedout });
  }

  #unlock() {
    this.#locked = false;
    this.#socket.start();
    this.#each((part) => part.refresh());
  }

  #each(act) {
    [...Object.values(this.#pages), ...this.#beside].forEach(act);
  }

  get #page() {
    return this.#pages[here().page] ? here().page : Object.keys(this.#pages)[0];
  }

  /** Shows what the address names. */
  #turn() {
    const current = this.#page;
    for (const [page, { node }] of Object.entries(this.#pages)) {
      node.hidden = page !== current;
      const link = this.#links.get(page).node;
      if (page === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.#pages[current].show(here().id);
  }

  #badge(page, count) {
    const { count: shown, hint } = this.#links.get(page);
    setText(shown, count ? String(count) : "");
    setText(hint, count ? wording.badges[page] : "");
  }

  async #leave() {
    await this.#guard(api.logout());
    history.replaceState(null, "", location.pathname); // the next one to sign in begins elsewhere
    this.#onsignedout();
  }

  #connected(up) {
    setText(this.#link, up ? wording.online : wording.offline);
    this.#link.classList.toggle("down", !up);
    this.#each((part) => part.refresh()); // also tells whether the session is still good
    if (up) this.#each((part) => part.connected?.());
  }

  #key(event) {
    if (this.#locked || document.querySelector("dialog[open]")) return;
    const page = this.#pages[this.#page];
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") {
      if (!this.#beside.some((part) => part.key?.(event))) page.key?.(event);
      return;
    }
    event.preventDefault();
    page.focus();
  }

  /** A session that ended leads back to the sign-in; anything else waits for the reconnect. */
  async #guard(pending) {
    try {
      await pending;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const over = error.status === 401 && error.code !== "desk_locked";
      if (over && !this.#life.signal.aborted) this.#onsignedout(wording.expired);
    }
  }
}
