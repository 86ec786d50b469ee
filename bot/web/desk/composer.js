import { autogrow, el, sendOnEnter } from "../shared/dom.js";
import { canned, cannedRow, gapIn } from "./canned.js";
import { Picker } from "./picker.js";
import { wording } from "./wording.js";
import { WordingCheck } from "./wording_check.js";

/** Where the agent writes. What is half written stays with its conversation, over switching and reloading. */
export class Composer {
  #onsend;
  #kept;
  #id = null;
  #picker;
  #check = new WordingCheck();
  #send = el("button", { class: "solid" }, wording.send);

  /** @param {{onsend: (text: string) => void, ontyping: () => void, customer: () => object, kept: object}} options */
  constructor({ onsend, ontyping, customer, kept }) {
    this.#onsend = onsend;
    this.#kept = kept;
    this.input = el("textarea", {
      rows: "2",
      maxlength: "2000",
      "aria-label": wording.placeholder,
      "aria-describedby": "reply-check",
      placeholder: wording.placeholder,
      oninput: () => {
        this.#keep();
        if (this.text) ontyping();
      },
      onkeydown: (event) => this.#picker.key(event) || sendOnEnter(event, () => this.#submit()),
    });
    this.#picker = new Picker({
      input: this.input,
      trigger: /(?:^|\s)\/(\S*)$/,
      label: wording.canned.label,
      none: wording.canned.none,
      find: (query) => canned.find(query),
      render: (reply) => cannedRow({ ...reply, text: canned.fill(reply.text, customer()) }),
      onpick: (reply) => {
        queueMicrotask(() => this.#selectGap());
        return canned.fill(reply.text, customer());
      },
    });
    const onsubmit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    this.node = el("form", { class: "composer", onsubmit }, this.#picker.node, this.input, this.#send, this.#check.node);
  }

  get text() {
    return this.input.value.trim();
  }

  set text(text) {
    this.input.value = text;
    this.#keep();
  }

  /** Turns to another conversation and brings back what was being written there. */
  open(conversationId) {
    this.#id = conversationId;
    this.#picker.close();
    this.text = this.#kept.get(`draft:${conversationId}`) ?? "";
  }

  focus() {
    this.input.focus();
  }

  /** Adds to what is written, where the cursor stands. */
  insert(text) {
    this.focus();
    this.input.setRangeText(text, this.input.selectionStart, this.input.selectionEnd, "end");
    this.#keep();
  }

  #submit() {
    const { text } = this;
    if (!text) return;
    const fault = this.#check.stop(text);
    if (fault) {
      this.input.value = text;
      this.input.setSelectionRange(fault.start, fault.end);
      return;
    }
    this.text = "";
    this.#onsend(text);
  }

  #selectGap() {
    const gap = gapIn(this.input.value);
    if (gap) this.input.setSelectionRange(gap.start, gap.end);
  }

  #keep() {
    this.#kept.set(`draft:${this.#id}`, this.input.value || null);
    this.#send.disabled = !this.text;
    this.#check.watch(this.text);
    autogrow(this.input);
  }
}
