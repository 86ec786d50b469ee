import { el, setText } from "../../shared/dom.js";
import { api, explain } from "../api.js";
import { placeOf } from "../places.js";
import { wording } from "../wording.js";
import { words } from "./wording.js";

const said = words.offers;

/** One offer with its time running; later what became of it. */
export class OfferCard {
  #holds;
  #since = performance.now(); // the clock of this computer may be wrong, so it is asked for a duration only
  #do;
  #told = el("p", { class: "told" });
  #left = el("span", { class: "figure", role: "timer" });
  #fault = el("p", { class: "fault" });
  #buttons = el("menu");
  over = false;

  /**
   * @param {object} transfer as the server lists it
   * @param {{me: string, onaccepted: () => void, onanswered: () => void, onclose: () => void, guard: Function}} options
   */
  constructor(transfer, { me, onaccepted, onanswered, onclose, guard }) {
    const { conversation_id: id, from_name, to_name, note, offered_at, expires_at } = transfer;
    this.transfer = transfer;
    this.toMe = transfer.from_agent !== me;
    this.#holds = (Date.parse(expires_at) - Date.parse(offered_at)) / 1000;
    this.#do = (move, then) => this.#answer(move, then, guard);
    this.accept = () => this.#do(() => api.acceptTransfer(id), onaccepted);
    this.decline = () => this.#do(() => api.declineTransfer(id), onanswered);
    this.close = onclose;
    setText(this.#told, this.toMe ? said.toMe(from_name) : said.fromMe(to_name));
    const look = el("a", { href: placeOf("conversations", id) }, said.look);
    this.#buttons.append(...(this.toMe ? this.#toAnswer() : [button(said.withdraw, this.decline)]));
    const head = el("header", {}, this.#told, this.#left);
    const parts = [head, note && el("p", { class: "note" }, note), this.#fault, el("footer", {}, look, this.#buttons)];
    this.node = el("article", { class: `offer ${this.toMe ? "to-me" : ""}` }, ...parts);
    this.tick();
  }

  /** Lets the time run. @returns {boolean} whether it has just run out */
  tick() {
    if (this.over) return false;
    const left = Math.ceil(this.#holds - (performance.now() - this.#since) / 1000);
    const runsOut = left <= 0 && this.#left.textContent !== said.left(0);
    setText(this.#left, said.left(Math.max(0, left)));
    return runsOut;
  }

  /** It holds no longer: `text` says why. */
  end(text) {
    this.over = true;
    setText(this.#told, text);
    setText(this.#left, "");
    this.#buttons.replaceChildren(button(said.close, this.close));
  }

  #toAnswer() {
    return [button(said.decline, this.decline, "Alt U"), button(said.accept, this.accept, "Alt Y", "solid")];
  }

  async #answer(move, then, guard) {
    setText(this.#fault, "");
    try {
      await move();
      then();
    } catch (error) {
      if (error.code === "not_offered") this.end(error.message);
      else setText(this.#fault, explain(error, wording.unreachable));
      await guard(Promise.reject(error)).catch(() => {});
    }
  }
}

function button(label, onclick, key, style = "plain") {
  const cap = key && el("kbd", { "aria-hidden": "true" }, key);
  return el("li", {}, el("button", { type: "button", class: style, onclick, "aria-keyshortcuts": key?.replace(" ", "+") }, label, cap));
}
