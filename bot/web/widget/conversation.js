import { ApiError } from "../shared/http.js";
import { Outbox } from "../shared/outbox.js";
import { Socket } from "../shared/socket.js";
import { Transcript } from "../shared/transcript.js";
import { TypingNotice, TypingSign } from "../shared/typing.js";

const POLL_MS = { live: 30_000, polling: 3_000, hidden: 15_000 };
const ECHO_MS = 3_000;

/**
 * One session with the gateway: its log, what is on the way, and the connection that keeps them current.
 *
 * The stream is a WebSocket; while it is down, messages are fetched instead, so a proxy that blocks WebSockets
 * costs only promptness. Events: `change` (something to show) and `expired` (the gateway no longer knows the session).
 */
export class Conversation extends EventTarget {
  #api;
  #session;
  #transcript = new Transcript();
  #outbox;
  #socket;
  #abort = new AbortController();
  #catching = null;
  #wanted = false;
  #backlogDue = false;
  #pollTimer = null;
  #typing = new TypingSign(() => this.#changed());
  #typingNotice = new TypingNotice();

  state = "bot";
  /** Place in the queue counted from 1, or null. */
  position = null;
  waitSeconds = null;
  /** False until the log was fetched once. */
  loaded = false;
  /** False while neither the stream nor a fetch gets through. */
  reachable = true;

  /**
   * @param {object} options
   * @param {import("./api.js").ChatApi} options.api
   * @param {{session: string, conversation_id: string}} options.session
   * @param {object[]} options.unsent outbox items of an earlier page
   * @param {(items: object[]) => void} options.keepUnsent
   */
  constructor({ api, session, unsent, keepUnsent }) {
    super();
    this.#api = api;
    this.#session = session;
    this.#outbox = new Outbox({
      send: (item) => this.#post(item),
      changed: () => this.#changed(),
      items: unsent,
      keep: keepUnsent,
    });
    this.#socket = new Socket({
      connect: () => api.stream(session.session, this.#transcript.cursor),
      onopen: () => this.#connected(),
      onframe: (frame) => this.#receive(frame),
      onclose: () => this.#catchUp(), // finds out whether the session or only the socket is gone
    });
  }

  get id() {
    return this.#session.conversation_id;
  }

  get messages() {
    return this.#transcript.messages;
  }

  get unsent() {
    return this.#outbox.items;
  }

  /** Whether somebody is about to answer. */
  get typing() {
    return this.#typing.on || (this.state === "bot" && this.#outbox.busy && this.reachable);
  }

  /** Name of the agent who wrote last, where the gateway tells it. */
  get agentName() {
    return this.messages.findLast((message) => message.metadata?.agent)?.metadata.agent ?? null;
  }

  start() {
    this.#socket.start();
    this.#outbox.start();
    this.#schedulePoll();
    const { signal } = this.#abort;
    addEventListener("online", () => this.#wake(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake(), { signal });
  }

  stop() {
    this.#abort.abort();
    this.#socket.stop();
    this.#outbox.stop();
    this.#typing.hide();
    clearTimeout(this.#pollTimer);
  }

  say(text) {
    this.#outbox.add(text);
  }

  retry(clientMessageId) {
    this.#outbox.retry(clientMessageId);
  }

  discard(clientMessageId) {
    this.#outbox.discard(clientMessageId);
  }

  /** What the customer thinks of the answer `seq`. */
  rate(seq, useful) {
    return this.#guard(this.#api.rate(this.#session.session, { seq, useful }, this.#abort.signal));
  }

  /** Tells an agent that the customer is writing. */
  tellTyping() {
    if (this.state === "agent" && this.#typingNotice.due()) this.#socket.send({ typing: true });
  }

  async #post(item) {
    const sending = this.#guard(this.#api.send(this.#session.session, item, this.#abort.signal));
    sending.catch((error) => error.status === 0 && this.#catchUp()); // learn whether all or only this one failed
    const answer = await sending;
    if (!this.#transcript.has(item.client_message_id)) {
      if (!this.#socket.open) await this.#catchUp();
      else setTimeout(() => this.#suspectSocket(item), ECHO_MS);
    }
    this.#take(answer, { newest: !this.#socket.open });
  }

  /** The gateway took a message, yet the stream has not shown it: such a socket is dead without knowing. */
  #suspectSocket(item) {
    if (this.#abort.signal.aborted || this.#transcript.has(item.client_message_id)) return;
    this.#socket.restart();
    this.#catchUp();
  }

  #connected() {
    this.#backlogDue = true;
    this.#setReachable(true);
    this.#schedulePoll();
  }

  #receive(frame) {
    const complete = this.#backlogDue;
    this.#backlogDue = false;
    this.#take(frame, { complete });
  }

  /** Fetches what was missed; calls while one is under way lead to one more round, not to two at once. */
  #catchUp() {
    this.#wanted = true;
    this.#catching ??= this.#fetch().finally(() => {
      this.#catching = null;
    });
    return this.#catching;
  }

  async #fetch() {
    while (this.#wanted && !this.#abort.signal.aborted) {
      this.#wanted = false;
      try {
        const { cursor } = this.#transcript;
        const missed = await this.#guard(this.#api.since(this.#session.session, cursor, this.#abort.signal));
        this.#take(missed, { complete: true });
        this.#setReachable(true);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.passing && !error.tooMany) this.#setReachable(this.#socket.open);
      }
    }
  }

  /** Lets a 401 end this session, whichever request meets it. */
  async #guard(pending) {
    try {
      return await pending;
    } catch (error) {
      if (error.status === 401 && !this.#abort.signal.aborted) {
        this.stop(); // first, so that what is unsent stays unsent and goes to the next session
        this.dispatchEvent(new Event("expired"));
      }
      throw error;
    }
  }

  #take({ messages = [], state, queue, typing }, { complete = false, newest = true } = {}) {
    if (this.#abort.signal.aborted) return;
    if (complete) {
      this.#transcript.complete(messages);
      this.loaded = true;
    } else if (this.#transcript.absorb(messages)) {
      this.#catchUp();
    }
    const latest = messages.some((message) => message.seq >= this.#transcript.last);
    if (state && (newest || latest)) {
      this.state = state;
      this.position = state === "queued" ? (queue?.position ?? this.position) : null;
      this.waitSeconds = queue?.wait_s ?? null;
    }
    if (typing) this.#typing.show();
    else if (messages.some((message) => message.author !== "customer")) this.#typing.hide();
    this.#outbox.settle((id) => this.#transcript.has(id));
    this.#changed();
  }

  #setReachable(reachable) {
    if (this.reachable === reachable) return;
    this.reachable = reachable;
    if (reachable) this.#outbox.hurry();
    this.#changed();
  }

  #wake() {
    if (!this.#socket.open) this.#socket.restart();
    this.#catchUp();
  }

  #schedulePoll() {
    clearTimeout(this.#pollTimer);
    if (this.#abort.signal.aborted) return;
    const wait = this.#socket.open ? POLL_MS.live : document.hidden ? POLL_MS.hidden : POLL_MS.polling;
    this.#pollTimer = setTimeout(async () => {
      await this.#catchUp();
      this.#schedulePoll();
    }, wait);
  }

  #changed() {
    if (!this.#abort.signal.aborted) this.dispatchEvent(new Event("change"));
  }
}
