import { el } from "../../shared/dom.js";
import { api } from "../api.js";
import { wording } from "../wording.js";
import { field, form } from "./form.js";
import { words } from "./wording.js";

/**
 * Covers the whole page, dialogs included, until the password was given, here or in another tab.
 *
 * @param {{onunlocked: (agent: object) => void, onsignedout: (notice?: string) => void}} options
 */
export function lockCover({ onunlocked, onsignedout }) {
  const life = new AbortController();
  function end(then, value) {
    if (life.signal.aborted) return;
    life.abort();
    dialog.remove();
    then(value);
  }
  /** Another tab may have unlocked the session, or ended it. */
  async function look() {
    try {
      end(onunlocked, (await api.me()).agent);
    } catch (error) {
      if (error.status === 401 && error.code !== "desk_locked") end(onsignedout, wording.expired);
    }
  }
  async function unlock({ password }) {
    try {
      end(onunlocked, (await api.unlock(password)).agent);
    } catch (error) {
      if (error.code !== "invalid_desk_session") throw error;
      end(onsignedout, wording.expired);
    }
  }
  async function leave() {
    await api.logout().catch(() => {});
    end(onsignedout, "");
  }
  const dialog = el(
    "dialog",
    { class: "lock", "aria-label": words.lock.title },
    form({
      ...words.lock,
      content: [field(words.lock.password, { name: "password", type: "password", autocomplete: "current-password" })],
      act: unlock,
      more: [el("button", { type: "button", class: "inline", onclick: leave }, words.lock.leave)],
    }),
  );
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => !life.signal.aborted && dialog.showModal()); // Esc twice closes all the same
  addEventListener("focus", look, { signal: life.signal });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("input").focus();
}
