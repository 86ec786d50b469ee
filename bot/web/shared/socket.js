const LONGEST_WAIT_MS = 15_000;

/** A WebSocket of JSON frames that comes back by itself, with growing pauses so that a restart is not stormed. */
export class Socket {
  #connect;
  #events;
  #socket = null;
  #timer = null;
  #failures = 0;
  #wanted = false;

  /**
   * @param {object} options
   * @param {() => WebSocket} options.connect opens a new socket, e.g. after the last sequence number seen
   * @param {(frame: object) => void} options.onframe
   * @param {() => void} [options.onopen]
   * @param {() => void} [options.onclose] also after a failed attempt
   */
  constructor({ connect, onframe, onopen = () => {}, onclose = () => {} }) {
    this.#connect = connect;
    this.#events = { onframe, onopen, onclose };
  }

  get open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  start() {
    this.#wanted = true;
    this.#dial();
  }

  stop() {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#drop();
  }

  /** Dials again at once: the network came back, or the socket turned out to be dead. */
  restart() {
    if (!this.#wanted) return;
    this.#failures = 0;
    this.#drop();
    this.#dial();
  }

  send(frame) {
    if (this.open) this.#socket.send(JSON.stringify(frame));
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null; // its late events are then not ours
    socket?.close();
  }

  #dial() {
    clearTimeout(this.#timer);
    const socket = this.#connect();
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#failures = 0;
      this.#events.onopen();
    };
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#events.onframe(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (this.#socket !== socket || !this.#wanted) return;
      const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.#failures);
      this.#failures += 1;
      this.#timer = setTimeout(() => this.#dial(), wait * (0.75 + Math.random() / 2));
      this.#events.onclose();
    };
  }
}
