const SHOWN_MS = 6_000;
const TOLD_EVERY_MS = 3_000;

/** Whether the other side is writing: true for six seconds after each time it says so. */
export class TypingSign {
  #changed;
  #timer = null;
  on = false;

  constructor(changed) {
    this.#changed = changed;
  }

  show() {
    this.on = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.hide();
      this.#changed();
    }, SHOWN_MS);
  }

  hide() {
    this.on = false;
    clearTimeout(this.#timer);
  }
}

/** Tells the other side of every key press, but at most once in three seconds. */
export class TypingNotice {
  #toldAt = 0;

  due() {
    if (Date.now() - this.#toldAt < TOLD_EVERY_MS) return false;
    this.#toldAt = Date.now();
    return true;
  }
}
