import { el } from "../../shared/dom.js";
import { dayOf } from "../../shared/time.js";
import { api } from "../api.js";
import { ask, radioField } from "../dialog.js";
import { words } from "./wording.js";

/** Asks for the period and hands the file to the browser. */
export function askExport() {
  const today = dayOf(new Date());
  const date = (name, label, value) =>
    el("label", {}, label, el("input", { type: "date", name, value, max: today, required: true }));
  return ask({
    title: words.exportAsk,
    hint: words.exportHint,
    fields: [
      el("div", { class: "pair" }, date("since", words.from, `${today.slice(0, 8)}01`), date("until", words.to, today)),
      radioField({ name: "format", legend: words.format, options: Object.entries(words.formats), value: "xlsx" }),
    ],
    confirm: words.exportDo,
    act: (values) => api.exportComplaints(values),
  });
}
