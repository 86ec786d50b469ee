import { ApiError } from "../shared/http.js";
import { Conversation } from "./conversation.js";
import { Storage } from "../shared/storage.js";
import { subjectOf } from "./token.js";

const RETRY_MS = [500, 1000, 2000, 4000, 8000];

/**
 * The customer's sessions in this browser: which one is current, kept over reloads and shared by all tabs.
 *
 * The session is in localStorage, so a second tab continues the same conversation and follows a sign-in or
 * sign-out; unsent messages are in sessionStorage, as they belong to one tab. Signing in as somebody else always
 * begins a new conversation. Events: `change`, and `session` when the conversation is another one.
 */
export class Client extends EventTarget {
  #api;
  #kept;
  #unsent;
  #current = null;
  #opening = null;
  #opened = null;
  #hasty = false;
  #orphans = { subject: null, items: [] };

  /** @type {Conversation|null} */
  conversation = null;
  config = null;
  /** Whether the last session ended by itself and the customer has said nothing since. */
  expired = false;

  constructor(api, base) {
    super();
    const prefix = `zhanggui:${base.host}${base.pathname}`;
    this.#api = api;
    this.#kept = new Storage("localStorage", prefix);
    this.#unsent = new Storage("sessionStorage", prefix);
  }

  get signedIn() {
    return Boolean(this.#current?.signed_in);
  }

  /** Messages that wait for a session. */
  get orphans() {
    return this.#orphans.items;
  }

  /** Goes on with the kept session, if there is one, and follows the other tabs. */
  resume(signal) {
    this.#adopt();
    addEventListener("storage", (event) => event.key === this.#kept.key("session") && this.#adopt(), { signal });
  }

  stop() {
    this.conversation?.stop();
  }

  /** Has a conversation and the configuration ready, trying until the gateway answers. */
  ready() {
    this.#opening ??= this.#prepare().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /**
   * Continues as the customer whom the bank's site names. The conversation stays if it is already that customer's.
   * @throws {ApiError} when the gateway refuses the token; the conversation then stays as it was
   */
  async signIn(token) {
    const subject = subjectOf(token);
    if (this.conversation && this.signedIn && subject !== null && subject === this.#current.subject) return;
    const session = await this.#api.openSession(token);
    this.#switch({ ...session, signed_in: true, subject });
  }

  /** Forgets the customer. The next message begins an anonymous conversation. */
  signOut() {
    if (this.signedIn) this.#switch(null);
  }

  async say(text) {
    this.expired = false;
    await this.ready();
    this.conversation.say(text);
  }

  /** Sequence number up to which the customer has seen this conversation, in whichever tab. */
  get read() {
    const read = this.#kept.get("read");
    return read && read.conversation_id === this.conversation?.id ? read.seq : 0;
  }

  markRead(seq) {
    if (seq > this.read) this.#kept.set("read", { conversation_id: this.conversation.id, seq });
  }

  /** Whether the customer has said what to think of this answer, in whichever tab. */
  rated(seq) {
    return this.#ratings.includes(seq);
  }

  /** @throws {ApiError} when it did not get through */
  async rate(seq, useful) {
    const { conversation } = this;
    await conversation.rate(seq, useful);
    this.#kept.set("rated", { conversation_id: conversation.id, seqs: [...this.#ratings, seq] });
  }

  get #ratings() {
    const rated = this.#kept.get("rated");
    return rated && rated.conversation_id === this.conversation?.id ? rated.seqs : [];
  }

  get largeText() {
    return this.#kept.get("large_text") === true;
  }

  set largeText(large) {
    this.#kept.set("large_text", large || null);
  }

  async #prepare() {
    if (this.#hasty) await pause(RETRY_MS.at(-1));
    for (let attempt = 0; !this.config || !this.conversation; attempt += 1) {
      try {
        this.config ??= await this.#api.config();
        this.dispatchEvent(new Event("change"));
        const session = this.conversation ? null : await this.#api.openSession();
        if (this.conversation) continue; // signed in, or another tab was first
        this.#opened = session.session;
        this.#switch({ ...session, signed_in: false, subject: null });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        await pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
      }
    }
  }

  /** Takes the session that this or another tab kept. */
  #adopt() {
    const kept = this.#kept.get("session");
    if (kept?.session !== this.#current?.session) this.#switch(kept);
  }

  #switch(session) {
    this.conversation?.stop();
    this.#current = session;
    this.#kept.set("session", session);
    this.conversation = session && this.#begin(session);
    this.dispatchEvent(new Event("session"));
    this.dispatchEvent(new Event("change"));
  }

  #begin(session) {
    const id = session.conversation_id;
    const kept = this.#unsent.get("unsent");
    const orphans = [this.#orphans.subject, null].includes(session.subject) ? this.#orphans.items : [];
    this.#orphans = { subject: null, items: [] };
    const conversation = new Conversation({
      api: this.#api,
      session,
      unsent: [...(kept?.conversation_id === id ? kept.items : []), ...orphans],
      keepUnsent: (items) => this.#unsent.set("unsent", items.length ? { conversation_id: id, items } : null),
    });
    conversation.addEventListener("change", () => this.dispatchEvent(new Event("change")));
    conversation.addEventListener("expired", () => this.#end(conversation));
    conversation.start();
    return conversation;
  }

  /** The gateway forgot the session. What was being sent goes to the next one, unless that is another customer's. */
  #end(conversation) {
    if (conversation !== this.conversation) return;
    this.#orphans = { subject: this.#current.subject, items: conversation.unsent };
    this.#hasty = this.#opened === this.#current.session && !conversation.loaded; // refused from the start: a fault
    this.expired = true;
    const kept = this.#kept.get("session");
    if (kept && kept.session !== this.#current.session) this.#adopt(); // another tab was first
    else this.#switch(null);
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
