import { el } from "../../shared/dom.js";
import { api } from "../api.js";
import { field, form, requireSame } from "./form.js";
import { words } from "./wording.js";

const CODE = { name: "code", autocomplete: "one-time-code", autocapitalize: "none", spellcheck: "false", minlength: "6", maxlength: "32" };
const NEW_PASSWORD = { type: "password", autocomplete: "new-password", minlength: "12" };

/** Signing in, step by step, in one place; `onsignedin` gets the agent. */
export function loginScreen({ notice, onsignedin }) {
  const node = el("main", { class: "login" });

  function show(content) {
    node.replaceChildren(content);
    node.querySelector("input, button")?.focus();
  }

  const again = () => el("button", { type: "button", class: "inline", onclick: () => show(first("")) }, words.startAgain);

  const first = (told) =>
    form({
      title: words.login.title,
      notice: told,
      content: [
        field(words.login.login, { name: "login", autocomplete: "username", autocapitalize: "none", maxlength: "64" }),
        field(words.login.password, { name: "password", type: "password", autocomplete: "current-password" }),
      ],
      submit: words.login.submit,
      act: async ({ login, password }) => go(await api.login(login.trim(), password)),
    });

  const steps = {
    code: () =>
      form({
        ...words.code,
        content: [field(words.code.code, CODE)],
        act: async ({ code }) => go(await api.enterCode(code.trim())),
        more: [again()],
      }),
    password: () =>
      form({
        ...words.newPassword,
        content: [
          field(words.newPassword.password, { ...NEW_PASSWORD, name: "password" }),
          field(words.newPassword.again, { ...NEW_PASSWORD, name: "again" }),
        ],
        act: async (values) => {
          requireSame(values.password, values.again, words.newPassword.differ);
          await go(await api.choosePassword(values.password));
        },
        more: [again()],
      }),
    enrolment: async () => {
      const { qr, secret } = await api.beginEnrolment();
      return form({
        ...words.enrolment,
        content: [
          el("img", { class: "qr", src: qr, alt: words.enrolment.qr }),
          el("p", { class: "secret" }, words.enrolment.secret, el("code", {}, secret.match(/.{4}/g).join(" "))),
          field(words.enrolment.code, { ...CODE, inputmode: "numeric", maxlength: "6" }),
        ],
        act: async ({ code }) => recovery(await api.confirmEnrolment(code.trim())),
        more: [again()],
      });
    },
  };

  /** On to the next step, or in. */
  async function go({ agent, step }) {
    if (agent) onsignedin(agent);
    else show(await steps[step]());
  }

  function recovery({ agent, recovery_codes: codes }) {
    const list = el("ol", { class: "codes", "aria-label": words.recovery.list }, ...codes.map((code) => el("li", {}, el("code", {}, code))));
    show(form({ ...words.recovery, content: [list], act: async () => onsignedin(agent) }));
  }

  show(first(notice));
  return node;
}
