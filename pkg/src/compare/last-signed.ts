// What a request is compared with: the newest request of the same repository and operation that is signed, and whose
// signature the registry proves. The service's list says where to look; what it says of signatures is not believed.
import { AllRequests, packed, unpacked, type Visitor } from "../bulk/all-requests.ts";
import { fail, OcisignError, type UnplacedErrorCode } from "../error.ts";
import { copyOfList, fieldOf, isA, isList, isRecord, isText } from "../foreign.ts";
import type { ImageReference } from "../image/reference.ts";
import { checkOptions, isOn, optionalSignal } from "../options.ts";
import { copyOfRegistry, openRegistry } from "../registry/open.ts";
import { artifactOf } from "../service/artifact.ts";
import { checkSignal } from "../service/call.ts";
import { SigningClient } from "../service/client.ts";
import { decodeStatus } from "../service/decode-status.ts";
import type { SigningId } from "../service/ids.ts";
import { plainCopy } from "../service/json.ts";
import type { Product } from "../service/product.ts";
import type { Profile } from "../service/profile.ts";
import { isSameId } from "../service/same-id.ts";
import type { Signing, SigningIn } from "../service/signing.ts";
import { dateOf } from "../shown/date.ts";
import { readKey } from "../signature/keys.ts";
import { verifySigning } from "../signature/verify-signing.ts";
import type { LastSigned, LastSignedOptions, PassedOver } from "./predecessor.ts";

/** So many are verified at most: each costs a few calls to the registry. */
const mostTried = 5;
/** So many of the newest are kept of a long list. */
const mostKept = 20;
/** Nobody has more requests in hand. */
const mostGiven = 1_000_000;

const known = [
  ...(["registry", "requireRepository", "signings", "product", "publicKey", "signal"] as const),
  ...(["callTimeoutMs", "totalTimeoutMs", "totalBytes"] as const),
];

/** Whose predecessor is wanted. */
interface Wanted {
  readonly id: string;
  readonly productId: string | undefined;
  readonly operationId: string | undefined;
  readonly image: ImageReference;
  /** Of one that is signed itself: only what was signed before it counts. */
  readonly before: Date | undefined;
}

/** A request that is signed, by the service's word. */
interface Candidate {
  readonly signing: SigningIn<"signed">;
  readonly at: Date | undefined;
}

/**
 * Finds what to compare a request with: the newest other request of the same repository and operation that is signed,
 * and whose signature verifies with the product's key in the registry. The service's list names the candidates; the
 * registry decides. Of a request that is signed itself, only what was signed before it counts.
 *
 * @param request as it was read, or its id.
 * @throws {OcisignError} for wrong arguments (`bad-input`, `bad-url`, `bad-public-key`); `aborted`. What the service and
 *   the registry do is in the result.
 * @example
 * ```js
 * import { compareImages, lastSigned } from "ocisign";
 *
 * const last = await lastSigned(client, request);
 * if (last.state === "found") {
 *   const { notable } = await compareImages(last.reference, image);
 *   console.log(last.signedAt, notable.length);
 * } else {
 *   console.log(last.state);
 * }
 * ```
 */
export async function lastSigned(
  client: SigningClient,
  request: Signing | SigningId,
  options: LastSignedOptions = {},
): Promise<LastSigned> {
  const given = checkOptions(options, known);
  const signal = optionalSignal(given, "signal");
  if (!isA(client, SigningClient)) {
    throw fail("bad-input", "client is not a SigningClient.", "Pass the client that reads the requests.");
  }
  const asked = plainCopy(request, "Reading the request");
  const how = {
    registry: copyOfRegistry(options.registry),
    // It is what the caller's types promise, as far as the key's rule looks.
    product: options.product && (plainCopy(options.product, "Reading the product") as Product),
    publicKey: given.publicKey === undefined ? undefined : readKey(given.publicKey),
    requireRepository: isOn(given, "requireRepository"),
    callTimeoutMs: options.callTimeoutMs,
    totalTimeoutMs: options.totalTimeoutMs,
    totalBytes: options.totalBytes,
    signal,
  };
  // What is wrong with them is said at once, and not as a finding.
  openRegistry(
    { registry: "registry.invalid", repository: "any" },
    {
      ...{ registry: how.registry, timeoutMs: how.callTimeoutMs },
      ...{ totalTimeoutMs: how.totalTimeoutMs, totalBytes: how.totalBytes },
    },
  );
  const listed = given.signings === undefined ? undefined : signingsIn(given.signings);
  const passedOver: PassedOver[] = [];
  try {
    const wanted = await wantedOf(client, asked, signal);
    const found = listed ? among(client, wanted, listed) : await candidatesOf(client, wanted, signal);
    return await firstVerified(client, found, wanted, how, passedOver);
  } catch (error) {
    checkSignal(signal);
    if (!isA(error, OcisignError) || error.code === "bad-input") throw error;
    return { state: "unknown", error, passedOver };
  }
}

