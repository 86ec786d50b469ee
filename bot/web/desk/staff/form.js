import { el, setText } from "../../shared/dom.js";
import { explain } from "../api.js";
import { wording } from "../wording.js";

/** A labelled field of a form that is all there is on the page. */
export function field(label, attributes) {
  return el("label", {}, label, el("input", { required: true, maxlength: "256", ...attributes }));
}

/**
 * A form that stays, with what went wrong, until its `act` has succeeded.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} [options.about]
 * @param {string} [options.notice] what is said from the beginning
 * @param {HTMLElement[]} options.content labelled fields with names, and what explains them
 * @param {string} options.submit what the button says
 * @param {(values: Object<string, string>) => Promise} options.act gets the fields' values as they were typed
 * @param {HTMLElement[]} [options.more] below the button
 */
export function form({ title, about, notice = "", content, submit, act, more = [] }) {
  const fault = el("p", { class: "fault", role: "alert" }, notice);
  const button = el("button", { class: "solid" }, submit);
  async function send(event) {
    event.preventDefault();
    button.disabled = true;
    setText(fault, "");
    try {
      await act(Object.fromEntries(new FormData(event.target)));
    } catch (error) {
      setText(fault, explain(error, error.own ?? wording.unreachable));
      event.target.querySelector("input")?.select();
    }
    button.disabled = false;
  }
  return el(
    "form",
    { onsubmit: send },
    el("h1", {}, el("span", { class: "mark", "aria-hidden": "true" }, "掌"), title),
    about && el("p", { class: "about" }, about),
    ...content,
    fault,
    button,
    ...more,
  );
}

/** Two fields that have to say the same; raises an error for the form to tell where they do not. */
export function requireSame(one, other, message) {
  if (one !== other) throw Object.assign(new Error(message), { own: message });
}
