// The platform's `fetch` for calls to the service, in Node's loader only: the build puts it in the place of the global one
// (tools/build/library.js). It stands apart, since what it needs is made with what is in node-globals.ts.
import { OcisignError } from "../error.ts";
import { bounded } from "../http/bounded.ts";
import { reachable } from "../http/resolve.ts";

/** Looked up late: Node loads it when it is first touched, and tests replace it. */
export async function fetch(url: string, init: RequestInit): Promise<Response> {
  if (globalThis.fetch) {
    const at = url.startsWith("http:") ? (await reachable(new URL(url))).href : url;
    return bounded(await globalThis.fetch(at, init), init.method, OcisignError);
  }
  throw new Error(
    "there is no fetch here, as in Jest with jsdom: pass `fetch` to the client, or use an environment that has one",
  );
}
