import { el } from "../shared/dom.js";
import { wording } from "./wording.js";

const words = wording.keys;
const JOINING = new Set(["或", "至"]);

/** Shows all keys of the desk; the browser closes it on Escape. */
export function showKeys() {
  if (document.querySelector("dialog[open]")) return;
  const rows = words.rows.flatMap(([keys, what]) => [el("dt", {}, ...keys.split(" ").map(keyCap)), el("dd", {}, what)]);
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, words.title),
    el("dl", { class: "keys" }, ...rows),
    el("menu", {}, el("li", {}, el("button", { class: "solid" }, words.close))),
  );
  const dialog = el("dialog", { class: "wider", "aria-label": words.title }, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Whether the key asks for them: not while something is being written. */
export function asksForKeys(event) {
  return event.key === "?" && !event.target.closest("input, textarea, select, dialog");
}

const keyCap = (key) => el(JOINING.has(key) ? "span" : "kbd", {}, key);
