import { el, setText } from "../shared/dom.js";
import { dayOf, elapsed } from "../shared/time.js";
import { api } from "./api.js";
import { ask } from "./dialog.js";
import { Refresh } from "./refresh.js";
import { sheet, table } from "./sheet.js";
import { askProfile } from "./team/profile.js";
import { words as team } from "./team/wording.js";
import { wording } from "./wording.js";

const words = wording.wall;
const EVERY_S = 15; // nobody tells of a session that was left alone
const SLOW_S = 180;

/** For supervisors: the queue, the clocks, the agents and the day so far, kept current by the stream. */
export class WallPage {
  #refresh;
  #seconds = 0;
  #longest = 0;
  #tiles;
  #body = el("tbody");
  #reasons = el("dl");

  constructor({ guard, signal }) {
    this.#refresh = new Refresh(() => this.#fetch(), { guard, signal });
    this.#tiles = Object.fromEntries(Object.entries(words.tiles).map(([name, label]) => [name, new Tile(label)]));
    const save = el("button", { type: "button", class: "plain", onclick: () => askServices() }, words.save);
    this.node = el(
      "main",
      { class: "page outbox wall" },
      el("header", {}, el("h1", {}, words.title), el("p", { class: "quiet" }, words.about), save),
      el("dl", { class: "tiles" }, ...Object.values(this.#tiles).map(({ node }) => node)),
      el(
        "div",
        { class: "halves" },
        sheet(table(words.columns, this.#body, { caption: words.load })),
        el("section", { class: "side-card" }, el("h2", {}, words.reasons), this.#reasons),
      ),
    );
  }

  receive(frame) {
    if (frame.type === "queue" || frame.type === "conversation") this.refresh();
  }

  tick() {
    this.#seconds += 1;
    if (this.#seconds % EVERY_S === 0) this.refresh();
    if (this.#longest) this.#showLongest((this.#longest += 1));
  }

  refresh() {
    if (!this.node.hidden) this.#refresh.ask();
  }

  show() {
    this.refresh();
  }

  focus() {
    this.node.querySelector(".sheet").focus();
  }

  async #fetch() {
    const { waiting, longest_wait_s, online, away, served, clocks, tickets, tickets_late: late, agents, today } = await api.wall();
    const stands = Object.values(clocks);
    const count = (standing) => stands.reduce((sum, each) => sum + each[standing], 0);
    this.#longest = longest_wait_s;
    this.#showLongest(longest_wait_s);
    this.#tiles.waiting.show(String(waiting), waiting > 0 && online === 0);
    this.#tiles.online.show(String(online), online === 0, away ? words.paused(away) : "");
    this.#tiles.serving.show(String(served));
    this.#tiles.breached.show(String(count("breached")), count("breached") > 0, count("warning") ? words.soon(count("warning")) : "");
    this.#tiles.tickets.show(String(tickets), late > 0, late ? words.late(late) : "");
    this.#tiles.queued.show(String(today.queued), false, words.queued(today.claimed, today.given_up));
    this.#tiles.mean_wait.show(today.mean_wait_s === null ? words.none : elapsed(today.mean_wait_s), today.mean_wait_s > SLOW_S);
    this.#tiles.long_waits.show(String(today.long_waits), today.long_waits > 0);
    this.#tiles.score.show(today.ratings ? today.score.toFixed(1) : words.none, false, words.ratings(today.ratings));
    this.#body.replaceChildren(...agents.map((agent) => agentRow(agent, this.#set)));
    const reasons = Object.entries(today.reasons).flatMap(([reason, count]) => [
      el("dt", {}, wording.reasons[reason] ?? reason),
      el("dd", { class: "figure" }, String(count)),
    ]);
    this.#reasons.replaceChildren(...(reasons.length ? reasons : [el("dt", {}, words.nobody)]));
  }

  #set = async (agentId) => {
    if (await askProfile(agentId)) this.refresh();
  };

  #showLongest(seconds) {
    this.#tiles.longest.show(seconds ? elapsed(seconds) : words.none, seconds > SLOW_S);
  }
}

/** A figure with its name. */
class Tile {
  #value = el("span");
  #detail = el("small");

  constructor(label) {
    this.node = el("div", { class: "tile" }, el("dt", {}, label), el("dd", {}, this.#value, this.#detail));
  }

  show(value, alarming = false, detail = "") {
    setText(this.#value, value);
    setText(this.#detail, detail);
    this.node.classList.toggle("alarming", alarming);
  }
}

function agentRow({ agent_id, name, presence, serving, capacity, closed, ...rated }, set) {
  return el(
    "tr",
    { class: presence === "online" ? null : "away" },
    el("td", {}, name),
    el("td", {}, el("span", { class: `presence ${presence === "online" ? "here" : ""}` }, team.presence[presence])),
    ...[words.load_of(serving, capacity), String(closed), score(rated)].map((value) => el("td", { class: "figure" }, value)),
    el("td", {}, el("button", { type: "button", class: "inline", "aria-label": words.settings(name), onclick: () => set(agent_id) }, team.profile.open)),
  );
}

const score = ({ score: mean, ratings }) => (ratings ? words.score(mean.toFixed(1), ratings) : words.none);

/** Asks for the period and hands the rows to the browser as a file. */
function askServices() {
  const today = dayOf(new Date());
  const date = (name, label) => el("label", {}, label, el("input", { type: "date", name, value: today, max: today, required: true }));
  const fields = [el("div", { class: "pair" }, date("since", words.from), date("until", words.to))];
  return ask({ title: words.saveAsk, hint: words.saveHint, fields, confirm: words.saveDo, act: (values) => api.exportServices(values) });
}
