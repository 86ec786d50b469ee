/** Browser storage of JSON values. A locked-down browser may refuse it; the page then simply forgets on reload. */
export class Storage {
  #area;
  #prefix;

  /**
   * @param {"localStorage"|"sessionStorage"} area
   * @param {string} prefix of every key, as other scripts use the same storage
   */
  constructor(area, prefix) {
    this.#prefix = prefix;
    try {
      this.#area = window[area];
    } catch {
      this.#area = null;
    }
  }

  get(name) {
    try {
      return JSON.parse(this.#area?.getItem(this.key(name)) ?? "null");
    } catch {
      return null;
    }
  }

  set(name, value) {
    try {
      if (value === null) this.#area?.removeItem(this.key(name));
      else this.#area?.setItem(this.key(name), JSON.stringify(value));
    } catch {
      // full or refused: nothing to do, the page itself goes on
    }
  }

  key(name) {
    return `${this.#prefix}:${name}`;
  }
}
