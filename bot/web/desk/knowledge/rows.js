import { el, setText } from "../../shared/dom.js";
import { readable } from "../../shared/placeholders.js";
import { whenSaid } from "../../shared/time.js";
import { Rows } from "../rows.js";
import { words } from "./wording.js";

/** What a draft does to its entry. */
export const kindOf = ({ record, before }) => (record === null ? "retired" : before === null ? "added" : "changed");

const LINES = {
  inbox: ({ questions, count, answered_by, newest }) => ({
    title: readable(questions[0].text),
    aside: words.times(count),
    tag: answered_by.length > 0 ? words.useless : words.missed,
    tone: answered_by.length > 0 ? "misses" : "",
    whose: whenSaid(newest),
  }),
  drafts: (draft) => ({
    title: (draft.record ?? draft.before)?.question ?? draft.entry_id,
    aside: words.kinds[kindOf(draft)],
    tag: draft.state === "open" && draft.note ? words.sentBack : words.states[draft.state],
    tone: draft.state === "submitted" || draft.note ? "misses" : "",
    whose: words.by(draft.author, whenSaid(draft.changed_at)),
  }),
  entries: ({ id, question, phrasings, version }) => ({
    title: question,
    aside: "",
    tag: id,
    tone: "",
    whose: `${words.phrasings(phrasings)} · ${words.version(version)}`,
  }),
  test: ({ text }) => ({ title: text, aside: "", tag: "", tone: "", whose: "" }),
};

/** How the address names what is open. */
export const IDS = {
  inbox: ({ id }) => `miss:${id}`,
  drafts: ({ draft_id }) => `draft:${draft_id}`,
  entries: ({ id }) => `entry:${id}`,
  test: ({ text }) => `test:${text}`,
};

/** The list of one view. */
export function rowsOf(view, onopen) {
  return new Rows({ make: (onclick) => new Row(LINES[view], onclick), idOf: IDS[view], onopen });
}

class Row {
  #line;
  #title = el("strong");
  #aside = el("span", { class: "whose" });
  #tag = el("span", { class: "tag" });
  #whose = el("span", { class: "whose" });

  constructor(line, onclick) {
    this.#line = line;
    this.node = el(
      "li",
      { role: "option", tabindex: "-1", onclick },
      el("div", {}, this.#title, this.#aside),
      el("div", {}, this.#tag, this.#whose),
    );
  }

  update(item, selected) {
    const { title, aside, tag, tone, whose } = this.#line(item);
    this.node.setAttribute("aria-selected", String(selected));
    setText(this.#title, title);
    setText(this.#aside, aside);
    setText(this.#tag, tag);
    this.#tag.className = `tag ${tone}`;
    this.#tag.parentElement.hidden = !tag;
    setText(this.#whose, whose);
  }
}
