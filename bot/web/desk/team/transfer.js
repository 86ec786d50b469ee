import { el } from "../../shared/dom.js";
import { api } from "../api.js";
import { ask, textField } from "../dialog.js";
import { words } from "./wording.js";

const said = words.transfer;

/** Hands the conversation to a colleague, who is asked first, or to whoever knows more. */
export async function askTransfer({ id, me }) {
  const { members } = await api.team();
  const colleagues = members.filter(({ agent_id }) => agent_id !== me).sort((one, other) => roomOf(other) - roomOf(one));
  const people = colleagues.length ? colleagues.map(colleague) : [el("p", { class: "about" }, said.nobody)];
  const skills = Object.entries(words.skills).map(([skill, name]) => choice("skill", skill, {}, name));
  const fields = [
    el("fieldset", { class: "colleagues" }, el("legend", {}, said.colleagues), ...people),
    el("fieldset", {}, el("legend", {}, said.skills), ...skills),
    textField({ name: "note", label: said.note }),
  ];
  const act = ({ to, note }) => api.transfer(id, { ...receiver(to), note: note || undefined });
  return ask({ title: said.ask, hint: said.hint, fields, wide: true, confirm: said.confirm, act });
}

function colleague(member) {
  const { agent_id, name, presence, load, capacity, skills } = member;
  const there = presence === "online";
  const standing = there && load >= capacity ? words.full : words.presence[presence];
  return choice(
    "agent_id",
    agent_id,
    { disabled: roomOf(member) === 0 },
    el("b", {}, name),
    el("span", { class: `presence ${there ? "here" : ""}` }, standing),
    el("span", { class: "figure" }, words.load(load, capacity)),
    el("small", {}, skillsOf(skills)),
  );
}

/** How many more conversations somebody can be given now. */
const roomOf = ({ presence, load, capacity }) => (presence === "online" ? Math.max(0, capacity - load) : 0);

const skillsOf = (skills) => {
  const known = Object.keys(words.skills).filter((skill) => skills.includes(skill));
  return known.length === Object.keys(words.skills).length ? words.everything : known.map((skill) => words.skills[skill]).join("、");
};

const choice = (kind, value, attributes, ...about) =>
  el("label", {}, el("input", { type: "radio", name: "to", value: `${kind}:${value}`, required: true, ...attributes }), ...about);

/** `agent_id:a2` as what the server is told. */
function receiver(to) {
  const [kind, value] = to.split(/:(.*)/);
  return { [kind]: value };
}
