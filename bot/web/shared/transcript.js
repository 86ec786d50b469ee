/**
 * What has been said in one conversation, as far as this page knows it: ordered and deduplicated by `seq`.
 *
 * `cursor` is the sequence number up to which nothing is missing; it is what a reconnect asks after.
 */
export class Transcript {
  #messages = new Map();
  #clientIds = new Set();
  cursor = 0;

  /** Messages that arrived one frame at a time. Returns true when there is a gap, so that the caller fetches it. */
  absorb(messages) {
    messages.forEach((message) => this.#keep(message));
    this.#advance();
    return this.last > this.cursor;
  }

  /** Everything the server has after `cursor`: no gap can be left, even where numbers are not shown to this reader. */
  complete(messages) {
    messages.forEach((message) => this.#keep(message));
    this.cursor = Math.max(this.cursor, ...messages.map((message) => message.seq));
    this.#advance();
  }

  #advance() {
    while (this.#messages.has(this.cursor + 1)) this.cursor += 1;
  }

  #keep(message) {
    this.#messages.set(message.seq, message);
    if (message.client_message_id) this.#clientIds.add(message.client_message_id);
  }

  /** Whether the server has the message this page sent under that id. */
  has(clientMessageId) {
    return this.#clientIds.has(clientMessageId);
  }

  /** The highest sequence number seen. */
  get last() {
    return Math.max(0, ...this.#messages.keys());
  }

  /** All messages in order. */
  get messages() {
    return [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
  }
}
