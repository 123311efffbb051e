// Asks for a signature once, however often the command runs: it takes up what the service has, goes on where a killed run
// was, and gives way to an older request that another machine made at the same moment.
import { join } from "node:path";
import type { ImageReference, Signing } from "ocisign";
import type { SignOutcome } from "../../bulk/outcome.ts";
import { visible } from "../../shown/visible.ts";
import type { RequestDetails } from "../acting.ts";
import { usualPatienceMs } from "../bulk/patiently.ts";
import { libraryError } from "../library-error.ts";
import { operationIn, type ProductSeen } from "../product-seen.ts";
import { stateText } from "../request-text.ts";
import type { Session } from "../session.ts";
import { alone, journalAt, madeFolder, nameOf } from "./alone.ts";
import { byAge, type There, thereIs, type Wanted } from "./there.ts";

export interface OnceOptions {
  readonly details: RequestDetails;
  /** Request anew what was rejected, failed, or signed without a signature that is valid now. */
  readonly again: boolean;
  readonly stateDir: string | undefined;
  readonly limitMs: number | undefined;
}

/** The one request of an image. */
export interface Requested {
  readonly signing: Signing;
  /** It was there before this run. */
  readonly takenUp: boolean;
}

export async function requestedOnce(
  session: Session,
  image: ImageReference,
  seen: ProductSeen,
  options: OnceOptions,
): Promise<Requested> {
  const { product, productId } = seen;
  const { operation } = options.details;
  const operationId = product ? (await operationIn(product, operation))?.id : operation;
  const wanted: Wanted = { image, productId, operationId };
  const service = session.settings.url?.value ?? "";
  const name = nameOf({ service, productId, operationId: operationId ?? "", canonical: image.canonical });
  const folder = madeFolder(options.stateDir);
  return alone(session, join(folder, name), options.limitMs, async () => {
    const there = await thereIs(session, wanted);
    const earlier = taken(there, options.again);
    if (earlier) return takenUp(session, earlier, there);
    // Each attempt has a journal of its own: what has ended stays ended.
    const journal = join(folder, `${name}-${there.ended.length}.journal`);
    const requested = await posted(session, image, seen, options, journal);
    return requested.takenUp ? requested : gaveWay(session, requested, wanted);
  });
}

/** The request that is there, if no other one may be made. */
function taken({ open, ended }: There, again: boolean): Signing | undefined {
  return open[0] ?? (again ? undefined : ended[0]);
}

function takenUp({ output }: Session, signing: Signing, { open }: There): Requested {
  const why = "it is for the same image, product and operation";
  output.note(`${visible(signing.id)} is taken up, ${stateText(signing)}: ${why}.`);
  if (open.length > 1)
    output.note(`warning: The image has ${open.length} open requests; this is the oldest.`);
  return { signing, takenUp: true };
}

/** Posts it, unless an earlier run has, by the rules of lists: nothing is posted in doubt. */
async function posted(
  session: Session,
  image: ImageReference,
  { product, productId }: ProductSeen,
  { details, limitMs }: OnceOptions,
  path: string,
): Promise<Requested> {
  const client = await session.service();
  const { operation, ...words } = details;
  const which = product ? { product, operation } : { productId, operationId: operation };
  const journal = await journalAt(path);
  const patienceMs = Math.min(limitMs ?? usualPatienceMs, usualPatienceMs);
  const how = { journal, skip: ["pending"] as const, patienceMs, signal: session.signal };
  let outcome: SignOutcome | undefined;
  try {
    for await (const one of client.signAll([image], { ...which, ...words, ...how })) outcome = one;
  } finally {
    await journal.close();
  }
  if (!outcome) throw new Error("a run over one image has one outcome");
  return requestIn(session, outcome);
}

async function requestIn(session: Session, outcome: SignOutcome): Promise<Requested> {
  if (outcome.state === "skipped") {
    // Only a journal says "done" here, and it names the request.
    const client = await session.service();
    const signing = await client.signing(outcome.id ?? "", { signal: session.signal });
    return { signing, takenUp: true };
  }
  if (!("signing" in outcome) || !outcome.signing) throw outcome.error;
  const { signing } = outcome;
  const isEarlier = "takenUp" in outcome && outcome.takenUp === true;
  session.output.note(`${isEarlier ? "taken up" : "requested"} ${visible(signing.id)}`);
  return { signing, takenUp: isEarlier };
}

/** Another machine may have looked when this one did. Whose request is the younger takes it back. */
async function gaveWay(session: Session, own: Requested, wanted: Wanted): Promise<Requested> {
  const { output, signal } = session;
  const { signing } = own;
  try {
    const { open } = await thereIs(session, wanted);
    const mine = open.find(({ id }) => id === signing.id);
    const elder = mine && open.find((one) => byAge(one, mine) < 0);
    if (!elder) return own;
    const client = await session.service();
    output.note(`${visible(elder.id)} was made at the same time, and is older: it is taken up.`);
    if (client.profile.routes.withdraw === undefined) {
      output.note(`warning: ${visible(signing.id)} asks for the same. Have it rejected.`);
    } else {
      await client.withdraw(signing.id, { comment: `the same as ${elder.id}`, signal });
      output.note(`${visible(signing.id)} is withdrawn.`);
    }
    return { signing: elder, takenUp: true };
  } catch (error) {
    const message = libraryError(error)?.message;
    if (signal.aborted || message === undefined) throw error;
    // The request is there; that a second look failed says nothing of it.
    output.note(`warning: Whether another machine asked for the same is not known. ${visible(message)}`);
    return own;
  }
}
