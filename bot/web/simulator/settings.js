/** Beside the phone: which phone it is, what the account may do, and how the network behaves. */
import { el, setText } from "../shared/dom.js";
import { request } from "../shared/http.js";
import { whenSaid } from "../shared/time.js";

const PHONES = [1, 2, 3];

export function openSettings(phone) {
  const find = (selector) => document.querySelector(selector);
  const switches = find("[data-switches]");

  find("[data-phones]").append(...PHONES.map((number) => {
    const current = number === phone.number ? "page" : false;
    return el("a", { href: `?phone=${number}`, "aria-current": current }, `手机${number}`);
  }));
  find("[data-unfollow]").addEventListener("click", () => phone.do("unfollow"));
  find("[data-scan]").addEventListener("submit", (event) => {
    event.preventDefault();
    phone.do("scan", Object.fromEntries(new FormData(event.target)));
  });
  switches.addEventListener("change", ({ target }) => phone.do("switches", changeOf(target)));

  return {
    draw({ openid, follows, quota, switches: state }) {
      setText(find("[data-openid]"), openid);
      setText(find("[data-quota]"), quotaText(follows, quota));
      find("[data-unfollow]").disabled = !follows;
      switches.elements.mode.value = state.mode;
      switches.elements.verified.checked = state.verified;
      switches.elements.recognises_voice.checked = state.recognises_voice;
      switches.elements.at_once.checked = state.at_once === 2;
    },
  };
}

function changeOf({ name, value, checked }) {
  if (name === "mode") return { mode: value };
  if (name === "at_once") return { at_once: checked ? 2 : 1 };
  return { [name]: checked };
}

function quotaText(follows, { left, ends_at }) {
  if (!follows) return "未关注：公众号不能发送任何消息";
  if (!ends_at) return "客服消息窗口未打开：请客户先发消息";
  return `还能收到${left}条客服消息，${whenSaid(ends_at)}前有效`;
}
