import { el, setText } from "../../shared/dom.js";
import { api } from "../api.js";
import { Tabs } from "../tabs.js";
import { rowsOf } from "./rows.js";
import { askExport, askImport } from "./sheets.js";
import { button } from "./stage.js";
import { words } from "./wording.js";

const TYPING_MS = 300;
const TRIED = "knowledge-tried";
const MOST_TRIED = 30;

/** The left side: four views, each a list, with what narrows it down or is asked. */
export class KnowledgeList {
  #kept;
  #onchange;
  #tabs;
  #rows;
  #timer = null;
  #search;
  #sentence;
  #filters;
  #asking;
  #empty = el("p", { class: "empty", hidden: true });
  #more = el("p", { class: "more", role: "status" });
  view = "inbox";
  /** Of the entries, once they were listed. */
  topics = [];

  /**
   * @param {object} options
   * @param {import("../../shared/storage.js").Storage} options.kept where the sentences that were tried stay
   * @param {boolean} options.edits whether this person writes
   * @param {HTMLElement} options.below what stands at the very end
   * @param {(id: string) => void} options.onopen
   * @param {(view: string) => void} options.onturn
   * @param {() => void} options.onchange another filter
   * @param {() => void} options.onnew
   */
  constructor({ kept, edits, below, onopen, onturn, onchange, onnew }) {
    this.#kept = kept;
    this.#onchange = onchange;
    this.#tabs = new Tabs({ labels: words.views, label: words.viewsLabel, onturn });
    this.#rows = Object.fromEntries(Object.keys(words.views).map((view) => [view, rowsOf(view, onopen)]));
    this.#search = el("input", { type: "search", maxlength: "100", "aria-label": words.search, placeholder: words.searchHint, oninput: () => this.#typed() });
    this.#filters = el("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() }, this.#search);
    this.#sentence = el("input", { maxlength: "500", required: true, autocomplete: "off", "aria-label": words.sentence, placeholder: words.sentenceHint });
    const ontry = (event) => {
      event.preventDefault();
      if (this.#sentence.value.trim()) onopen(`test:${this.#sentence.value.trim()}`);
    };
    this.#asking = el("form", { class: "filters find", onsubmit: ontry }, this.#sentence, el("button", { class: "solid" }, words.try));
    const take = async () => (await askImport()) && onturn("drafts");
    this.node = el(
      "section",
      { class: "lists", "aria-label": words.viewsLabel },
      this.#tabs.node,
      this.#filters,
      this.#asking,
      ...Object.values(this.#rows).map(({ node }) => node),
      this.#empty,
      el(
        "footer",
        {},
        this.#more,
        el("span", { class: "moves" }, edits && button(words.newEntry, "plain", onnew), edits && button(words.import, "plain", take), button(words.export, "plain", () => askExport())),
      ),
      below,
    );
    this.turn("inbox");
  }

  stop() {
    clearTimeout(this.#timer);
  }

  turn(view) {
    this.view = view;
    for (const [each, { node }] of Object.entries(this.#rows)) node.hidden = each !== view;
    this.#filters.hidden = view !== "entries";
    this.#asking.hidden = view !== "test";
    this.#empty.hidden = true;
    setText(this.#more, "");
  }

  select(id) {
    this.#rows[this.view].select(id);
  }

  focus() {
    if (this.view === "test") this.#sentence.focus();
    else this.#rows[this.view].focus();
  }

  /** A sentence is tried: it stays in the list. */
  remember(text) {
    this.#sentence.value = text;
    const tried = this.#tried;
    if (tried.every((each) => each.text !== text)) this.#kept.set(TRIED, [{ text }, ...tried].slice(0, MOST_TRIED));
  }

  /** Fetches and shows the current view; null when another one was chosen meanwhile, else what is listed. */
  async fetch(toApprove) {
    const { view } = this;
    const { lines, total } = await this.#listed(view);
    if (view !== this.view) return null;
    this.#tabs.show(view, { drafts: toApprove, inbox: view === "inbox" ? total : 0 });
    this.#rows[view].show(lines, words.views[view]);
    setText(this.#empty, words.empty[view]);
    this.#empty.hidden = lines.length > 0;
    setText(this.#more, words.more(lines.length, total));
    return lines;
  }

  async #listed(view) {
    if (view === "inbox") {
      const { groups, total } = await api.inbox();
      return { lines: groups, total };
    }
    if (view === "entries") {
      const { entries, total, topics } = await api.entries(this.#search.value.trim());
      this.topics = topics;
      return { lines: entries, total };
    }
    const lines = view === "drafts" ? (await api.drafts()).drafts : this.#tried;
    return { lines, total: lines.length };
  }

  get #tried() {
    return this.#kept.get(TRIED) ?? [];
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onchange, TYPING_MS);
  }
}
