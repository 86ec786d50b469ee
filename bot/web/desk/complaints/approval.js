import { el } from "../../shared/dom.js";
import { day } from "./deadline.js";
import { words } from "./wording.js";

/**
 * The request for more time that waits for a supervisor; with buttons for one who may decide on it.
 *
 * @param {object} extension
 * @param {string[]} moves what this agent may do
 * @param {(move: string) => void} ondecide
 */
export function approval(extension, moves, ondecide) {
  const button = (move, label, style) => el("button", { type: "button", class: style, onclick: () => ondecide(move) }, label);
  const may = moves.includes("approve");
  return el(
    "section",
    { class: "approval" },
    el("div", {}, el("p", {}, words.requested(extension)), el("p", { class: "quiet" }, words.until(day(extension.until)))),
    may
      ? el("div", { class: "moves" }, button("refuse", words.refuse, "plain"), button("approve", words.approve, "solid"))
      : el("p", { class: "quiet" }, extension.mine ? words.own : words.waiting),
  );
}
