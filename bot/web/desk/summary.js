import { readable } from "../shared/placeholders.js";
import { wording } from "./wording.js";

const LONGEST = 80;
const NUMBER = /TS\d{13}/g;
const lines = wording.summaryLines;

/** A summary of the service to start from: what is known of the matter and of what was done; the outcome is left open. */
export function summaryOf({ handoff, messages }) {
  const since = Date.parse(handoff?.claimed_at ?? handoff?.queued_at ?? 0);
  const served = messages.filter(({ created_at }) => Date.parse(created_at) >= since);
  const filed = served.flatMap(({ author, text }) => (author === "system" ? (text.match(NUMBER) ?? []) : []));
  const parts = [
    [lines.why, handoff && [wording.reasons[handoff.reason] ?? handoff.reason, handoff.note].filter(Boolean).join("，")],
    [lines.wanted, wanted(handoff?.last_intents ?? []).join("、")],
    [lines.known, known(handoff?.collected ?? {}).join("，")],
    [lines.bot, (handoff?.tried ?? []).filter(({ entry_id }) => entry_id).map(({ asked }) => asked).join("、")],
    [lines.complaint, [...new Set(filed)].join("、")],
    [lines.said, served.findLast(({ author }) => author === "agent")?.text],
  ];
  const written = parts.filter(([, value]) => value).map(([label, value]) => `${label}：${short(readable(value))}`);
  return [...written, `${lines.outcome}：`].join("\n");
}

/** What the customer came for, in words; asking for a person is not it. */
function wanted(intents) {
  const names = intents.map(({ intent }) => intent).filter((name) => name !== "request_human" && name in wording.intents);
  return [...new Set(names)].map((name) => wording.intents[name]);
}

const known = (collected) => Object.entries(collected).map(([name, value]) => `${wording.collected[name] ?? name}${value}`);

const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text).replace(/\s*\n\s*/g, " ");
