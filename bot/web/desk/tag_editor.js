import { el, setText } from "../shared/dom.js";
import { api, explain } from "./api.js";
import { wording } from "./wording.js";

const words = wording.tags;
const MOST = 8;

/** The tags of the open conversation, beside it. */
export class TagEditor {
  #conversation = null;
  #editable;
  #chips = el("ul", { class: "chips" });
  #options = el("datalist", { id: "known-tags" });
  #fault = el("p", { class: "fault", role: "alert" });
  #input = el("input", {
    list: "known-tags",
    maxlength: "16",
    autocomplete: "off",
    "aria-label": words.add,
    placeholder: words.placeholder,
  });

  /** @param {boolean} editable whether this person may change them */
  constructor(editable) {
    this.#editable = editable;
    const onsubmit = (event) => {
      event.preventDefault();
      this.#add(this.#input.value.trim());
    };
    const form = editable && el("form", { onsubmit }, this.#input, this.#options);
    this.node = el("section", { class: "side-card tag-card" }, el("h2", {}, words.title), this.#chips, form, this.#fault);
    if (editable) this.#offer().catch(() => {}); // any word will do
  }

  show(conversation) {
    if (conversation !== this.#conversation) this.#input.value = "";
    this.#conversation = conversation;
    this.#chips.replaceChildren(...conversation.tags.map((tag) => this.#chip(tag)));
    this.#chips.hidden = !conversation.tags.length;
    this.node.hidden = !this.#editable && !conversation.tags.length;
  }

  focus() {
    this.#input.focus();
  }

  async #offer() {
    const { tags } = await api.tags();
    this.#options.replaceChildren(...tags.map((value) => el("option", { value })));
  }

  #chip(tag) {
    const onclick = () => this.#put(this.#conversation.tags.filter((each) => each !== tag));
    const remove = el("button", { type: "button", "aria-label": words.remove(tag), onclick }, "×");
    return el("li", {}, tag, this.#editable && remove);
  }

  #add(tag) {
    const { tags } = this.#conversation;
    if (!tag || tags.includes(tag)) return this.#clear();
    if (tags.length >= MOST) return setText(this.#fault, words.full);
    return this.#put([...tags, tag]);
  }

  #clear() {
    this.#input.value = "";
  }

  async #put(wanted) {
    const conversation = this.#conversation;
    setText(this.#fault, "");
    try {
      conversation.showTags((await api.putTags(conversation.id, wanted)).tags);
      if (conversation === this.#conversation) this.#clear();
    } catch (error) {
      setText(this.#fault, explain(error, wording.unreachable));
    }
  }
}
