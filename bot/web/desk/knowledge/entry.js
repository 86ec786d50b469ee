import { el } from "../../shared/dom.js";
import { whenSaid } from "../../shared/time.js";
import { api } from "../api.js";
import { ask } from "../dialog.js";
import { placeOf } from "../places.js";
import { reading } from "./record.js";
import { button } from "./stage.js";
import { words } from "./wording.js";

/**
 * An entry as it holds, and all that was published of it.
 *
 * @param {object} entry
 * @param {boolean} edits whether this person writes
 * @param {{onedit: () => void, onbegun: (draftId: string) => void}} actions
 */
export function entryDetail(entry, edits, { onedit, onbegun }) {
  const { entry_id, record, shipped, versions, drafts } = entry;
  const begin = async (options, act) => {
    let draft = null;
    const made = await ask({
      ...options,
      act: async () => {
        draft = await act();
      },
    });
    if (made) onbegun(draft.draft_id);
  };
  const retire = () => begin({ title: words.retireAsk, hint: words.retireHint }, () => api.beginDraft({ entry_id, record: null }));
  const restore = (version) => begin({ title: words.restoreAsk(version), hint: words.restoreHint }, () => api.rollBack(entry_id, version));
  const title = (record ?? versions.find((each) => each.record)?.record ?? shipped)?.question ?? entry_id;
  return {
    title,
    marks: [
      el("span", { class: "tag" }, entry_id),
      record === null && el("span", { class: "tag grave_complaint" }, words.retired),
      ...drafts.map(({ draft_id }) => el("a", { href: placeOf("knowledge", `draft:${draft_id}`) }, words.pending)),
    ],
    buttons: edits && record ? [button(words.retire, "plain", retire), button(words.edit, "solid", onedit)] : [],
    content: [...(record ? reading(record) : []), history(entry, edits, restore)],
  };
}

function history({ shipped, versions }, edits, restore) {
  const item = (version, index) =>
    el(
      "li",
      { class: "by-agent" },
      el(
        "p",
        {},
        el("b", {}, words.version(version.version)),
        version.record === null && el("span", {}, words.retired),
        version.published_at && el("span", { class: "by" }, words.versionBy(version.author, version.approver), " · ", el("time", { datetime: version.published_at }, whenSaid(version.published_at))),
        index === 0 ? el("span", { class: "tag" }, words.current) : edits && version.record !== null && button(words.restore, "plain small", () => restore(version.version)),
      ),
      index > 0 && version.record && el("p", { class: "text" }, version.record.answer),
    );
  const first = shipped ? [{ version: 0, record: shipped }] : [];
  return el("section", { class: "history" }, el("h2", {}, words.history), el("ol", {}, ...[...versions, ...first].map(item)));
}
