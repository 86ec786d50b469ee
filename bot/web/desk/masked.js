import { el } from "../shared/dom.js";
import { readable, SEALED } from "../shared/placeholders.js";
import { api } from "./api.js";
import { ask, radioField, textField } from "./dialog.js";
import { wording } from "./wording.js";

const words = wording.masked;
const SHOWN_MS = 60_000;
/** Told to the window when nothing may be shown any longer. */
const MASK = "deskmask";

/** Masks again whatever is shown on this page. */
export const maskAll = () => dispatchEvent(new Event(MASK));

/**
 * Asks for a reason and fetches a value that is masked.
 *
 * @param {{conversation: string, complaint?: string}} of the complaint's number where it is wanted for one
 * @returns {(what: string, label: string) => Promise<string|null>} null when the agent thought better of it
 */
export function revealer({ conversation, complaint = null }) {
  return async (what, label) => {
    let value = null;
    const options = Object.entries(words.reasons);
    const fields = [
      radioField({ name: "reason", legend: words.reason, options, value: options[0][0] }),
      textField({ name: "note", label: words.note, rows: "2", maxlength: "200" }),
    ];
    async function act(values) {
      ({ value } = await api.reveal(conversation, { what, complaint, ...values }));
    }
    await ask({ title: words.ask(label), hint: words.hint, fields, confirm: words.show, act });
    return value;
  };
}

/** A masked value; where `reveal` is given, a button that shows it for a minute. */
export function masked(text, what, reveal) {
  if (!reveal) return document.createTextNode(text);
  const node = el("button", { type: "button", class: "masked", title: words.click }, text);
  let shown = null;
  function mask() {
    shown?.abort();
    shown = null;
    node.textContent = text;
    node.classList.remove("shown");
    node.title = words.click;
  }
  node.addEventListener("click", async () => {
    if (shown) return mask();
    const value = await reveal(what, words.what[what] ?? readable(text));
    if (value === null || !node.isConnected) return undefined;
    shown = new AbortController();
    const { signal } = shown;
    const timer = setTimeout(mask, SHOWN_MS);
    signal.addEventListener("abort", () => clearTimeout(timer));
    addEventListener(MASK, mask, { signal });
    node.textContent = value;
    node.classList.add("shown");
    node.title = words.hide;
    return node.focus();
  });
  return node;
}

/** The parts of a text, its sealed values as `masked` shows them. */
export function withMasked(text, reveal) {
  const parts = [];
  let end = 0;
  for (const { 0: placeholder, index } of text.matchAll(SEALED)) {
    parts.push(readable(text.slice(end, index)), masked(readable(placeholder), placeholder, reveal));
    end = index + placeholder.length;
  }
  return [...parts, readable(text.slice(end))].filter(Boolean);
}

/** Puts a text into a node unless it is there, so that what is shown for a minute stays. */
export function setMasked(node, text, reveal) {
  const state = `${Boolean(reveal)}:${text}`;
  if (node.dataset.text === state) return;
  node.dataset.text = state;
  node.replaceChildren(...withMasked(text, reveal));
}
