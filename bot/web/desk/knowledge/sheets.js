import { el } from "../../shared/dom.js";
import { api } from "../api.js";
import { ask, radioField } from "../dialog.js";
import { sheet, table } from "../sheet.js";
import { words } from "./wording.js";

/** Asks for the format and hands the file to the browser. */
export function askExport() {
  return ask({
    title: words.exportAsk,
    hint: words.exportHint,
    fields: [radioField({ name: "format", legend: words.format, options: Object.entries(words.formats), value: "xlsx" })],
    confirm: words.export,
    act: (values) => api.exportEntries(values),
  });
}

/** Asks for a file, takes it in, and shows what became of each row. */
export async function askImport() {
  const file = el("input", { type: "file", accept: ".xlsx,.csv", required: true });
  let report = null;
  const done = await ask({
    title: words.importAsk,
    hint: words.importHint,
    fields: [el("label", {}, words.file, file)],
    confirm: words.import,
    act: async () => {
      report = await api.importEntries(file.files[0]);
    },
  });
  if (done) await tell(report);
  return done;
}

function tell({ drafts, unchanged, bad }) {
  const row = ({ row: number, column, reason }) =>
    el("tr", {}, el("td", { class: "figure" }, String(number)), el("td", {}, column ?? words.wholeRow), el("td", { class: "cause" }, reason));
  return ask({
    title: words.report,
    hint: words.imported(drafts.length, unchanged, bad.length),
    fields: bad.length > 0 ? [el("div", { class: "report" }, sheet(table(words.badColumns, el("tbody", {}, ...bad.map(row)))))] : [],
    confirm: words.noted,
    back: false,
    act: async () => {},
  });
}
