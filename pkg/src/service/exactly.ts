// The caller's client as a decision needs it: what it reads is all that the service said.
import { fail, type UnplacedErrorCode } from "../error.ts";
import { hasMethod, isText } from "../foreign.ts";
import type { Fetch } from "../http/fetch.ts";
import { SigningClient } from "./client.ts";
import type { RetryOptions } from "./client-options.ts";
import { lossIn } from "./loss.ts";
import { lostIn } from "./lost-in.ts";
import { waits } from "./waits.ts";

/**
 * A client of the same service and the same tokens. A read whose reply says more than JavaScript keeps of it fails.
 *
 * @param code of that failure
 * @param retry in place of the caller's
 * @param isOut is called when a call that changes something goes out
 */
export function exactly(
  client: SigningClient,
  code: UnplacedErrorCode,
  { retry, isOut }: { readonly retry?: RetryOptions; readonly isOut?: (() => void) | undefined } = {},
): SigningClient {
  const given = waits.givenOf(client);
  const own: Fetch = async (url, init) => {
    if (init.method !== "GET") isOut?.();
    const reply = await (given.fetch ?? (fetch as Fetch))(url, init);
    if (init.method !== "GET" || !hasMethod(reply, "text")) return reply;
    const { status, headers } = reply;
    return {
      status,
      headers,
      text: async () => {
        const text = await reply.text();
        if (isText(text)) check(text, code);
        return text;
      },
    };
  };
  return new SigningClient({ ...given, fetch: own, ...(retry && { retry }) });
}

/** What is no JSON, the client says itself. */
function check(text: string, code: UnplacedErrorCode): void {
  try {
    JSON.parse(text);
  } catch {
    return;
  }
  const lost = lostIn(text);
  if (lost === undefined) return;
  throw fail(code, lossIn(lost), "Report it to the service's operators. Nothing is decided about it.");
}
