import { api } from "../api.js";

const EVERY_MS = 60_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"];

/** Tells the server that a person is at the page, once a minute at most; the page's own requests tell nothing. */
export function tellActivity({ signal, guard }) {
  let told = performance.now(); // signing in and unlocking count
  const tell = () => {
    if (performance.now() - told < EVERY_MS) return;
    told = performance.now();
    guard(api.activity());
  };
  for (const sign of SIGNS) addEventListener(sign, tell, { signal, passive: true });
}
