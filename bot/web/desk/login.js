import { el, setText } from "../shared/dom.js";
import { api } from "./api.js";
import { wording } from "./wording.js";

const words = wording.login;

/** The sign-in form; `onsignedin` gets the agent. */
export function loginScreen({ notice, onsignedin }) {
  const login = el("input", { name: "login", autocomplete: "username", required: true, autocapitalize: "none" });
  const password = el("input", { name: "password", type: "password", autocomplete: "current-password", required: true });
  const fault = el("p", { class: "fault", role: "alert" }, notice);
  const submit = el("button", { class: "solid" }, words.submit);

  async function send(event) {
    event.preventDefault();
    submit.disabled = true;
    try {
      onsignedin((await api.login(login.value.trim(), password.value)).agent);
    } catch (error) {
      setText(fault, error.message || wording.unreachable);
      submit.disabled = false;
      password.select();
    }
  }

  return el(
    "main",
    { class: "login" },
    el(
      "form",
      { onsubmit: send },
      el("h1", {}, el("span", { class: "mark", "aria-hidden": "true" }, "掌"), words.title),
      el("label", {}, words.login, login),
      el("label", {}, words.password, password),
      fault,
      submit,
    ),
  );
}
