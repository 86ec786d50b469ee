import { el, setText } from "../../shared/dom.js";
import { api, explain } from "../api.js";
import { wording } from "../wording.js";
import { words } from "./wording.js";

const said = words.next;

/** Below the lists: takes whoever should be served next, which the server decides. */
export class NextOne {
  #onclaimed;
  #told = el("p", { class: "fault", role: "alert" });
  #button = el(
    "button",
    { type: "button", class: "solid", "aria-keyshortcuts": "Alt+J", onclick: () => this.#claim() },
    said.label,
    el("kbd", { "aria-hidden": "true" }, "Alt J"),
  );

  /** @param {(id: string) => void} onclaimed */
  constructor(onclaimed) {
    this.#onclaimed = onclaimed;
    this.node = el("div", { class: "next" }, this.#told, this.#button);
    this.show(0);
  }

  /** @param {number} waiting how many wait */
  show(waiting) {
    this.#button.disabled = waiting === 0;
  }

  press() {
    this.#button.click();
  }

  async #claim() {
    setText(this.#told, "");
    try {
      const { conversation_id } = await api.claimNext();
      if (conversation_id) this.#onclaimed(conversation_id);
      else setText(this.#told, said.nobody);
    } catch (error) {
      setText(this.#told, explain(error, wording.unreachable));
    }
  }
}
