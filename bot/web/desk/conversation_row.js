import { el, setText } from "../shared/dom.js";
import { readable } from "../shared/placeholders.js";
import { elapsed, whenSaid } from "../shared/time.js";
import { words } from "./team/wording.js";
import { wording } from "./wording.js";

const SLOW_S = 180; // after this a waiting time is marked
const WORST_FIRST = ["breached", "warning"];

/** One conversation in a list: who, why, how urgent, whose, and which of its clocks run out. */
export class ConversationRow {
  #name = el("strong");
  #urgency = el("span", { class: "urgency" });
  #clock = el("span", { class: "clock" });
  #wait = el("span", { class: "wait" });
  #reason = el("span", { class: "tag" });
  #skill = el("span", { class: "skill" });
  #tags = el("span", { class: "tags" });
  #call = el("span", { class: "call" });
  #whose = el("span", { class: "whose" });
  #text = el("span", { class: "last" });
  #unread = el("span", { class: "unread" });

  #me;

  /** @param {string} me id of the agent who looks */
  constructor(onclick, me) {
    this.#me = me;
    this.node = el(
      "li",
      { role: "option", tabindex: "-1", onclick },
      el("div", {}, this.#name, this.#urgency, this.#clock, this.#wait),
      el("div", {}, this.#text, this.#unread),
      el("div", {}, this.#reason, this.#skill, this.#tags, this.#call, this.#whose),
    );
  }

  update(line, selected) {
    this.node.setAttribute("aria-selected", String(selected));
    setText(this.#name, line.customer_name ?? wording.visitor);
    setText(this.#text, readable(line.last_text ?? ""));
    setText(this.#reason, wording.reasons[line.reason] ?? line.reason ?? "");
    setText(this.#whose, this.#whoseIs(line));
    this.#reason.className = `tag ${line.reason}`;
    setText(this.#urgency, words.marks.urgencies[line.urgency] ?? "");
    this.#urgency.className = `urgency urgency-${line.urgency}`;
    setText(this.#skill, line.skill && line.skill !== "general" ? words.skills[line.skill] : "");
    this.#showClock(line.clocks ?? []);
    setText(this.#tags, (line.tags ?? []).map((tag) => `#${tag}`).join(" "));
    const call = line.whispered ? words.help.label : line.mentions ? wording.mentioned : "";
    this.#call.classList.toggle("whispered", line.whispered);
    setText(this.#call, selected ? "" : call);
    setText(this.#unread, line.unread && !selected ? String(line.unread) : "");
  }

  #whoseIs({ state, agent_name: name, reserved_for: kept }) {
    if (kept) return kept === this.#me ? words.marks.keptForMe : words.marks.keptForOther;
    return state === "agent" ? name : wording.states[state];
  }

  /** The one that is worst off; those on time say nothing. */
  #showClock(clocks) {
    const [worst] = WORST_FIRST.flatMap((standing) => clocks.filter((each) => each.standing === standing));
    setText(this.#clock, worst ? words.marks.standings[worst.standing] : "");
    this.#clock.className = `clock ${worst?.standing ?? ""}`;
    this.#clock.title = worst ? words.marks.due(words.marks.measures[worst.measure], whenSaid(worst.due_at)) : "";
  }

  /** @param {number} since seconds since the list was fetched */
  tick(line, since) {
    const waiting = line.waiting_s !== null && line.waiting_s !== undefined;
    const seconds = waiting ? line.waiting_s + since : 0;
    setText(this.#wait, waiting ? elapsed(seconds) : line.queued_at ? whenSaid(line.queued_at) : "");
    this.#wait.classList.toggle("ticking", waiting);
    this.#wait.classList.toggle("slow", seconds > SLOW_S);
  }
}
