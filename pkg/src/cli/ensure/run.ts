// The run of `ocisign ensure`: is the image verified already? If not: one request, its end, and a second look at the
// registry. Status 16 is the service's claim, so that only a verification ends it well.
import type { ImageReference, Signing, Verification } from "ocisign";
import { lookAgain } from "../../signature/look-again.ts";
import type { RequestDetails } from "../acting.ts";
import { patiently } from "../bulk/patiently.ts";
import { type ProductSeen, productToRequest } from "../product-seen.ts";
import { registryOptions } from "../registry-options.ts";
import type { Session } from "../session.ts";
import type { Trust } from "../trusted-keys.ts";
import { waitFor } from "../wait.ts";
import { requestedOnce } from "./once.ts";
import { checkRule, checkSigner } from "./signer.ts";

export interface EnsureOptions {
  readonly trust: Trust;
  readonly requireRepository: boolean;
  readonly details: RequestDetails;
  readonly mayBeUnread: boolean;
  readonly again: boolean;
  readonly timeout: number | undefined;
  readonly stateDir: string | undefined;
  /** Hears of the request as soon as there is one. */
  readonly onRequest: (signing: Signing) => void;
}

export interface Ensured {
  readonly image: ImageReference;
  /** The request, unless the image was verified before. */
  readonly signing?: Signing | undefined;
  readonly takenUp?: boolean | undefined;
  /** What the registry holds; of a request that was not signed, nothing was looked at again. */
  readonly verification?: Verification | undefined;
}

export async function ensured(
  session: Session,
  image: ImageReference,
  options: EnsureOptions,
): Promise<Ensured> {
  const { trust, timeout, onRequest } = options;
  const begun = performance.now();
  const look = await looking(session, image, options);
  const before = await look();
  // What could not be read may be signed: nobody is asked for nothing.
  if (before.state === "verified" || before.state === "unreachable") return { image, verification: before };
  checkRule({ trust, before });
  const seen = await productOf(session, image, { ...options, before });
  const limitMs = timeout;
  const requested = await requestedOnce(session, image, seen, { ...options, limitMs });
  onRequest(requested.signing);
  const left = () => (timeout === undefined ? undefined : Math.max(begun + timeout - performance.now(), 1));
  const { id } = requested.signing;
  const signing = await waitFor(session, id, requested.signing, left());
  const { takenUp } = requested;
  if (signing.state !== "signed") return { image, signing, takenUp };
  session.output.progress(`${id}: signed; verifying`);
  const until = performance.now() + Math.min(left() ?? longestLookMs, longestLookMs);
  const patience = { until, firstMs: 500, longestMs: 10_000, signal: session.signal };
  const verification = await lookAgain(look, patience);
  session.output.settle();
  return { image, signing, takenUp, verification };
}

/** A registry shows a new signature some seconds late. */
const longestLookMs = 30_000;

async function looking(
  session: Session,
  image: ImageReference,
  { trust, requireRepository }: EnsureOptions,
): Promise<() => Promise<Verification>> {
  const { verifyImage } = await import("ocisign");
  const registry = await registryOptions(session, image);
  const { signal, callTimeoutMs: timeoutMs } = session;
  return () => verifyImage(image, { ...trust, requireRepository, registry, signal, timeoutMs });
}

/** The product to request of, after all that is known of it was checked. */
async function productOf(
  session: Session,
  image: ImageReference,
  { details, mayBeUnread, trust, timeout, before }: EnsureOptions & { readonly before: Verification },
): Promise<ProductSeen> {
  const { checkRegistry } = await import("ocisign");
  const { operation } = details;
  const read = () => productToRequest(session, session.settings.product?.value, operation, mayBeUnread);
  const seen = await patiently(session, read, timeout);
  if (!seen.product) return seen;
  checkRegistry(image, seen.product);
  await checkSigner(session, seen, operation, { trust, before });
  return seen;
}
