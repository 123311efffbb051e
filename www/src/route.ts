// The view that the address names: `#/requests?filter=all&page=2`, `#/requests/ID`, `#/request`, `#/verify?image=…`,
// `#/request?again=ID`, `#/request?batch=ID`, `#/batch?ids=ID,ID`, `#/batch?batch=ID`,
// `#/activity?weeks=26&product=ID`.
// It never holds a secret.

const views = ["requests", "request", "verify", "batch", "activity"] as const;
export type View = (typeof views)[number];

export interface Route {
  view: View;
  id?: string;
  query: URLSearchParams;
}

/** Reads an address. An unknown one leads to the requests. */
export function routeOf(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name, ...rest] = path.split("/");
  const query = new URLSearchParams(search);
  const view = views.find((it) => it === name);
  if (!view) return { view: "requests", query };
  const id = decoded(rest.join("/"));
  return { view, ...(view === "requests" && id ? { id } : {}), query };
}

/** Leaves out the parts of `query` that are undefined or empty. */
export function hashOf(
  view: View,
  id?: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return `#/${view}${id === undefined ? "" : `/${encodeURIComponent(id)}`}${search && `?${search}`}`;
}

/** Ids as one part of an address, each in a form that a comma does not break. */
export function listOf(ids: readonly string[]): string {
  return ids.map(encodeURIComponent).join(",");
}

/** The same, read. */
export function idsIn(query: URLSearchParams): string[] {
  return (query.get("ids") ?? "").split(",").filter(Boolean).map(decoded);
}

function decoded(text: string) {
  try {
    return decodeURIComponent(text);
  } catch {
    // A person typed it: there is no such request.
    return text;
  }
}
