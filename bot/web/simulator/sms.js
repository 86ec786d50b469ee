/** The short messages that the development sender would have sent: codes for binding and for looking at accounts. */
import { el } from "../shared/dom.js";
import { request } from "../shared/http.js";
import { timeOfDay } from "../shared/time.js";

const EVERY_MS = 2_000;
const SHOWN = 3;

export function watchSms(box) {
  const list = box.querySelector("[data-sms]");

  async function look() {
    const sent = await request("/sms").catch(() => []);
    box.hidden = sent.length === 0;
    const lines = sent.slice(0, SHOWN).map(({ phone, text, sent_at }) =>
      el("li", {}, el("small", {}, `${timeOfDay(sent_at)} 发往 ${phone}`), text),
    );
    if (list.textContent !== lines.map((line) => line.textContent).join("")) list.replaceChildren(...lines);
    setTimeout(look, EVERY_MS);
  }
  look();
}
