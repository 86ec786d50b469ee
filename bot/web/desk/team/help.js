import { api } from "../api.js";
import { ask, textField } from "../dialog.js";
import { words } from "./wording.js";

const said = words.help;

/** A supervisor serves the customer in place of the colleague. */
export function askTakeOver({ id, ontaken }) {
  const act = async () => {
    await api.takeOver(id);
    ontaken();
  };
  return ask({ title: said.takeOverAsk, hint: said.takeOverHint, confirm: said.takeOver, act });
}

/** A supervisor tells the colleague what the customer does not see. */
export function askWhisper({ id }) {
  const fields = [textField({ name: "text", label: said.text, required: true })];
  return ask({ title: said.whisper, hint: said.whisperHint, fields, confirm: said.send, act: ({ text }) => api.whisper(id, text) });
}
