import { readable } from "../shared/placeholders.js";
import { dayOf } from "../shared/time.js";
import { newId } from "../shared/outbox.js";
import { api } from "./api.js";
import { ask, lineField, textField } from "./dialog.js";
import { wording } from "./wording.js";

const words = wording.complaint;
const SAID = 3; // so many of the customer's last messages tell what it is about
const AMOUNT = /^\d+(\.\d{1,2})?/;
const NOT_THE_MATTER = new Set(["转人工", "人工", "人工客服", "取消排队"]);

/** Asks for a complaint, filled in with what the customer has said already, and files it. */
export function fileComplaint({ id, handoff, customer, messages }) {
  const known = handoff?.collected ?? {};
  const key = newId(); // the same through every try
  const optional = { required: false };
  const phoneKnown = known.complaint_phone;
  const fields = [
    textField({ name: "what", label: words.what, required: true, rows: "4", value: known.complaint_what ?? matter(messages) }),
    lineField({ name: "target", label: words.target, ...optional, maxlength: "100", value: known.complaint_target }),
    lineField({ name: "wish", label: words.wish, ...optional, maxlength: "500", value: known.complaint_wish }),
    lineField({ name: "occurred_on", label: words.date, ...optional, type: "date", max: dayOf(new Date()) }),
    lineField({ name: "amount", label: words.amount, ...optional, inputmode: "decimal", value: AMOUNT.exec(known.complaint_amount ?? "")?.[0] }),
    lineField({ name: "phone", label: phoneKnown ? words.phoneKnown : words.phone, ...optional, inputmode: "tel", maxlength: "32", value: phoneKnown && readable(phoneKnown) }),
  ].filter(Boolean);
  if (customer && !phoneKnown) fields.pop(); // the bank has the number
  const act = ({ phone, ...values }) => {
    const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
    const called = phone && phone === readable(phoneKnown ?? "") ? phoneKnown : phone;
    return api.fileComplaint(id, { key, ...filled, ...(called && { phone: called }) });
  };
  return ask({ title: words.ask, hint: words.hint, fields, confirm: words.file, wide: true, act });
}

/** What the customer said last, without what only led here. */
function matter(messages) {
  const said = messages.filter(({ author, text }) => author === "customer" && !NOT_THE_MATTER.has(text.trim()));
  return said.slice(-SAID).map(({ text }) => text).join("\n");
}
