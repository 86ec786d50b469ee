import { el, setText } from "../shared/dom.js";
import { explain } from "./api.js";
import { wording } from "./wording.js";

/**
 * Asks for what a move needs, then makes the move. The dialog stays until that has succeeded, so that nothing which
 * was typed is lost to a refusal or a bad connection.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} [options.hint]
 * @param {HTMLElement[]} [options.fields] labelled controls with names, see below
 * @param {string} [options.confirm] what the button says
 * @param {boolean} [options.wide] true where there is much to write
 * @param {boolean} [options.trim] false where blanks count, as in passwords
 * @param {boolean} [options.back] false where there is nothing to think better of
 * @param {(values: Object<string, string>) => Promise} options.act the move; gets the fields' values
 * @returns {Promise<boolean>} whether the move was made; false when the agent thought better of it
 */
export function ask({ title, hint, fields = [], confirm = wording.confirm, trim = true, back = true, wide = false, act }) {
  const fault = el("p", { class: "fault", role: "alert" });
  const submit = el("button", { class: "solid" }, confirm);
  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    setText(fault, "");
    try {
      await act(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, trim ? value.trim() : value])));
      dialog.close("done");
    } catch (error) {
      setText(fault, explain(error, error.own ?? wording.unreachable));
      submit.disabled = false;
    }
  }
  const form = el(
    "form",
    { onsubmit: send },
    el("h2", {}, title),
    hint && el("p", { class: "about" }, hint),
    ...fields,
    fault,
    el("menu", {}, back && el("li", {}, el("button", { type: "button", onclick: () => dialog.close() }, wording.back)), el("li", {}, submit)),
  );
  const dialog = el("dialog", { "aria-label": title, class: wide && "wide" }, form);
  document.body.append(dialog);
  dialog.showModal();
  (form.querySelector(":is(textarea, select, input):enabled") ?? submit).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "done");
    });
  });
}

/** A text of several lines. */
export function textField({ name, label, required = false, value = "", rows = "3", maxlength = "1000" }) {
  const text = el("textarea", { name, rows, maxlength, required });
  text.value = value;
  return el("label", {}, label, text);
}

/** A text of one line. */
export function lineField({ name, label, hint, ...attributes }) {
  return el("label", {}, label, el("input", { name, autocomplete: "off", maxlength: "64", required: true, ...attributes }), hint && el("small", {}, hint));
}

/** One of several, `options` as pairs of value and label. */
export function selectField({ name, label, options, value = "", required = false }) {
  return el("label", {}, label, selection({ name, options, value, required }));
}

/** The bare control of `selectField`. */
export function selection({ options, value = "", ...attributes }) {
  const node = el("select", attributes, ...options.map(([each, label]) => el("option", { value: each }, label)));
  node.value = value;
  return node;
}

/** One of few, all in sight. */
export function radioField({ name, legend, options, value }) {
  const one = ([each, label]) =>
    el("label", {}, el("input", { type: "radio", name, value: each, required: true, checked: each === value }), label);
  return el("fieldset", {}, el("legend", {}, legend), ...options.map(one));
}
