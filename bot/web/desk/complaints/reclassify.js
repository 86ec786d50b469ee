import { el } from "../../shared/dom.js";
import { selection } from "../dialog.js";
import { words } from "./wording.js";

/** Category and subcategory, of which the second depends on the first, and the branch. */
export function reclassifyFields({ category, subcategory, branch }, { categories }) {
  const matters = (id) => [["", words.noSubcategory], ...Object.entries(categories[id].subcategories)];
  const names = Object.entries(categories).map(([id, { name }]) => [id, name]);
  const sub = selection({ name: "subcategory", options: matters(category), value: subcategory ?? "" });
  const main = selection({ name: "category", options: names, value: category });
  main.addEventListener("change", () => {
    sub.replaceChildren(...matters(main.value).map(([id, name]) => el("option", { value: id }, name)));
  });
  return [
    el("label", {}, words.category, main),
    el("label", {}, words.subcategory, sub),
    el("label", {}, words.branch, el("input", { name: "branch", maxlength: "64", value: branch ?? "" })),
  ];
}
