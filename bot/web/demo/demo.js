/** The demo bank's home page: stands for the bank's own site, with a make-believe sign-in. */
import { el } from "../shared/dom.js";
import { request } from "../shared/http.js";
import { watchSms } from "./sms.js";

const REMEMBERED = "demo-bank:customer"; // what a real bank's own login cookie would tell

const chat = await element("zhanggui-chat");
const find = (selector) => document.querySelector(selector);
const dialog = find("dialog.sign-in");

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => chat.ask(button.dataset.ask));
}
find("[data-chat]").addEventListener("click", () => chat.show());
find("[data-sign-in]").addEventListener("click", () => dialog.showModal());
find("[data-sign-out]").addEventListener("click", () => {
  localStorage.removeItem(REMEMBERED);
  chat.signOut();
  showCustomer(null);
});
chat.addEventListener("zhanggui-expired", () => signInAgain());
addEventListener("storage", (event) => event.key === REMEMBERED && showCustomer(remembered()));

watchSms(chat, find(".sms"));
showBank(await request("/api/chat/config"));
showCustomers(await request("/demo/customers"));
showCustomer(remembered());
await signInAgain();

function showBank({ brand, hotline }) {
  document.title = `${brand} · 个人银行`;
  for (const node of document.querySelectorAll("[data-brand]")) node.textContent = brand;
  for (const node of document.querySelectorAll("[data-brand-mark]")) node.textContent = brand.slice(0, 1);
  find("[data-hotline]").textContent = hotline;
}

function showCustomers(customers) {
  const choices = customers.map((customer) =>
    el(
      "button",
      { type: "button", onclick: () => signIn(customer) },
      el("span", { class: "face", "aria-hidden": "true" }, customer.name.slice(0, 1)),
      el("span", {}, el("b", {}, customer.name), el("small", {}, customer.note)),
    ),
  );
  find("[data-customers]").replaceChildren(...choices);
}

function showCustomer(customer) {
  const node = find("[data-customer]");
  node.textContent = customer ? `您好，${customer.name}` : "";
  node.hidden = !customer;
  find("[data-sign-out]").hidden = !customer;
  find("[data-sign-in]").hidden = Boolean(customer);
}

async function signIn({ customer_id, name }) {
  const { token } = await request("/demo/token", { method: "POST", body: { customer_id } });
  await chat.signIn(token);
  localStorage.setItem(REMEMBERED, JSON.stringify({ customer_id, name }));
  showCustomer({ customer_id, name });
  dialog.close();
}

/** As a bank's page does on every load: it hands the chat a fresh token for whoever is signed in. */
async function signInAgain() {
  const customer = remembered();
  if (customer) await signIn(customer);
}

function remembered() {
  return JSON.parse(localStorage.getItem(REMEMBERED) ?? "null");
}

async function element(name) {
  await customElements.whenDefined(name);
  return document.querySelector(name) ?? new Promise((resolve) => setTimeout(() => resolve(element(name))));
}
