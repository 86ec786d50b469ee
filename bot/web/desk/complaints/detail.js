import { el, setText } from "../../shared/dom.js";
import { api, explain } from "../api.js";
import { revealer, withMasked } from "../masked.js";
import { wording } from "../wording.js";
import { deadlineMark } from "./deadline.js";
import { clockCard, customerCard, factsCard, handlingCard } from "./facts.js";
import { Moves } from "./moves.js";
import { approval } from "./approval.js";
import { timeline } from "./timeline.js";
import { words } from "./wording.js";
import { Writing } from "./writing.js";

/** The open complaint: what it is about, what has happened, and what this agent may do now. */
export class ComplaintDetail {
  #number = null;
  #moving = false;
  #content = "";
  #onmoved;
  #moves;
  #title = el("h1", { class: "figure" });
  #marks = el("span", { class: "marks" });
  #main = el("span", { class: "moves" });
  #fault = el("p", { class: "fault", role: "alert" });
  #story = el("div", { class: "story", tabindex: "0" });
  #cards = el("aside", { class: "cards" });
  #writing;
  #body;
  #nothing = el("div", { class: "nothing" });

  /** @param {{kept: import("../../shared/storage.js").Storage, onmoved: () => Promise}} options */
  constructor({ kept, onmoved }) {
    this.#onmoved = onmoved;
    this.#moves = new Moves({ make: (move, values) => api.move(this.#number, move, values) });
    this.#writing = new Writing({ kept, onmoved });
    this.#body = el(
      "div",
      { class: "body", hidden: true },
      el(
        "section",
        { class: "talk" },
        el("header", { class: "head" }, el("div", {}, this.#title, this.#marks), this.#main),
        this.#fault,
        this.#story,
        this.#writing.node,
      ),
      this.#cards,
    );
    this.node = el("main", { class: "stage" }, this.#nothing, this.#body);
    this.#say(words.pick, wording.pickHint);
  }

  stop() {
    this.#writing.stop();
  }

  /** Turns to another complaint, whose content is on its way. */
  begin(number) {
    this.#number = number;
    setText(this.#fault, "");
    this.#body.hidden = true;
    this.#say();
  }

  missing() {
    this.#body.hidden = true;
    this.#say(words.gone);
  }

  show(detail, choices) {
    const first = this.#body.hidden;
    const content = JSON.stringify([detail, choices]);
    if (!first && content === this.#content) return; // a button about to be pressed stays the same button
    this.#content = content;
    const { complaint, timeline: entries, extension, moves, templates } = detail;
    const { number, conversation_id: conversation, reveals } = complaint;
    const reveal = reveals ? revealer({ conversation, complaint: number }) : null;
    setText(this.#title, number);
    this.#marks.replaceChildren(
      el("span", { class: `state ${complaint.state}` }, words.states[complaint.state]),
      deadlineMark(complaint),
      ...complaint.concerns.map((concern) => el("span", { class: "tag grave_complaint" }, words.concerns[concern])),
    );
    const buttons = this.#moves.buttons({ complaint, moves, choices }, (move) => this.#do(move));
    this.#keepingFocus(() => {
      this.#main.replaceChildren(...buttons.main);
      this.#cards.replaceChildren(
        clockCard(complaint),
        handlingCard(complaint, buttons.side),
        customerCard(complaint, reveal),
        factsCard(complaint, reveal),
      );
      const asked = extension && approval(extension, moves, (move) => this.#do(() => this.#moves.decide(move, extension)));
      this.#story.replaceChildren(...[asked, ...story(complaint, reveal), timeline(entries, reveal)].filter(Boolean));
    });
    this.#writing.show(complaint, templates);
    this.#writing.node.hidden = !moves.includes("note"); // who only reads writes nothing
    this.#nothing.hidden = true;
    this.#body.hidden = false;
    if (first) this.#story.scrollTop = 0;
  }

  #say(...lines) {
    this.#nothing.replaceChildren(...lines.map((line) => el("p", {}, line)));
    this.#nothing.hidden = false;
  }

  /** What is shown again is new; who works by keyboard stays on the button of the same name, or on the story. */
  #keepingFocus(act) {
    const { activeElement } = document;
    const within = this.#body.contains(activeElement) && !this.#writing.node.contains(activeElement);
    act();
    if (!within || activeElement.isConnected) return;
    const label = activeElement.textContent;
    const same = [...this.#body.querySelectorAll("button, a")].find((node) => node.textContent === label);
    (same ?? this.#story).focus();
  }

  /** Makes a move, then shows what came of it, refusals included. A second click meanwhile does nothing. */
  async #do(move) {
    if (this.#moving) return;
    this.#moving = true;
    setText(this.#fault, "");
    try {
      await move();
    } catch (error) {
      setText(this.#fault, explain(error, wording.unreachable));
    }
    this.#moving = false;
    await this.#onmoved();
  }
}

function story({ what, wish }, reveal) {
  const part = (title, text) => el("section", {}, el("h2", {}, title), el("p", { class: "told" }, ...withMasked(text, reveal)));
  return [part(words.what, what), wish && part(words.wish, wish)].filter(Boolean);
}
