import { el } from "../shared/dom.js";

/** A table under its headings. `hints` are what the headings say when pointed at. */
export function table(columns, body, { caption = null, hints = [] } = {}) {
  const heads = columns.map((title, index) => el("th", { scope: "col", title: hints[index] || null }, title));
  return el("table", {}, caption && el("caption", {}, caption), el("thead", {}, el("tr", {}, ...heads)), body);
}

/** Holds a table that may be wider than the page; the keyboard can scroll it. */
export function sheet(...children) {
  return el("div", { class: "sheet", tabindex: "0" }, ...children);
}
