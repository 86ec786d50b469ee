import { el, setText } from "../shared/dom.js";
import { whenSaid } from "../shared/time.js";
import { wording } from "./wording.js";

const LOW = 1; // so few left are worth a second thought

/** Says above the composer how far words still get in a channel that limits them, such as WeChat. */
export class ReachLine {
  node = el("p", { class: "reach", role: "status", hidden: true });

  /** @param {{left: number, ends_at: ?string, held: number}|null} reach null where nothing limits what is said */
  render(reach) {
    this.node.hidden = !reach;
    if (!reach) return;
    setText(this.node, [leftOf(reach), reach.held > 0 && wording.reach.held(reach.held)].filter(Boolean).join(" "));
    this.node.classList.toggle("low", reach.left <= LOW);
  }
}

function leftOf({ left, ends_at }) {
  if (!ends_at) return wording.reach.closed;
  return left > 0 ? wording.reach.left(left, whenSaid(ends_at)) : wording.reach.spent;
}
