import { ApiError } from "./http.js";

const RETRY_AFTER_MS = [500, 1000, 2000, 4000, 8000];

/**
 * Messages on their way to the server, sent one after another so that they keep their order.
 *
 * Each keeps its `client_message_id` through every retry, so the server takes it once; an item stays until the
 * server's own log shows it (`settle`), so it is never missing from the page either.
 *
 * Item: `{client_message_id, text, created_at, status: "sending"|"failed"|"rejected", reason?}`. `failed` may be
 * sent again as it is, `rejected` may not.
 */
export class Outbox {
  #items;
  #send;
  #keep;
  #changed;
  #running = false;
  #stopped = false;
  #hurry = null;

  /**
   * @param {object} options
   * @param {(item: object) => Promise<void>} options.send posts one item; throws ApiError
   * @param {() => void} options.changed called after every change of `items`
   * @param {object[]} [options.items] what was unsent when the page was left
   * @param {(items: object[]) => void} [options.keep] stores the items for the next page
   */
  constructor({ send, changed, items = [], keep = () => {} }) {
    this.#send = send;
    this.#changed = changed;
    this.#items = items;
    this.#keep = keep;
  }

  get items() {
    return this.#items;
  }

  /** True while an item is with the server. */
  get busy() {
    return this.#items.some((item) => item.status === "sending");
  }

  start() {
    this.#stopped = false;
    this.#run();
  }

  stop() {
    this.#stopped = true;
    this.#hurry?.();
  }

  add(text) {
    const item = { client_message_id: newId(), text, created_at: new Date().toISOString(), status: "sending" };
    this.#items = [...this.#items, item];
    this.#update();
    this.#run();
  }

  retry(id) {
    this.#change(id, { status: "sending", reason: undefined });
    this.#run();
  }

  /** Takes an item out, e.g. to edit a rejected text. */
  discard(id) {
    this.#items = this.#items.filter((item) => item.client_message_id !== id);
    this.#update();
  }

  /** Drops what the server's log shows. */
  settle(known) {
    const left = this.#items.filter((item) => !known(item.client_message_id));
    if (left.length === this.#items.length) return;
    this.#items = left;
    this.#update();
  }

  /** The connection came back: do not wait for the next retry. */
  hurry() {
    this.#hurry?.();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    const done = new Set(); // accepted, but not yet seen in the log
    const next = () =>
      this.#items.find((item) => item.status === "sending" && !done.has(item.client_message_id));
    for (let item = next(); item && !this.#stopped; item = next()) {
      if (await this.#deliver(item)) done.add(item.client_message_id);
    }
    this.#running = false;
    this.#update();
  }

  async #deliver(item) {
    for (let attempt = 0; !this.#stopped; attempt += 1) {
      try {
        await this.#send(item);
        return true;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (this.#stopped || !this.#items.includes(item)) return false;
        if (!error.passing) {
          this.#change(item.client_message_id, { status: "rejected", reason: error.message });
          return false;
        }
        if (error.tooMany || attempt >= RETRY_AFTER_MS.length) {
          this.#change(item.client_message_id, { status: "failed", reason: error.message });
          return false;
        }
        await this.#pause(RETRY_AFTER_MS[attempt]);
      }
    }
    return false;
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    }).finally(() => {
      this.#hurry = null;
    });
  }

  #change(id, changes) {
    this.#items = this.#items.map((item) => (item.client_message_id === id ? { ...item, ...changes } : item));
    this.#update();
  }

  #update() {
    this.#keep(this.#items);
    this.#changed();
  }
}

/** A random id by which a server knows a repeated request. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain http
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
