// Proves a request's signature: status 16 is the service's claim, the verification is what the registry holds.
import { fail, OcisignError } from "../error.ts";
import { isA, isText } from "../foreign.ts";
import { asReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import { type Given, passedOn, positive } from "../options.ts";
import { copyOfRegistry, openRegistry, type RegistryOptions } from "../registry/open.ts";
import { artifactOf } from "../service/artifact.ts";
import { SigningClient } from "../service/client.ts";
import type { WaitOptions } from "../service/client-options.ts";
import type { ProductId, SigningId } from "../service/ids.ts";
import { plainCopy } from "../service/json.ts";
import { patiently } from "../service/patiently.ts";
import type { Product } from "../service/product.ts";
import type { FinalSigning, Signing, SigningIn } from "../service/signing.ts";
import type { TrustPolicy } from "../trust/policy.ts";
import type { FoundKey } from "./key-rule.ts";
import { readKey, readKeyChoice, type TrustedByFile, type VerificationKey } from "./keys.ts";
import { lookAgain, type Patience } from "./look-again.ts";
import { keyFor } from "./product-key.ts";
import type { PublicKey } from "./public-key.ts";
import { readPolicy } from "./trust.ts";
import type { Verification } from "./verification.ts";
import { verifyImage } from "./verify.ts";

/** Options of {@link verifySigning}. An outage while the product is read is waited out, too. */
export interface VerifySigningOptions extends WaitOptions {
  /**
   * Where and how the registry is reached. Beside a sign-in, pass `reference` or its `url`: else the service alone says
   * which registry gets it.
   */
  registry?: RegistryOptions | undefined;
  /** Refuse signatures that name no repository: those in bundles. */
  requireRepository?: boolean | undefined;
  /** Verify every manifest in an index, too. */
  recursive?: boolean | undefined;
  /** The image that was requested. If the service says that it signed another, that is a `bad-reply`. */
  reference?: string | ImageReference | undefined;
  /** The request's product, if it was read already: it shows the key. */
  product?: Product | undefined;
  /**
   * The key that is expected. It takes the place of one that is pinned in the client's profile. If the product shows
   * another key, that is a `key-mismatch`; if it shows none, or may not be read, this one is used.
   */
  publicKey?: VerificationKey | undefined;
  /** Only in {@link TrustedSigningOptions}. */
  trust?: undefined;
  /** Only with `trust`. */
  trustAt?: undefined;
  /**
   * How long to look again if the registry does not show the signature yet, in milliseconds; 0 is one look. Default: what
   * is left of `timeoutMs`, and without it 30,000. The pauses are those of the wait: `intervalMs`, `maxIntervalMs`.
   */
  lookAgainMs?: number | undefined;
  /** For one call to the registry, in milliseconds. Default 30,000. */
  callTimeoutMs?: number | undefined;
  /** For one verification as a whole, in milliseconds; the wait does not count. Default 300,000: five minutes. */
  totalTimeoutMs?: number | undefined;
  /** What the verification may read as a whole, in bytes. Default 67,108,864: 64 MiB. */
  totalBytes?: number | undefined;
}

/** Options of {@link verifySigning} with a trust file: it says which keys count, whatever key the product shows. */
export interface TrustedSigningOptions
  extends Omit<VerifySigningOptions, "trust" | "trustAt" | "publicKey" | "product">,
    Pick<TrustedByFile, "trust" | "trustAt" | "publicKey"> {
  /** Only without `trust`: the product is not read. */
  product?: undefined;
}

/** Options of {@link waitAndVerify}. */
export type WaitAndVerifyOptions = VerifySigningOptions | TrustedSigningOptions;

/** A request that was signed, and what the registry holds. */
export interface SignedOutcome {
  /** The request. */
  readonly signing: SigningIn<"signed">;
  /** The product's key. */
  readonly publicKey: PublicKey;
  /** Where the key was found, whether it is pinned, and why the product was not read, if that is so. */
  readonly key: FoundKey;
  /** What the registry holds; status 16 is the service's word, this is the registry's. */
  readonly verification: Verification;
}

/** A request that was signed, and what the registry holds by the rules of a trust file. */
export interface TrustedOutcome extends Pick<SignedOutcome, "signing" | "verification"> {
  /** Only without `trust`. */
  readonly publicKey?: undefined;
  /** Only without `trust`: `verification.trust` tells which keys count. */
  readonly key?: undefined;
}

/** What is told of a request that was signed. */
export type OutcomeBy<Options> = Options extends TrustedSigningOptions ? TrustedOutcome : SignedOutcome;

/** A request that was not signed: there is nothing to verify. */
export interface UnsignedOutcome {
  /** The request. */
  readonly signing: SigningIn<"rejected" | "failed">;
  /** Only when it is signed. */
  readonly publicKey?: undefined;
  /** Only when it is signed. */
  readonly key?: undefined;
  /** Only when it is signed. */
  readonly verification?: undefined;
}

const known = [
  ...(["registry", "requireRepository", "recursive", "reference", "product", "publicKey"] as const),
  ...(["trust", "trustAt"] as const),
  ...(["callTimeoutMs", "totalTimeoutMs", "totalBytes", "lookAgainMs"] as const),
  ...(["signal", "timeoutMs", "onStatus", "onOutage", "intervalMs", "maxIntervalMs"] as const),
];

/**
 * Waits until a request is final, and if it is signed, verifies what the registry holds with the product's key.
 *
 * @throws {OcisignError} as {@link SigningClient.waitForSignature}, {@link publicKey} and {@link verifyImage};
 *   `bad-reply` when the service does not say which one image it signed, or signed another.
 * @example
 * ```js
 * import { waitAndVerify } from "ocisign";
 *
 * const request = await client.requestSigning({ product, artifact: image });
 * const { signing, verification } = await waitAndVerify(client, request.id, { reference: image });
 * if (verification?.state !== "verified") throw new Error(verification?.reason ?? signing.reason);
 * ```
 */
export function waitAndVerify<Options extends WaitAndVerifyOptions = VerifySigningOptions>(
  client: SigningClient,
  id: SigningId,
  options?: Options,
): Promise<OutcomeBy<Options> | UnsignedOutcome> {
  return verifySigning(client, id, options);
}

/**
 * Proves the signature of a request: waits where the request is not final yet, finds the product's key, and verifies
 * what the registry holds. Registries may show a signature some seconds late, so what is not there is looked at again
 * for a while (`lookAgainMs`); the last answer counts.
 * The key stands in the product, or it is pinned: in the client's profile, or as `publicKey`.
 *
 * @param signing the request as it was read, or its id.
 * @throws {OcisignError} as {@link SigningClient.waitForSignature}, {@link publicKey} and {@link verifyImage};
 *   `key-mismatch` when the product shows another key than the pinned one; `bad-reply` when the service does not say which one image it signed, or signed another.
 * @example
 * ```js
 * import { verifySigning } from "ocisign";
 *
 * const request = await client.requestSigning({ product, artifact: image });
 * const { signing, verification } = await verifySigning(client, request, { reference: image, product });
 * console.log(verification?.state ?? signing.state); // verified
 * ```
 */
export function verifySigning<Options extends WaitAndVerifyOptions = VerifySigningOptions>(
  client: SigningClient,
  signing: Signing | SigningId,
  options?: Options,
): Promise<OutcomeBy<Options> | UnsignedOutcome> {
  // With a trust file it tells no key, and else it does: the type of what it returns knows only both.
  return proveSigning(client, signing, options) as Promise<OutcomeBy<Options> | UnsignedOutcome>;
}

async function proveSigning(
  client: SigningClient,
  signing: Signing | SigningId,
  options: WaitAndVerifyOptions = {},
): Promise<SignedOutcome | TrustedOutcome | UnsignedOutcome> {
  const begun = performance.now();
  const given = passedOn<WaitAndVerifyOptions>(options, known);
  if (!isA(client, SigningClient)) {
    const fix = "Pass the client that requested the signature.";
    throw fail("bad-input", "client is not a SigningClient.", fix);
  }
  const { registry, product, publicKey, requireRepository, recursive, reference, trust, trustAt, ...times } =
    {
      ...given,
      // Copies: during the wait, the caller may go on to change what was passed.
      registry: copyOfRegistry(given.registry),
      product: copyOf(given.product, "Reading the product"),
      publicKey: given.publicKey === undefined ? undefined : readKey(given.publicKey),
    };
  const { callTimeoutMs, totalTimeoutMs, totalBytes, lookAgainMs, ...wait } = times;
  const again = patience(lookAgainMs, wait, begun);
  const { signal } = wait;
  const request = copyOf(signing, "Reading the request");
  const wanted = reference === undefined ? undefined : asReference(reference);
  // What is wrong with the options is said before the wait, whatever image the service will name.
  openRegistry(wanted ?? { registry: "registry.invalid", repository: "any" }, {
    registry,
    totalTimeoutMs,
    totalBytes,
  });
  const policy = await trustedBefore(wanted, { trust, trustAt, publicKey, product });
  const final = await finalOf(client, request, wait);
  if (!isSigned(final)) return { signing: final };
  const image = signedImage(final, wanted);
  const limits = { timeoutMs: callTimeoutMs, totalTimeoutMs, totalBytes };
  const how = { registry, requireRepository, recursive, signal, ...limits };
  if (policy) {
    const look = () => verifyImage(image, { trust: policy, trustAt, ...how });
    return { signing: final, verification: await lookAgain(look, again()) };
  }
  const key = await keyOf(client, final, product, publicKey, { wait, begun });
  const look = () => verifyImage(image, { publicKey: key.key, ...how });
  return { signing: final, publicKey: key.key, key, verification: await lookAgain(look, again()) };
}

/** The trust file. What is wrong with it, or with what is passed beside it, is said before the wait. */
async function trustedBefore(
  image: ImageReference | undefined,
  { product, ...given }: Given<"trust" | "trustAt" | "publicKey" | "product">,
): Promise<TrustPolicy | undefined> {
  if (given.trust === undefined && given.trustAt === undefined) return undefined;
  if (product !== undefined) {
    const fix = "Leave one of them out: by a trust file, the product's key decides nothing.";
    throw fail("bad-input", "trust and product are both given.", fix);
  }
  // Without a trust file, trustAt alone is refused there.
  const trust = given.trust === undefined ? undefined : (await readPolicy(given.trust))[1];
  const keys = await readKeyChoice({ ...given, trust });
  if (image) keys.of(image);
  return trust;
}

/** How long an absence is looked at again: by the caller's own word, or as long as the wait may take. */
function patience(lookAgainMs: unknown, wait: WaitOptions, begun: number): () => Patience {
  const firstMs = positive(wait, "intervalMs") ?? 500;
  const longestMs = positive(wait, "maxIntervalMs") ?? 10_000;
  const limit = positive(wait, "timeoutMs");
  const own = lookAgainMs === 0 ? 0 : positive({ lookAgainMs }, "lookAgainMs");
  // Counted from the moment when the request was found to be signed.
  return () => {
    const until =
      own === undefined && limit !== undefined ? begun + limit : performance.now() + (own ?? 30_000);
    return { until, firstMs, longestMs, signal: wait.signal };
  };
}

function copyOf<T>(given: T, doing: string): T {
  // Of the same type: whatever JSON has no form for, neither has a reply of the service.
  return given === undefined ? given : (plainCopy(given, doing) as T);
}

async function finalOf(
  client: SigningClient,
  signing: Signing | SigningId,
  wait: WaitOptions,
): Promise<FinalSigning> {
  if (typeof signing === "object" && signing !== null && signing.final) return signing;
  const id = typeof signing === "object" && signing !== null ? signing.id : signing;
  return client.waitForSignature(id, wait);
}

function isSigned(signing: FinalSigning): signing is SigningIn<"signed"> {
  return signing.state === "signed";
}

/** The image that the service says it signed, which has to be the one that was asked for. */
function signedImage(signing: Signing, wanted: ImageReference | undefined): ImageReference {
  const artifact = artifactOf(signing);
  if (artifact.state === "unreadable") throw artifact.error;
  const named = artifact.state === "image" ? artifact.reference : undefined;
  const signed = named ?? (artifact.state === "none" ? wanted : undefined);
  if (!signed) {
    const message = "The service does not say which one image it signed.";
    throw fail("bad-reply", message, "Pass `reference`, the image that you requested.");
  }
  if (!wanted || signed.canonical === wanted.canonical) return signed;
  const message = `The service signed another image, ${signed.canonical}.`;
  throw fail("bad-reply", message, "Report it to the service's operators.");
}

async function keyOf(
  client: SigningClient,
  { productId, idProductOperation }: Signing,
  product: Product | undefined,
  given: PublicKey | undefined,
  how: { readonly wait: WaitOptions; readonly begun: number },
): Promise<FoundKey> {
  const operation = isText(idProductOperation) ? idProductOperation : undefined;
  const seen = product ? { product } : await productSeen(client, productId, how);
  return keyFor({ ...seen, productId, operation, profile: client.profile, given });
}

/** The product, or why it could not be read: a pinned key may do without it. */
async function productSeen(
  client: SigningClient,
  id: ProductId | undefined,
  { wait, begun }: { readonly wait: WaitOptions; readonly begun: number },
): Promise<{ product: Product } | { unread: OcisignError }> {
  try {
    // The client refuses an id that the service left out.
    const read = () => client.product(id as ProductId, { signal: wait.signal });
    return { product: await patiently(read, wait, begun) };
  } catch (unread) {
    if (unread instanceof OcisignError) return { unread };
    throw unread;
  }
}