function signingsIn(given: unknown): readonly Signing[] {
  const list = copyOfList(given, mostGiven);
  // They are what the caller's types promise, as far as it matters here.
  if (list?.every((one) => isRecord(one) && isText(one.id) && isText(one.state))) return list as Signing[];
  throw fail("bad-input", "signings is no list of requests.", "Pass what client.signings() gave.");
}

async function wantedOf(
  client: SigningClient,
  asked: unknown,
  signal: AbortSignal | undefined,
): Promise<Wanted> {
  // The client says what is wrong with anything else.
  const isId = typeof asked !== "object" || asked === null;
  const given = isId ? undefined : (asked as Signing);
  const id = (given ? given.id : asked) as SigningId;
  // A list may leave out which image a request is about.
  const isWhole = given !== undefined && artifactOf(given).state !== "none";
  const signing = isWhole ? given : await client.signing(id, { signal });
  const artifact = artifactOf(signing);
  if (artifact.state === "unreadable") throw artifact.error;
  if (artifact.state !== "image") {
    throw fail("bad-reply", "The request names no image.", "Name the image to compare with.");
  }
  return {
    id: signing.id,
    productId: isText(signing.productId) ? signing.productId : undefined,
    operationId: isText(signing.idProductOperation) ? signing.idProductOperation : undefined,
    image: artifact.reference,
    before: signing.state === "signed" ? signedAt(signing, client.profile) : undefined,
  };
}

/** When a request was signed, as the service says it: by its history, or else by the last approval, or by its beginning. */
function signedAt(signing: Signing, profile: Profile): Date | undefined {
  const isEnd = (step: unknown) => {
    const status = fieldOf(step, "status");
    return Number.isSafeInteger(status) && decodeStatus(Number(status), profile).state === "signed";
  };
  const timesIn = (list: unknown, counts: (step: unknown) => boolean) =>
    (isList(list) ? list.filter(counts) : []).flatMap((step) => dateOf(fieldOf(step, "at")) ?? []);
  const times = [timesIn(signing.history, isEnd), timesIn(signing.approvals, () => true)];
  const latest = times.find((some) => some.length > 0)?.reduce((a, b) => (b > a ? b : a));
  return latest ?? dateOf(signing.createdAt);
}

/** The newest of a walk, and whether there are more. */
class Candidates implements Visitor {
  readonly #wanted: Wanted;
  readonly #profile: Profile;
  /** Each as text. The newest first; those without any time last. */
  #kept: { readonly text: string; readonly at: Date | undefined }[] = [];
  count = 0;
  /** Of an element of the list that cannot be read: it may be the one. */
  error: OcisignError | undefined;

  constructor(client: SigningClient, wanted: Wanted) {
    this.#profile = client.profile;
    this.#wanted = wanted;
  }

