// What was told of each request, so that nothing is told twice: by its key, a mark of how it stood then.
import { createHash } from "node:crypto";
import type { Signing } from "ocisign";
import { viewOf } from "../../shown/request-view.ts";
import { keyOf } from "./scope.ts";

/** What happened to a request. */
export const events = ["new", "changed", "signed", "rejected", "failed"] as const;
export type EventName = (typeof events)[number];

export class Memory {
  readonly #marks: Map<string, string>;

  constructor(marks: Iterable<readonly [key: string, mark: string]> = []) {
    this.#marks = new Map(marks);
  }

  get size(): number {
    return this.#marks.size;
  }

  has(signing: Signing): boolean {
    return this.#marks.has(keyOf(signing));
  }

  /** What to tell of it; nothing if it stands as it was told. */
  eventOf(signing: Signing): EventName | undefined {
    const told = this.#marks.get(keyOf(signing));
    if (told === markOf(signing)) return undefined;
    const { state } = signing;
    if (state === "signed" || state === "rejected" || state === "failed") return state;
    return told === undefined ? "new" : "changed";
  }

  /** It was told, or need not be. */
  keep(signing: Signing): void {
    this.#marks.set(keyOf(signing), markOf(signing));
  }

  forget(signing: Signing): void {
    this.#marks.delete(keyOf(signing));
  }

  /** Forgets what the service does not show any more. @param keys those that it shows */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#marks.keys()) if (!keys.has(key)) this.#marks.delete(key);
  }

  marks(): Iterable<readonly [key: string, mark: string]> {
    return this.#marks;
  }
}

/** How it stands: the status, and which groups have not approved. Short, since there may be thousands. */
function markOf(signing: Signing): string {
  const missing = viewOf(signing).missing ?? null;
  const all = JSON.stringify([signing.code, missing && [...missing].sort()]);
  return createHash("sha256").update(all).digest("base64url").slice(0, 11);
}
