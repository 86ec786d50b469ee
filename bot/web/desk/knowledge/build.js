import { el, setText } from "../../shared/dom.js";
import { api } from "../api.js";
import { button } from "./stage.js";
import { words } from "./wording.js";

/** Whether customers already get what was published. */
export class BuildSign {
  #text = el("span", { role: "status" });
  #again;

  /** @param {{approves: boolean, guard: (pending: Promise) => Promise, onagain: () => void}} options */
  constructor({ approves, guard, onagain }) {
    this.#again = button(words.build.again, "plain small", () => guard(api.rebuild()).then(onagain));
    this.#again.hidden = true;
    this.node = el("p", { class: "build" }, this.#text, approves && this.#again);
  }

  show({ state, problem }) {
    const told = words.build[state];
    setText(this.#text, typeof told === "function" ? told(problem) : told);
    this.node.className = `build ${state}`;
    this.#again.hidden = state !== "failed";
  }
}
