// Where one is, as the address says: `#/requests?filter=all&page=2`, `#/requests/ID`, `#/request`, `#/verify?image=…`.
// Nothing secret ever stands in it.

/** @typedef {{ view: "requests" | "request" | "verify", id?: string, query: URLSearchParams }} Route */

const views = new Set(["requests", "request", "verify"]);

/** Reads an address; what it does not know leads to the requests. @param {string} hash @returns {Route} */
export function routeOf(hash) {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view, ...rest] = path.split("/");
  const query = new URLSearchParams(search);
  if (!views.has(view)) return { view: "requests", query };
  const id = decoded(rest.join("/"));
  return { view: /** @type {Route["view"]} */ (view), ...(view === "requests" && id ? { id } : {}), query };
}

/** @param {string} view @param {string} [id] @param {Record<string, string | number | undefined>} [query] what is undefined or empty is left out */
export function hashOf(view, id, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return `#/${view}${id === undefined ? "" : `/${encodeURIComponent(id)}`}${search && `?${search}`}`;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    // Somebody typed it; there is no such request.
    return text;
  }
}
