/** Fetches something again whenever asked; what is asked for meanwhile leads to one more round, not to many. */
export class Refresh {
  #fetch;
  #guard;
  #signal;
  #running = null;
  #again = false;

  /**
   * @param {() => Promise<void>} fetch
   * @param {{guard: (pending: Promise) => Promise<void>, signal: AbortSignal}} options
   */
  constructor(fetch, { guard, signal }) {
    this.#fetch = fetch;
    this.#guard = guard;
    this.#signal = signal;
  }

  ask() {
    this.#again = true;
    this.#running ??= this.#guard(this.#rounds()).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #rounds() {
    while (this.#again && !this.#signal.aborted) {
      this.#again = false;
      await this.#fetch();
    }
  }
}
