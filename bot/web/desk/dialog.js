import { el } from "../shared/dom.js";
import { wording } from "./wording.js";

/**
 * Asks before something that cannot be taken back.
 *
 * @param {{title: string, hint: string, note?: string}} options `note` is the label of an optional text
 * @returns {Promise<string|null>} the text, possibly empty; null when the agent thought better of it
 */
export function ask({ title, hint, note }) {
  const text = note && el("textarea", { rows: "3", maxlength: "1000" });
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", {}, title),
    el("p", {}, hint),
    text && el("label", {}, note, text),
    el(
      "menu",
      {},
      el("button", { value: "", type: "button", onclick: () => dialog.close("") }, wording.back),
      el("button", { value: "yes", class: "solid" }, wording.confirm),
    ),
  );
  const dialog = el("dialog", { "aria-label": title }, form);
  document.body.append(dialog);
  dialog.showModal();
  (text || form.querySelector(".solid")).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? (text ? text.value.trim() : "") : null);
    });
  });
}
