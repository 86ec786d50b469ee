import { autogrow, el, sendOnEnter, setText } from "../shared/dom.js";
import { newId } from "../shared/outbox.js";
import { api, explain } from "./api.js";
import { Picker } from "./picker.js";
import { wording } from "./wording.js";

const words = wording.notes;

/** Where an agent writes for colleagues; `@` calls for one of them. */
export class NoteForm {
  #onsaved;
  #kept;
  #me;
  #id = null;
  #key = newId();
  #colleagues = [];
  #picker;
  #fault = el("p", { class: "writing-check fault", role: "alert" });
  #save = el("button", { class: "solid" }, words.save);

  /** @param {{me: string, onsaved: (id: string, notes: object[]) => void, kept: object}} options `me` is my agent id */
  constructor({ me, onsaved, kept }) {
    this.#me = me;
    this.#onsaved = onsaved;
    this.#kept = kept;
    this.input = el("textarea", {
      rows: "2",
      maxlength: "1000",
      "aria-label": words.field,
      placeholder: words.placeholder,
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#picker.key(event) || sendOnEnter(event, () => this.#submit()),
    });
    this.#picker = new Picker({
      input: this.input,
      trigger: /[@＠]([^\s@＠]*)$/,
      label: words.colleagues,
      find: (query) => this.#others.filter(({ name }) => name.toLowerCase().includes(query)),
      render: ({ name, role }) => [el("b", {}, name), el("span", {}, wording.roles[role])],
      onpick: ({ name }) => `@${name} `,
    });
    const onsubmit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    this.node = el("form", { class: "note-form", onsubmit }, this.#picker.node, this.input, this.#save, this.#fault);
  }

  get #others() {
    return this.#colleagues.filter(({ agent_id }) => agent_id !== this.#me);
  }

  async load() {
    this.#colleagues = (await api.colleagues()).colleagues;
  }

  open(conversationId) {
    this.#id = conversationId;
    this.#picker.close();
    this.input.value = this.#kept.get(`note:${conversationId}`) ?? "";
    setText(this.#fault, "");
    this.#typed();
  }

  focus() {
    this.input.focus();
  }

  #typed() {
    this.#kept.set(`note:${this.#id}`, this.input.value || null);
    this.#save.disabled = !this.input.value.trim();
    autogrow(this.input);
  }

  async #submit() {
    const [id, text] = [this.#id, this.input.value.trim()];
    if (!text || this.#save.disabled) return;
    this.#save.disabled = true;
    setText(this.#fault, "");
    const mentions = this.#others.filter(({ name }) => text.includes(`@${name}`)).map(({ agent_id }) => agent_id);
    try {
      const { notes } = await api.writeNote(id, { note_id: this.#key, text, mentions });
      this.#key = newId(); // kept over a failure, so that the same note again is the same note
      this.#kept.set(`note:${id}`, null);
      if (id === this.#id) this.input.value = "";
      this.#onsaved(id, notes);
    } catch (error) {
      if (id === this.#id) setText(this.#fault, explain(error, wording.unreachable));
    }
    if (id === this.#id) this.#typed();
  }
}
