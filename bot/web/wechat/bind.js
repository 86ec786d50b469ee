/** Binds the WeChat user who opened this page to the customer whose phone gets the code. */
import { ApiError, request } from "../shared/http.js";

const NO_NETWORK = "网络不太顺畅，请稍后再试。";
const NOT_A_PHONE = "请输入11位手机号。";
const NOT_A_CODE = "请输入短信里的6位数字。";

const find = (selector) => document.querySelector(selector);
let phone = "";

submits("[data-phone-form]", async (form) => {
  phone = new FormData(form).get("phone").replaceAll(/[\s-]/g, "");
  if (!/^1\d{10}$/.test(phone)) throw new ApiError(422, "not_a_phone", NOT_A_PHONE);
  await sendCode();
});
submits("[data-code-form]", async (form) => {
  const code = new FormData(form).get("code").trim();
  if (!/^\d{6}$/.test(code)) throw new ApiError(422, "not_a_code", NOT_A_CODE);
  await request("/wechat/bind/code", { method: "POST", body: { code } });
  show({ stage: "bound" });
});
find("[data-again]").addEventListener("click", () => attempt(find("[data-code-form]"), sendCode));
find("[data-back]").addEventListener("click", () => show({ stage: "phone" }));

await Promise.all([request("/api/chat/config").then(introduce), request("/wechat/bind/state").then(show)]).catch(fail);

function introduce({ brand, hotline }) {
  find("[data-brand]").textContent = brand;
  find("[data-mark]").textContent = brand.slice(0, 1);
  find("[data-hotline]").textContent = hotline;
}

async function sendCode() {
  const { masked_phone, minutes } = await request("/wechat/bind/phone", { method: "POST", body: { phone } });
  find("[data-sent]").textContent = `验证码已发往 ${masked_phone}，${minutes}分钟内有效。`;
  find("#code").value = "";
  show({ stage: "code" });
}

function show({ stage }) {
  for (const section of document.querySelectorAll("[data-stage]")) section.hidden = section.dataset.stage !== stage;
  for (const problem of document.querySelectorAll("[data-problem]")) problem.textContent = "";
  find(`[data-stage="${stage}"] input`)?.focus();
}

function fail(error) {
  find("[data-failure]").textContent = error.message || NO_NETWORK;
  show({ stage: "failed" });
}

function submits(selector, doing) {
  find(selector).addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(event.target, () => doing(event.target));
  });
}

/** Runs `doing` with the form's buttons out of reach; what went wrong is told beside the field. */
async function attempt(form, doing) {
  const buttons = [...form.closest("section").querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    form.querySelector("[data-problem]").textContent = "";
    await doing();
  } catch (error) {
    if (error.status === 401) fail(error);
    else form.querySelector("[data-problem]").textContent = error.message || NO_NETWORK;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}
