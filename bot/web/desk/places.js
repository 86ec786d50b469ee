/** Addresses within the desk: `#/complaints/TS2026112300017`. Links to them work with mouse, keyboard and 后退. */

/** @returns {{page: string, id: string|null}} what the address names */
export function here() {
  const [, page = "", id = ""] = location.hash.split("/");
  return { page, id: decodeURIComponent(id) || null };
}

export const placeOf = (page, id) => `#/${page}/${encodeURIComponent(id)}`;

export function go(page, id) {
  location.hash = placeOf(page, id);
}
