/** The lower edge of the phone: following, typing, the account's menu, and everything that is not text. */
import { autogrow, el, icon, sendOnEnter } from "../shared/dom.js";

const ICONS = {
  menu: "M5 7h14 M5 12h14 M5 17h14",
  keyboard: "M4 7h16v10H4z M7.5 10.5h.01 M12 10.5h.01 M16.5 10.5h.01 M8 14h8",
  more: "M12 6v12 M6 12h12",
};

export function openKeyboard(phone) {
  const find = (selector) => document.querySelector(selector);
  const [form, menu, toggle, more, panel] = ["form", "menu", "toggle", "more", "panel"].map((n) => find(`[data-${n}]`));
  const field = form.querySelector("textarea");
  let drawn = "";

  more.append(icon(ICONS.more));
  showMenu(false);

  find("[data-follow]").addEventListener("click", () => phone.do("follow"));
  toggle.addEventListener("click", () => showMenu(menu.hidden));
  more.addEventListener("click", () => showPanel(panel.hidden));
  field.addEventListener("input", () => autogrow(field));
  field.addEventListener("keydown", (event) => sendOnEnter(event, () => form.requestSubmit()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    field.value = "";
    autogrow(field);
    if (text) phone.do("text", { text });
  });
  for (const button of panel.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => act(button.dataset.do));
  }
  find("[data-picture]").addEventListener("change", sendPicture);
  find("[data-voice]").addEventListener("click", () => find("[data-voice-dialog]").showModal());
  find("[data-voice-dialog]").addEventListener("close", speak);

  function act(what, body) {
    showPanel(false);
    return phone.do(what, body);
  }

  async function sendPicture({ target }) {
    const [file] = target.files;
    if (file) await fetch(`/phones/${phone.number}/picture`, { method: "POST", body: file, headers: { "Content-Type": file.type } });
    target.value = "";
    showPanel(false);
  }

  function speak({ target: dialog }) {
    const words = dialog.querySelector("input").value.trim();
    if (dialog.returnValue === "send" && words) act("voice", { text: words });
  }

  function showPanel(open) {
    panel.hidden = !open;
    more.setAttribute("aria-expanded", String(open));
  }

  function showMenu(open) {
    menu.hidden = !open;
    form.hidden = open;
    toggle.replaceChildren(icon(open ? ICONS.keyboard : ICONS.menu));
    toggle.setAttribute("aria-label", open ? "切换到输入框" : "切换到菜单");
    if (open) showPanel(false);
  }

  function drawMenu(buttons) {
    if (JSON.stringify(buttons) === drawn) return;
    drawn = JSON.stringify(buttons);
    menu.replaceChildren(...buttons.map((button, place) => top(button, place)));
    toggle.hidden = buttons.length === 0;
    showMenu(buttons.length > 0);
  }

  function top(button, place) {
    if (!button.sub_button?.length) return leaf(button, [place]);
    const list = button.sub_button.map((sub, below) => leaf(sub, [place, below]));
    return el("details", { name: "menu" }, el("summary", {}, button.name), el("div", {}, ...list));
  }

  function leaf(button, place) {
    const tap = ({ target }) => {
      target.closest("details")?.removeAttribute("open");
      phone.do("menu", { place });
    };
    return button.type === "view"
      ? el("a", { href: phone.link(button.url), target: "_blank", onclick: tap }, button.name)
      : el("button", { type: "button", onclick: tap }, button.name);
  }

  return {
    draw(state) {
      find("[data-follow]").hidden = state.follows;
      find("[data-bar]").hidden = !state.follows;
      if (!state.follows) showPanel(false);
      drawMenu(state.menu);
    },
  };
}
