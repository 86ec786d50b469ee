import { el } from "../../shared/dom.js";
import { api } from "../api.js";
import { ask, lineField } from "../dialog.js";
import { words } from "./wording.js";

const said = words.profile;
const FIELD = "skill:";

/** A supervisor says what somebody can do, and how many conversations at once are good for them. */
export async function askProfile(agentId) {
  const { members } = await api.team();
  const { name, skills, capacity } = members.find(({ agent_id }) => agent_id === agentId);
  const box = ([skill, label]) =>
    el("label", {}, el("input", { type: "checkbox", name: FIELD + skill, checked: skills.includes(skill) }), label);
  const fields = [
    el("fieldset", {}, el("legend", {}, said.skills), ...Object.entries(words.skills).map(box)),
    lineField({ name: "capacity", label: said.capacity, type: "number", min: "1", max: "50", value: String(capacity) }),
  ];
  return ask({ title: said.ask(name), hint: said.hint, fields, act: (values) => save(agentId, values) });
}

async function save(agentId, { capacity, ...boxes }) {
  const skills = Object.keys(boxes).map((field) => field.slice(FIELD.length));
  if (!skills.length) throw Object.assign(new Error("no skill"), { own: said.none });
  await api.setProfile(agentId, { skills, capacity: Number(capacity) });
}
