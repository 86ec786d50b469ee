/**
 * Whom a site token names, read without checking it: only to notice that the page signed in the customer whose
 * conversation is already here. The gateway is the one that verifies.
 *
 * @returns {string|null} null when it cannot be read, which then counts as somebody new
 */
export function subjectOf(token) {
  try {
    const payload = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)).sub ?? null;
  } catch {
    return null;
  }
}
