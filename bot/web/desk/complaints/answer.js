import { el, setText } from "../../shared/dom.js";
import { api } from "../api.js";
import { ask, selection } from "../dialog.js";
import { MarkedText } from "./marked_text.js";
import { words } from "./wording.js";

const TYPING_MS = 400; // the wording is checked once the agent pauses
const GAP = /【[^】]*】/g;

/** Where the answer is written: from a template, with gaps to fill and forbidden words marked, before it is sent. */
export class Answer {
  #number = null;
  #templates = [];
  #forbidden = [];
  #checked = "";
  #timer = null;
  #keep;
  #onmoved;
  #template = selection({ options: [["", words.pickTemplate]], "aria-label": words.template });
  #outcome = selection({
    options: [["", words.pickOutcome], ...Object.entries(words.outcomes)],
    "aria-label": words.outcome,
  });
  #state = el("p", { class: "check", id: "answer-check", role: "status" });
  #next = el("button", { type: "button", class: "inline", onclick: () => this.#field.selectNext() }, words.next);
  #send = el("button", { class: "solid" }, words.sendAnswer);
  #field = new MarkedText({
    label: words.answerLabel,
    placeholder: words.answerHint,
    describedBy: "answer-check",
    oninput: () => this.#changed(),
  });

  /** @param {{keep: (draft: {text: string, outcome: string}|null) => void, onmoved: () => Promise}} options */
  constructor({ keep, onmoved }) {
    this.#keep = keep;
    this.#onmoved = onmoved;
    this.#template.addEventListener("change", () => this.#fill());
    this.#outcome.addEventListener("change", () => this.#changed());
    const onsubmit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    this.node = el(
      "form",
      { class: "answer", onsubmit },
      el("div", { class: "tools" }, this.#template, this.#outcome),
      this.#field.node,
      el("div", { class: "below" }, this.#state, this.#next, this.#send),
    );
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** Turns to a complaint, with what was half written for it. */
  open(number, templates, draft) {
    this.#number = number;
    this.#templates = templates;
    const options = templates.map(({ id, title }) => el("option", { value: id }, title));
    this.#template.replaceChildren(el("option", { value: "" }, words.pickTemplate), ...options);
    this.#outcome.value = draft?.outcome ?? "";
    this.#field.text = draft?.text ?? "";
    this.#show();
    this.#later();
  }

  focus() {
    this.#field.input.focus();
  }

  get #text() {
    return this.#field.text.trim();
  }

  get #gaps() {
    return [...this.#field.text.matchAll(GAP)].map((gap) => ({ start: gap.index, end: gap.index + gap[0].length, kind: "gap" }));
  }

  async #fill() {
    const template = this.#templates.find(({ id }) => id === this.#template.value);
    this.#template.value = "";
    if (!template) return;
    const act = async () => {
      this.#field.text = template.text;
      this.#outcome.value = template.outcome;
    };
    if (!this.#text) await act();
    else if (!(await ask({ title: words.replaceAsk, hint: words.replaceHint, act }))) return;
    this.#changed();
    this.#field.input.setSelectionRange(0, 0);
    this.#field.selectNext();
  }

  #changed() {
    const [text, outcome] = [this.#field.text, this.#outcome.value];
    this.#keep(text || outcome ? { text, outcome } : null);
    this.#forbidden = [];
    this.#show();
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check().catch(() => {}), TYPING_MS); // it is checked again on sending
  }

  async #check() {
    const { text } = this.#field;
    if (!text.trim()) return;
    const { found } = await api.checkWording(text);
    if (text !== this.#field.text) return;
    this.#checked = text;
    this.#forbidden = found.map((each) => ({ ...each, ...inUnits(text, each), kind: "forbidden" }));
    this.#show();
  }

  #show() {
    const gaps = this.#gaps;
    this.#field.mark([...gaps, ...this.#forbidden].sort((a, b) => a.start - b.start));
    this.#send.disabled = !this.#text;
    this.#next.hidden = gaps.length + this.#forbidden.length === 0;
    this.#state.classList.toggle("fault", this.#forbidden.length > 0);
    setText(this.#state, this.#fault(gaps.length) ?? (this.#text && this.#checked === this.#field.text ? words.fine : ""));
  }

  /** What keeps the answer from being sent. */
  #fault(gaps) {
    const [first] = this.#forbidden;
    if (first) return words.forbidden(first.word, first.instead, this.#forbidden.length);
    return gaps ? words.gaps(gaps) : null;
  }

  async #submit() {
    if (!this.#text || this.#send.disabled) return;
    if (!this.#outcome.value) {
      setText(this.#state, words.noOutcome);
      this.#outcome.focus();
      return;
    }
    this.#hold(true);
    await this.#check().catch(() => {}); // the server refuses it too
    this.#hold(false);
    this.#show();
    if (this.#fault(this.#gaps.length)) {
      this.#field.selectNext();
      return;
    }
    const number = this.#number;
    const answer = { text: this.#text, outcome: this.#outcome.value };
    const act = () => api.move(number, "answer", answer);
    if (!(await ask({ title: words.sendAsk, hint: words.sendHint, confirm: words.sendAnswer, act }))) return;
    this.#keep(null);
    await this.#onmoved();
  }

  /** While the wording is checked nothing changes: what was checked is what is sent, and a second click does nothing. */
  #hold(held) {
    for (const control of [this.#send, this.#template, this.#outcome]) control.disabled = held;
    this.#field.input.readOnly = held;
  }
}

/** The server counts characters, the browser UTF-16 units; they differ after an emoji. */
function inUnits(text, { start, end }) {
  const characters = [...text];
  const before = characters.slice(0, start).join("").length;
  return { start: before, end: before + characters.slice(start, end).join("").length };
}
