import { el } from "../shared/dom.js";
import { request } from "../shared/http.js";
import { timeOfDay } from "../shared/time.js";

const EVERY_MS = 2_000;
const SHOWN = 3;
const ON_PHONE_MS = 10_000; // there it covers the chat, so it goes aside by itself

/** Shows the text messages that the development sender would have sent for the current conversation. */
export function watchSms(chat, panel) {
  const list = panel.querySelector("[data-sms]");
  const fold = panel.querySelector("[data-sms-fold]");
  let shown = "";
  fold.addEventListener("click", () => foldTo(!panel.classList.contains("folded")));

  function foldTo(folded) {
    panel.classList.toggle("folded", folded);
    fold.setAttribute("aria-expanded", String(!folded));
    fold.textContent = folded ? "展开" : "收起";
  }

  async function look() {
    const id = chat.conversationId;
    const sent = id ? await request(`/demo/sms?conversation_id=${encodeURIComponent(id)}`).catch(() => []) : [];
    const latest = JSON.stringify(sent);
    if (latest !== shown) {
      shown = latest;
      panel.hidden = sent.length === 0;
      list.replaceChildren(...sent.slice(0, SHOWN).map(line));
      foldTo(false);
      if (matchMedia("(max-width: 640px)").matches) setTimeout(() => foldTo(true), ON_PHONE_MS);
    }
    setTimeout(look, EVERY_MS);
  }
  look();
}

function line({ phone, text, sent_at }) {
  const code = /\d{6}/.exec(text)?.[0];
  return el(
    "li",
    {},
    el("small", {}, `${timeOfDay(sent_at)} 发往 ${phone}`),
    code && el("b", { class: "code" }, code),
    el("span", {}, text),
  );
}
