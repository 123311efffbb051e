// Where this code runs, as far as it matters for what can be said of a failure.

/** A page's script or its worker: it sees neither redirects nor every header, and CORS holds. */
export function isBrowser(): boolean {
  return "document" in globalThis || "WorkerGlobalScope" in globalThis;
}
