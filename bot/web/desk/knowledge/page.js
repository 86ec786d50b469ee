import { el } from "../../shared/dom.js";
import { readable } from "../../shared/placeholders.js";
import { api, explain } from "../api.js";
import { go, placeOf } from "../places.js";
import { Refresh } from "../refresh.js";
import { may } from "../staff/roles.js";
import { wording } from "../wording.js";
import { BuildSign } from "./build.js";
import { draftDetail } from "./draft.js";
import { entryDetail } from "./entry.js";
import { groupDetail } from "./group.js";
import { hitTestDetail } from "./hit_test.js";
import { KnowledgeList } from "./list.js";
import { IDS } from "./rows.js";
import { Stage } from "./stage.js";
import { words } from "./wording.js";
import { writing } from "./writing.js";

const VIEWS = { miss: "inbox", draft: "drafts", entry: "entries", test: "test" };
const EVERY_S = { live: 15, building: 3 }; // nobody tells of a build that is done
const EMPTY = { question: "", phrasings: [], answer: "" };

/** The editor's loop: what customers missed, drafts, entries and the hit test. */
export class KnowledgePage {
  #kept;
  #edits;
  #onbadge;
  #refresh;
  #list;
  #build;
  #stage = new Stage();
  #open = null; // what the address names
  #form = false; // a form is open: nothing that arrives replaces it
  #seconds = 0;
  #every = EVERY_S.live;

  constructor({ agent, kept, guard, signal, onbadge }) {
    this.#kept = kept;
    this.#edits = may(agent, "knowledge.edit");
    this.#onbadge = onbadge;
    this.#refresh = new Refresh(() => this.#fetch(), { guard, signal });
    this.#build = new BuildSign({ approves: may(agent, "knowledge.approve"), guard, onagain: () => this.refresh() });
    this.#list = new KnowledgeList({
      kept,
      edits: this.#edits,
      below: this.#build.node,
      onopen: (id) => this.#go(id),
      onturn: (view) => this.#turn(view),
      onchange: () => this.refresh(),
      onnew: () => this.#write({ entry_id: null, record: EMPTY }),
    });
    this.node = el("div", { class: "page knowledge" }, this.#list.node, this.#stage.node);
  }

  stop() {
    this.#list.stop();
  }

  refresh() {
    this.#seconds = 0;
    return this.#refresh.ask();
  }

  tick() {
    this.#seconds += 1;
    if (this.#seconds >= this.#every) this.refresh();
  }

  focus() {
    this.#list.focus();
  }

  show(id) {
    if (!id || id === this.#open) {
      this.refresh();
      return;
    }
    this.#open = id;
    this.#form = false;
    this.#stage.say();
    if (id.startsWith("test:")) this.#list.remember(id.slice("test:".length));
    this.#list.turn(VIEWS[id.split(":")[0]] ?? "inbox");
    this.#list.select(id);
    this.refresh();
  }

  /** Opens it, again where it is open: the same sentence again is asked again. */
  #go(id) {
    if (location.hash === placeOf("knowledge", id)) {
      this.#open = null;
      this.show(id);
    } else go("knowledge", id);
  }

  #turn(view) {
    this.#list.turn(view);
    if (!this.#form) this.#leave();
    this.refresh();
  }

  /** Nothing is open any more. */
  #leave() {
    this.#open = null;
    this.#form = false;
    if (location.hash.startsWith("#/knowledge/")) history.replaceState(null, "", "#/knowledge");
    this.#list.select(null);
    this.#stage.say(words.pick[this.#list.view], words.pickHint);
  }

  async #fetch() {
    const { build, to_approve } = await api.knowledgeState();
    this.#build.show(build);
    this.#every = build.state === "live" ? EVERY_S.live : EVERY_S.building;
    this.#onbadge(to_approve);
    if (this.node.hidden) return;
    const lines = await this.#list.fetch(to_approve);
    if (lines === null || this.#form) return;
    if (this.#open) await this.#detail(this.#open, lines);
    else this.#stage.say(words.pick[this.#list.view], words.pickHint);
  }

  async #detail(id, lines) {
    const [kind] = id.split(":");
    const listed = lines.find((line) => IDS[this.#list.view](line) === id);
    const made = await this.#made(kind, id.slice(kind.length + 1), listed);
    if (id !== this.#open || this.#form) return;
    if (made === null) this.#stage.say(words.gone);
    else this.#stage.show(`${id} ${JSON.stringify(made.content)}`, made.make);
  }

  /** What is shown, and from what; null where there is no such thing any more. */
  async #made(kind, rest, listed) {
    try {
      if (kind === "entry") {
        const entry = await api.entry(rest);
        const begun = (draft) => this.#moved(`draft:${draft}`);
        const onedit = () => this.#write({ entry_id: rest, record: entry.record });
        return { content: entry, make: () => entryDetail(entry, this.#edits, { onedit, onbegun: begun }) };
      }
      if (kind === "test") {
        const told = await api.hitTest(rest);
        return { content: told, make: () => hitTestDetail(rest, told) };
      }
    } catch (error) {
      if (error.status === 404) return null;
      if (error.status !== 503) throw error;
      return { content: error.message, make: () => ({ title: rest, content: [el("p", { class: "fault" }, explain(error, wording.unreachable))] }) };
    }
    if (!listed) return null;
    if (kind === "draft") return { content: listed, make: () => draftDetail(listed, this.#actions(listed)) };
    const onnew = () => this.#write({ entry_id: null, record: asNew(listed), misses: listed.misses });
    const make = () => groupDetail(listed, this.#edits, { onnew, onadd: (id) => this.#add(id, listed), ondone: () => this.#done() });
    return { content: listed, make };
  }

  #actions(draft) {
    const { draft_id, entry_id, record } = draft;
    return {
      act: (move) => this.#stage.act(move).then(() => this.refresh()),
      onchange: () => this.#write({ draft_id, entry_id, record }),
      ondone: () => this.#done(),
    };
  }

  /** Questions of customers become phrasings of an entry that is there. */
  #add(id, group) {
    return this.#stage.act(async () => {
      const { record } = await api.entry(id);
      const phrasings = [...new Set([...record.phrasings, ...textsOf(group)])];
      await this.#write({ entry_id: id, record: { ...record, phrasings }, misses: group.misses });
    });
  }

  async #write({ draft_id = null, entry_id, record, misses = [] }) {
    const topics = this.#list.topics.length > 0 ? this.#list.topics : (await api.entries("")).topics;
    this.#form = true;
    const close = () => {
      this.#form = false;
      if (this.#open) this.refresh();
      else this.#leave();
    };
    const made = writing({
      draft: { draft_id, entry_id, record, misses },
      topics,
      kept: this.#kept,
      act: (move) => this.#stage.act(move),
      onsaved: (id) => this.#moved(`draft:${id}`),
      oncancel: close,
    });
    this.#stage.show(`form ${draft_id ?? entry_id} ${Date.now()}`, () => made);
    this.#stage.node.querySelector("[name=question]").focus();
  }

  /** Shows what came of a move. */
  #moved(id) {
    this.#form = false;
    if (this.#open === id) this.refresh();
    else go("knowledge", id);
  }

  #done() {
    this.#leave();
    this.refresh();
  }
}

const textsOf = ({ questions }) => [...new Set(questions.map(({ text }) => readable(text)))];

/** What customers asked, as the beginning of an entry. */
function asNew(group) {
  const [question, ...phrasings] = textsOf(group);
  return { ...EMPTY, question, phrasings };
}
