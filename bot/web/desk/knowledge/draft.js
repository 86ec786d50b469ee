import { el } from "../../shared/dom.js";
import { whenSaid } from "../../shared/time.js";
import { api } from "../api.js";
import { ask, textField } from "../dialog.js";
import { comparing, reading } from "./record.js";
import { kindOf } from "./rows.js";
import { button } from "./stage.js";
import { words } from "./wording.js";

/**
 * A draft beside what holds now, with what this person may do with it.
 *
 * @param {object} draft
 * @param {{act: (move: () => Promise) => void, onchange: () => void, ondone: () => void}} actions `act` makes a move
 *   and shows what came of it
 */
export function draftDetail(draft, { act, onchange, ondone }) {
  const move = (name, values) => api.moveDraft(draft.draft_id, name, values);
  const asked = (name, options) => ask({ ...options, act: (values) => move(name, values) }).then((done) => done && ondone());
  const moves = {
    change: onchange,
    submit: () => act(() => move("submit")),
    withdraw: () => asked("withdraw", { title: words.withdrawAsk, hint: words.withdrawHint }),
    send_back: () =>
      asked("send_back", {
        title: words.sendBackAsk,
        fields: [textField({ name: "note", label: words.sendBackNote, required: true, maxlength: "500" })],
      }),
    publish: () => asked("publish", { title: words.publishAsk, hint: words.publishHint }),
  };
  const order = ["withdraw", "send_back", "change", "submit", "publish"].filter((name) => draft.moves.includes(name));
  const waits = draft.mine && draft.state === "submitted";
  return {
    title: (draft.record ?? draft.before)?.question ?? draft.entry_id,
    marks: [
      el("span", { class: "tag" }, words.kinds[kindOf(draft)]),
      el("span", { class: `state ${draft.state === "submitted" ? "queued" : ""}` }, words.states[draft.state]),
    ],
    buttons: order.map((name) => button(words.moves[name], ["submit", "publish"].includes(name) ? "solid" : "plain", moves[name])),
    content: [
      el("p", { class: "quiet" }, `${draft.entry_id} · ${words.by(draft.author, whenSaid(draft.changed_at))}`, waits && ` · ${words.ownDraft}`),
      draft.note && draft.state === "open" && el("section", { class: "note-back" }, el("h2", {}, words.returned(draft.reviewer)), el("p", { class: "told" }, draft.note)),
      draft.record === null && el("p", { class: "note-back" }, words.retiring),
      ...(draft.record === null ? (draft.before ? reading(draft.before) : []) : comparing(draft.before, draft.record)),
    ],
  };
}