  see(signing: Signing): undefined {
    if (!isCandidate(signing, this.#wanted)) return;
    const at = signedAt(signing, this.#profile);
    const { before } = this.#wanted;
    if (before && at && at >= before) return;
    this.count += 1;
    // As text, which takes a fifth of the memory.
    this.#kept.push({ text: packed(signing), at });
    // Now and then, since a list may have hundreds of thousands.
    if (this.#kept.length > mostKept * 10) this.#kept = this.#newest();
  }

  unreadable({ error }: { readonly error: OcisignError }): void {
    this.error ??= error;
  }

  newest(): readonly Candidate[] {
    // Only those that are signed were kept.
    return this.#newest().map(({ text, at }) => ({ signing: unpacked(text) as SigningIn<"signed">, at }));
  }

  #newest() {
    const time = (at: Date | undefined) => at?.valueOf() ?? Number.NEGATIVE_INFINITY;
    return this.#kept.sort((a, b) => time(b.at) - time(a.at) || 0).slice(0, mostKept);
  }
}

/** Is it signed, by the service's word, and of the same operation and repository, as far as it says? */
function isCandidate(signing: Signing, { id, productId, operationId, image }: Wanted): boolean {
  if (signing.state !== "signed" || isSameId(signing.id, id)) return false;
  const isAnother = (shown: unknown, own: string | undefined) =>
    isText(shown) && own !== undefined && !isSameId(shown, own);
  if (isAnother(signing.productId, productId)) return false;
  if (isAnother(signing.idProductOperation, operationId)) return false;
  return mayBeOf(signing, image);
}

function mayBeOf(signing: Signing, { registry, repository }: ImageReference): boolean {
  const artifact = artifactOf(signing);
  if (artifact.state === "none") return true;
  const { reference } = { reference: undefined, ...artifact };
  return reference?.registry === registry && reference.repository === repository;
}

function imageOf(signing: Signing): ImageReference | undefined {
  const artifact = artifactOf(signing);
  return artifact.state === "image" ? artifact.reference : undefined;
}

function among(client: SigningClient, wanted: Wanted, signings: readonly Signing[]): Candidates {
  const candidates = new Candidates(client, wanted);
  for (const signing of signings) candidates.see(signing);
  return candidates;
}

async function candidatesOf(
  client: SigningClient,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<Candidates> {
  const { visitor } = await new AllRequests(client).walk(
    (work) => work(signal ?? new AbortController().signal),
    () => new Candidates(client, wanted),
  );
  return visitor;
}

type How = Omit<LastSignedOptions, "signal"> & { readonly signal: AbortSignal | undefined };

async function firstVerified(
  client: SigningClient,
  found: Candidates,
  wanted: Wanted,
  how: How,
  passedOver: PassedOver[],
): Promise<LastSigned> {
  let read = 0;
  for (const { signing, at } of found.newest()) {
    if (passedOver.length === mostTried) break;
    read += 1;
    const image = await imageIn(client, signing, how.signal);
    if (!image) continue;
    const { registry, repository } = wanted.image;
    if (image.registry !== registry || image.repository !== repository) continue;
    const reference = image.canonical;
    const outcome = await verifySigning(client, signing, { ...how, reference, lookAgainMs: 0 });
    const { verification } = outcome;
    // A request that is signed has one.
    if (!verification) continue;
    if (verification.state !== "verified") {
      passedOver.push({ signing, reference, verification });
      continue;
    }
    const when = at && { signedAt: at.toISOString() };
    return { state: "found", signing, reference, ...when, verification, key: outcome.key, passedOver };
  }
  const error = unclear(found, passedOver) ?? (read < found.count ? older(read) : undefined);
  return error ? { state: "unknown", error, passedOver } : { state: "none", passedOver };
}

/** A list may leave out the image: then the request is read by itself. */
async function imageIn(
  client: SigningClient,
  signing: Signing,
  signal: AbortSignal | undefined,
): Promise<ImageReference | undefined> {
  return imageOf(signing) ?? imageOf(await client.signing(signing.id, { signal }));
}

/** Something that may be the one, and could not be read. */
function unclear({ error }: Candidates, passedOver: readonly PassedOver[]): OcisignError | undefined {
  const [problem] = passedOver.flatMap(({ verification }) =>
    verification.state === "unreachable" ? verification.problems : [],
  );
  // None of these is an error about a place.
  return problem
    ? (fail(problem.code as UnplacedErrorCode, problem.message, problem.fix) as OcisignError)
    : error;
}

function older(read: number): OcisignError {
  const what = `None of the ${read} newest signed requests for the repository verifies, and there are older ones.`;
  return fail("bad-signature", what, "Name the image to compare with.") as OcisignError;
}
