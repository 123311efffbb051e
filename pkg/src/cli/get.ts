// A GET of the command line's own, beside the library: it carries nothing of the user's, follows no redirect, and ends
// with the program.
import type { FetchReply } from "ocisign";
import { textUpTo } from "../http/bounded.ts";
import { type Outcome, within } from "../http/deadline.ts";
import type { Network } from "./network.ts";

export interface Getting {
  readonly network: Network;
  /** The program's. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Of the body: what is longer is left unread. */
  readonly mostBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Got {
  readonly reply: FetchReply;
  /** Undefined where the body is longer than was allowed. */
  readonly text: string | undefined;
  /** When the head came, in milliseconds since 1970. */
  readonly answeredAt: number;
}

/**
 * What came of it, or why nothing did.
 *
 * @throws when the program ends
 */
export async function get(
  url: string,
  { network, signal, timeoutMs, mostBytes, headers }: Getting,
): Promise<Exclude<Outcome<Got>, { stopped: "signal" }>> {
  const outcome = await within(timeoutMs, signal, async (ending) => {
    const reply: FetchReply = await (network.fetch ?? fetch)(url, {
      ...{ method: "GET", headers: { ...headers }, signal: ending, redirect: "manual" },
      ...{ credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" },
    });
    const answeredAt = Date.now();
    return { reply, answeredAt, text: await textUpTo(reply, mostBytes) };
  });
  signal.throwIfAborted();
  return outcome as Exclude<typeof outcome, { stopped: "signal" }>;
}
