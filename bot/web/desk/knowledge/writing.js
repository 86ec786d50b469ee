import { autogrow, el, setText } from "../../shared/dom.js";
import { api } from "../api.js";
import { selection } from "../dialog.js";
import { button } from "./stage.js";
import { words } from "./wording.js";

const OTHER = "";

/**
 * The form of a draft. What is half written stays for this tab until it is saved.
 *
 * @param {object} options
 * @param {{entry_id: string|null, draft_id: string|null, record: object, misses: string[]}} options.draft an
 *   `entry_id` of null is a new entry
 * @param {string[]} options.topics of the entries that are there
 * @param {import("../../shared/storage.js").Storage} options.kept
 * @param {(move: () => Promise) => Promise<boolean>} options.act makes a move and tells why where it is refused
 * @param {(draftId: string) => void} options.onsaved
 * @param {() => void} options.oncancel
 */
export function writing({ draft, topics, kept, act, onsaved, oncancel }) {
  const { entry_id, record, misses } = draft;
  const place = `knowledge-${draft.draft_id ?? entry_id ?? misses[0] ?? "new"}`;
  const before = kept.get(place) ?? { ...record, phrasings: record.phrasings.join("\n"), topic: topics[0], name: "", other: "" };
  const line = (name, hint, attributes = {}) => {
    const input = el("input", { name, maxlength: "200", autocomplete: "off", ...attributes });
    input.value = before[name] ?? "";
    return el("label", {}, words.fields[name] ?? words[name], input, hint && el("small", {}, hint));
  };
  const text = (name, hint, aside) => {
    const area = el("textarea", { name, rows: "4", maxlength: "20000", required: true, oninput: () => autogrow(area) });
    area.value = before[name] ?? "";
    requestAnimationFrame(() => autogrow(area));
    return el("label", {}, el("span", { class: "named" }, words.fields[name], aside), area, el("small", {}, hint));
  };
  const count = el("small", { role: "status" });
  const topic = selection({ name: "topic", options: [...topics.map((each) => [each, each]), [OTHER, words.otherTopic]], value: before.topic });
  const other = el("input", { name: "other", pattern: "[a-z][a-z0-9_]*", maxlength: "30", "aria-label": words.otherTopic, autocomplete: "off" });
  other.value = before.other ?? "";
  const about = entry_id === null && [
    el("div", { class: "pair" }, el("label", {}, words.topic, topic, other), line("name", words.nameHint, { pattern: "[a-z0-9_]*", maxlength: "30" })),
  ];
  const form = el(
    "form",
    { class: "entry-form", oninput: () => keep(), onsubmit: (event) => save(event, true) },
    ...(about || []),
    line("question", words.questionHint, { required: true }),
    text("phrasings", words.phrasingsHint, count),
    text("answer", words.answerHint),
    el("div", { class: "pair" }, line("valid_from", words.validity, { type: "date" }), line("valid_until", words.validity, { type: "date" })),
    el(
      "div",
      { class: "below" },
      button(words.cancel, "plain", () => cancel()),
      button(words.save, "plain", (event) => form.reportValidity() && save(event, false)),
      el("button", { class: "solid" }, words.moves.submit),
    ),
  );
  const values = () => Object.fromEntries(new FormData(form));
  const lines = () => values().phrasings.split("\n").filter((each) => each.trim());
  function look() {
    other.hidden = topic.value !== OTHER;
    other.required = !other.hidden;
    setText(count, words.lines(lines().length));
  }
  function keep() {
    look();
    kept.set(place, values());
  }
  function cancel() {
    kept.set(place, null);
    oncancel();
  }
  /** A new entry without a name gets one that nobody has. */
  const idOf = ({ topic: chosen, other: typed, name }) => entry_id ?? `${chosen || typed}.${name || `n${Date.now().toString(36)}`}`;
  async function save(event, submits) {
    event.preventDefault();
    const typed = values();
    const { question, answer, valid_from, valid_until } = typed;
    const content = { question, answer, valid_from, valid_until, phrasings: lines() };
    await act(async () => {
      if (draft.draft_id) await api.moveDraft(draft.draft_id, "change", content);
      else {
        const begun = await api.beginDraft({ entry_id: idOf(typed), record: content, new: entry_id === null, misses });
        draft.draft_id = begun.draft_id; // saved once: what is refused from here on changes this draft
      }
      kept.set(place, null);
      if (submits) await api.moveDraft(draft.draft_id, "submit");
      onsaved(draft.draft_id);
    });
  }
  look();
  return { title: entry_id === null ? words.newTitle : words.editTitle(entry_id), content: [form] };
}
