import { el, setText } from "../shared/dom.js";

/** A row of tabs, each with a count. Arrow keys move between them, as the pattern wants it. */
export class Tabs {
  #tabs = new Map();

  /** @param {{labels: Object<string, string>, label: string, onturn: (view: string) => void}} options */
  constructor({ labels, label, onturn }) {
    for (const [view, title] of Object.entries(labels)) {
      const count = el("span", { class: "count" });
      const node = el("button", { type: "button", role: "tab", onclick: () => onturn(view) }, title, count);
      this.#tabs.set(view, { node, count });
    }
    const nodes = [...this.#tabs.values()].map(({ node }) => node);
    const onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = nodes[(nodes.indexOf(event.target) + step + nodes.length) % nodes.length];
      next.focus();
      next.click();
    };
    this.node = el("div", { class: "tabs", role: "tablist", "aria-label": label, onkeydown }, ...nodes);
  }

  /** @param {string} current @param {Object<string, number>} [counts] of each view; 0 and missing show nothing */
  show(current, counts = {}) {
    for (const [view, { node, count }] of this.#tabs) {
      node.setAttribute("aria-selected", String(view === current));
      node.tabIndex = view === current ? 0 : -1;
      setText(count, String(counts[view] || ""));
    }
  }
}
