// Has this image been asked for already? One look at the service's list, before anything is sent.
import type { ImageReference, Signing } from "ocisign";
import { dateOf } from "../shown/date.ts";
import type { Earlier } from "../shown/earlier.ts";
import { visible } from "../shown/visible.ts";
import { canAsk, isTyped } from "./confirm.ts";
import { libraryError } from "./library-error.ts";
import { Problem } from "./problem.ts";
import { operationIn, type ProductSeen } from "./product-seen.ts";
import { stateText } from "./request-text.ts";
import type { Session } from "./session.ts";
import { relativeTime } from "./time.ts";

/** So many of them are named; who asked a hundred times need not read a hundred lines. */
const mostNamed = 3;

export interface Wanted {
  readonly image: ImageReference;
  readonly seen: ProductSeen;
  /** An id or a name. */
  readonly operation: string | undefined;
  /** Take up a request that waits, and ask for no other one. */
  readonly takesUp: boolean;
  /** Ask nothing. */
  readonly yes: boolean;
}

/**
 * Tells of earlier requests for the same image, product and operation. On a terminal, a person then says whether to
 * request it once more.
 *
 * @returns the request that is taken up
 */
export async function askedBefore(session: Session, wanted: Wanted): Promise<Signing | undefined> {
  const { output } = session;
  const earlier = await found(session, wanted);
  const [first] = earlier;
  if (!first) return undefined;
  const waiting = earlier.find(({ standing }) => standing === "waiting");
  if (wanted.takesUp && waiting) {
    output.note(`${waiting.signing.id} is taken up: it waits for the same image, product and operation.`);
    return waiting.signing;
  }
  tell(session, earlier);
  if (first.standing !== "waiting" && first.standing !== "signed") return undefined;
  if (wanted.yes || !canAsk()) {
    if (first.standing === "waiting")
      output.note("note: --skip pending takes it up in place of a second request.");
    return undefined;
  }
  const isYes = (typed: string) => /^y(es)?$/i.test(typed);
  if (await isTyped(session, "Request it once more? Type yes: ", isYes, "That is not yes.")) return undefined;
  const fix =
    first.standing === "waiting"
      ? `Wait for it with \`ocisign status ${first.signing.id} --wait\`. Nothing was requested.`
      : "Verify it with `ocisign verify`. Nothing was requested.";
  throw new Problem("not-confirmed", "The image is requested already.", fix);
}

/** Who asks again after a rejection need not read of each earlier one. */
function tell({ output }: Session, earlier: readonly Earlier[]): void {
  const stands = earlier.filter(({ standing }) => standing === "waiting" || standing === "signed");
  const named = stands.length > 0 ? stands.slice(0, mostNamed) : earlier.slice(0, 1);
  for (const it of named) output.note(`note: ${described(it)}`);
  if (stands.length > mostNamed) output.note(`note: There are ${stands.length - mostNamed} more.`);
}

async function found(session: Session, { image, seen, operation }: Wanted): Promise<readonly Earlier[]> {
  const { output, signal } = session;
  const client = await session.service();
  const { earlierRequests } = await import("../shown/earlier.ts");
  const { productId, product } = seen;
  const operationId = product ? (await operationIn(product, operation))?.id : operation;
  try {
    const list = await client.signings(undefined, { signal });
    return earlierRequests(list, { productId, operationId }).get(image.canonical) ?? [];
  } catch (error) {
    const { code, message } = libraryError(error) ?? {};
    // Who may request need not be allowed to list.
    if (code === "forbidden") return [];
    if (code === undefined || code === "aborted" || code === "unauthorized") throw error;
    output.note(`warning: Earlier requests of this image could not be read: ${visible(String(message))}`);
    return [];
  }
}

function described({ signing }: Earlier): string {
  const { id, createdAt } = signing;
  const made = dateOf(createdAt);
  const age = made ? `, made ${relativeTime(made)}` : "";
  return `The service has a request for this image and product${age}: ${visible(id)}, ${stateText(signing)}.`;
}
