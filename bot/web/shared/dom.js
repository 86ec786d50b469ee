/**
 * Building elements. Strings become text nodes, so nothing a person wrote is ever parsed as HTML.
 *
 * @param {string} tag
 * @param {object} props `class`, `dataset`, `onclick`-style listeners, anything else as an attribute;
 *   `false`, `null` and `undefined` leave the attribute out, `true` sets it empty.
 * @param {...(Node|string|null|false|undefined)} children
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** A 24×24 line icon drawn with the current text colour; hidden from screen readers. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Sets text only when it differs, so that a live region is not read again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Makes the children of `parent` exactly `nodes`, in order, moving or touching only what changed. */
export function reconcile(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

/** The address if it is an ordinary web address, else null: `javascript:` and its kin never become a link. */
export function safeLink(address) {
  try {
    const url = new URL(address, document.baseURI);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** True when this key press belongs to an input method (Enter there picks a candidate, it does not send). */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229; // Safari ends composition before keydown and only sets 229
}

/** Enter sends; with Shift it breaks the line, and in an input method it picks a candidate. */
export function sendOnEnter(event, send) {
  if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
  event.preventDefault();
  send();
}

/** Lets a textarea grow with its text, up to the max-height its style sheet gives. */
export function autogrow(textarea) {
  textarea.style.height = "auto";
  textarea.style.height = `${textarea.scrollHeight}px`;
}
