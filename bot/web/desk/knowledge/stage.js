import { el, setText } from "../../shared/dom.js";
import { explain } from "../api.js";
import { wording } from "../wording.js";

/** The right side: what is open, with its title, its moves, and why a move was refused. */
export class Stage {
  #title = el("h1");
  #marks = el("span", { class: "marks" });
  #moves = el("span", { class: "moves" });
  #fault = el("p", { class: "fault", role: "alert" });
  #story = el("div", { class: "story", tabindex: "0" });
  #nothing = el("div", { class: "nothing" });
  #body;
  #shown = "";
  #acting = false;

  constructor() {
    this.#body = el(
      "section",
      { class: "talk", hidden: true },
      el("header", { class: "head" }, el("div", {}, this.#title, this.#marks), this.#moves),
      this.#fault,
      this.#story,
    );
    this.node = el("main", { class: "stage" }, this.#nothing, this.#body);
  }

  /** Nothing is open. */
  say(...lines) {
    this.#shown = "";
    this.#body.hidden = true;
    this.#nothing.replaceChildren(...lines.map((line) => el("p", {}, line)));
    this.#nothing.hidden = false;
  }

  /**
   * @param {string} key what is shown, with all its content: the same again changes nothing, and keeps the focus
   * @param {() => {title: string, marks?: Node[], buttons?: Node[], content: Node[]}} make
   */
  show(key, make) {
    if (key === this.#shown) return;
    this.#shown = key;
    const within = this.#body.contains(document.activeElement);
    const { title, marks = [], buttons = [], content } = make();
    setText(this.#title, title);
    setText(this.#fault, "");
    this.#marks.replaceChildren(...marks.filter(Boolean));
    this.#moves.replaceChildren(...buttons.filter(Boolean));
    this.#story.replaceChildren(...content.filter(Boolean));
    this.#story.scrollTop = 0;
    this.#nothing.hidden = true;
    this.#body.hidden = false;
    if (within && !this.#body.contains(document.activeElement)) this.#story.focus();
  }

  /** Makes a move and tells why where it is refused; whether it was made. A second click meanwhile does nothing. */
  async act(move) {
    if (this.#acting) return false;
    this.#acting = true;
    setText(this.#fault, "");
    try {
      await move();
      return true;
    } catch (error) {
      setText(this.#fault, explain(error, wording.unreachable));
      return false;
    } finally {
      this.#acting = false;
    }
  }
}

export const button = (label, style, onclick) => el("button", { type: "button", class: style, onclick }, label);

export const part = (title, ...content) => el("section", {}, el("h2", {}, title), ...content);
