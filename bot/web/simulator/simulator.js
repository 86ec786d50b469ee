/** A phone in WeChat: draws what the simulator says it shows, and hands on what its user does. */
import { bubble } from "./bubbles.js";
import { openKeyboard } from "./keyboard.js";
import { openSettings } from "./settings.js";
import { watchSms } from "./sms.js";
import { reconcile, setText } from "../shared/dom.js";
import { request } from "../shared/http.js";

const EVERY_MS = 500;
let doing = Promise.resolve();
const number = Number(new URLSearchParams(location.search).get("phone")) || 1;
const find = (selector) => document.querySelector(selector);

const phone = {
  number,
  /** Does what the user does, in order, and shows it; the page standing still shows an unreachable simulator. */
  async do(what, body = {}) {
    const before = doing;
    doing = before.catch(() => {}).then(() => request(`/phones/${number}/${what}`, { method: "POST", body }));
    const answer = await doing;
    await look();
    return answer;
  },
  /** The address that opens a link as this phone's browser does. */
  link: (url) => `/browser?${new URLSearchParams({ phone: number, url })}`,
};

const nodes = new Map();
const chat = find(".chat");
const keyboard = openKeyboard(phone);
const settings = openSettings(phone);
let looking = null;

watchSms(find("[data-sms-box]"));
keepLooking();

async function keepLooking() {
  await look().catch(() => {});
  setTimeout(keepLooking, EVERY_MS);
}

/** One look at a time: an older answer must not be drawn over a newer one. */
async function look() {
  await looking?.catch(() => {});
  looking = request(`/phones/${number}`).then(draw);
  return looking;
}

function draw(state) {
  document.title = `${state.account} · 微信模拟器`;
  setText(find("[data-account]"), state.account);
  find("[data-typing]").hidden = !state.typing;
  drawBubbles(state.bubbles);
  keyboard.draw(state);
  settings.draw(state);
}

function drawBubbles(bubbles) {
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 40;
  const before = nodes.size;
  for (const said of bubbles) if (!nodes.has(said.seq)) nodes.set(said.seq, bubble(said, phone));
  reconcile(find("[data-bubbles]"), bubbles.map((said) => nodes.get(said.seq)));
  if (nodes.size > before && atEnd) chat.scrollTop = chat.scrollHeight;
}
