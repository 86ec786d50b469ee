import { el } from "../shared/dom.js";
import { Storage } from "../shared/storage.js";
import { wording } from "./wording.js";

const NOTES_HZ = [660, 880];
const NOTE_S = 0.16;
const LOUDNESS = 0.08;

/** Two soft notes when somebody begins to wait, and the switch that silences them on this computer. */
export class Chime {
  #kept = new Storage("localStorage", "zhanggui-desk");
  #context = null;
  node = el("button", { type: "button", class: "chime", onclick: () => this.toggle() }, "♪");

  constructor() {
    this.#show();
  }

  toggle() {
    this.#kept.set("muted", this.#muted ? null : true);
    this.#show();
  }

  ring() {
    if (this.#muted) return;
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => {}); // a browser stays silent until the page was touched
    NOTES_HZ.forEach((pitch, place) => this.#note(pitch, this.#context.currentTime + place * NOTE_S));
  }

  get #muted() {
    return Boolean(this.#kept.get("muted"));
  }

  #note(pitch, at) {
    const [tone, volume] = [this.#context.createOscillator(), this.#context.createGain()];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(LOUDNESS, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
    tone.connect(volume).connect(this.#context.destination);
    tone.start(at);
    tone.stop(at + NOTE_S);
  }

  #show() {
    const label = this.#muted ? wording.unmute : wording.mute;
    this.node.classList.toggle("muted", this.#muted);
    this.node.setAttribute("aria-pressed", String(this.#muted));
    this.node.setAttribute("aria-label", label);
    this.node.title = label;
  }
}
