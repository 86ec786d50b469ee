/** On a phone the panel fills what the keyboard leaves free, and the page behind it does not scroll. */

const PHONE = window.matchMedia("(max-width: 640px), (max-height: 480px)");

export const onPhone = () => PHONE.matches;

/**
 * Fits `host` (by the custom properties `--top` and `--height`) to the visible part of the screen.
 * @param {AbortSignal} signal ends it
 */
export function fitToScreen(host, signal) {
  const viewport = window.visualViewport;
  const fit = () => {
    host.style.setProperty("--top", `${viewport?.offsetTop ?? 0}px`);
    host.style.setProperty("--height", `${viewport?.height ?? window.innerHeight}px`);
    document.documentElement.style.overflow = onPhone() ? "hidden" : "";
  };
  fit();
  for (const target of [viewport, PHONE]) {
    for (const name of ["resize", "scroll", "change"]) target?.addEventListener(name, fit, { signal });
  }
  signal.addEventListener("abort", () => {
    document.documentElement.style.overflow = "";
  });
}
