import { el, reconcile } from "../../shared/dom.js";
import { api } from "../api.js";
import { Refresh } from "../refresh.js";
import { OfferCard } from "./offer_card.js";
import { words } from "./wording.js";

/** Conversations on their way between colleagues: what I am offered, what I have offered, and what became of it. */
export class Offers {
  #me;
  #guard;
  #chime;
  #onaccepted;
  #refresh;
  #cards = new Map();

  /** @param {object} options what pages get, and `onaccepted: (id: string) => void` */
  constructor({ agent, guard, signal, chime, onaccepted }) {
    this.#me = agent.agent_id;
    this.#onaccepted = onaccepted;
    this.#guard = guard;
    this.#chime = chime;
    this.#refresh = new Refresh(() => this.#fetch(), { guard, signal });
    this.node = el("section", { class: "offers", "aria-label": words.offers.label, "aria-live": "assertive" });
  }

  refresh() {
    this.#refresh.ask();
  }

  receive(frame) {
    if (frame.type === "queue") this.refresh();
  }

  tick() {
    for (const card of this.#cards.values()) if (card.tick()) this.refresh();
  }

  /** @returns {boolean} whether the key meant something here */
  key({ altKey, ctrlKey, metaKey, code }) {
    const answer = { KeyY: "accept", KeyU: "decline" }[code];
    const card = [...this.#cards.values()].find(({ toMe, over }) => toMe && !over);
    if (!answer || !card || !altKey || ctrlKey || metaKey) return false;
    card[answer]();
    return true;
  }

  async #fetch() {
    const { transfers } = await api.transfers();
    const open = new Map(transfers.map((each) => [`${each.conversation_id} ${each.offered_at}`, each]));
    for (const [key, card] of this.#cards) if (!open.has(key) && !card.over) await this.#end(key, card);
    for (const [key, transfer] of open) if (!this.#cards.has(key)) this.#begin(key, transfer);
    this.#render();
  }

  #begin(key, transfer) {
    const close = () => {
      this.#cards.delete(key);
      this.#render();
    };
    const onaccepted = () => {
      close();
      this.#onaccepted(transfer.conversation_id);
    };
    const card = new OfferCard(transfer, { me: this.#me, onaccepted, onanswered: () => this.refresh(), onclose: close, guard: this.#guard });
    this.#cards.set(key, card);
    if (card.toMe) this.#chime.ring();
  }

  /** What I was offered is simply gone; whoever has offered something learns what became of it. */
  async #end(key, card) {
    const outcome = card.toMe ? null : await outcomeOf(card.transfer, this.#me);
    const told = words.offers.became[outcome]?.(card.transfer.to_name);
    if (told) card.end(told);
    else this.#cards.delete(key);
  }

  #render() {
    reconcile(this.node, [...this.#cards.values()].map(({ node }) => node));
  }
}

/**
 * An offer that runs out is listed no more a moment before that is written down. Null where it does not matter any more:
 * it was neither accepted nor does the conversation stay with me, as I have ended it.
 */
async function outcomeOf({ conversation_id, offered_at }, me) {
  const { conversation, transfers } = await api.conversation(conversation_id);
  const outcome = transfers.findLast((each) => each.offered_at === offered_at)?.outcome ?? "expired";
  return outcome === "accepted" || conversation.agent_id === me ? outcome : null;
}
