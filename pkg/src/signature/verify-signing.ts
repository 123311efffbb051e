// Proves a request's signature: status 16 is the service's claim, the verification is what the registry holds.
import { publicKey } from "../core.ts";
import { fail } from "../error.ts";
import { isA } from "../foreign.ts";
import { asReference } from "../image/read.ts";
import type { ImageReference } from "../image/reference.ts";
import { passedOn } from "../options.ts";
import { copyOfRegistry, openRegistry, type RegistryOptions } from "../registry/open.ts";
import { artifactOf } from "../service/artifact.ts";
import { SigningClient } from "../service/client.ts";
import type { WaitOptions } from "../service/client-options.ts";
import type { ProductId, SigningId } from "../service/ids.ts";
import { plainCopy } from "../service/json.ts";
import { patiently } from "../service/patiently.ts";
import type { Product } from "../service/product.ts";
import type { FinalSigning, Signing, SigningIn } from "../service/signing.ts";
import type { PublicKey } from "./public-key.ts";
import type { Verification } from "./verification.ts";
import { verifyImage } from "./verify.ts";

/** Options of {@link verifySigning}. An outage while the product is read is waited out, too. */
export interface VerifySigningOptions extends WaitOptions {
  /** Where and how the registry is reached. */
  registry?: RegistryOptions | undefined;
  /** Refuse signatures that name no repository: those in bundles. */
  requireRepository?: boolean | undefined;
  /** Verify every manifest in an index, too. */
  recursive?: boolean | undefined;
  /** The image that was requested. If the service says that it signed another, that is a `bad-reply`. */
  reference?: string | ImageReference | undefined;
  /** The request's product, if it was read already: it shows the key. */
  product?: Product | undefined;
  /** For one call to the registry, in milliseconds. Default 30,000. */
  callTimeoutMs?: number | undefined;
  /** For the verification as a whole, in milliseconds; the wait does not count. Default 300,000: five minutes. */
  totalTimeoutMs?: number | undefined;
  /** What the verification may read as a whole, in bytes. Default 67,108,864: 64 MiB. */
  totalBytes?: number | undefined;
}

/** Options of {@link waitAndVerify}. */
export type WaitAndVerifyOptions = VerifySigningOptions;

/** A request that was signed, and what the registry holds. */
export interface SignedOutcome {
  /** The request. */
  readonly signing: SigningIn<"signed">;
  /** The product's key. */
  readonly publicKey: PublicKey;
  /** What the registry holds; status 16 is the service's word, this is the registry's. */
  readonly verification: Verification;
}

/** A request that was not signed: there is nothing to verify. */
export interface UnsignedOutcome {
  /** The request. */
  readonly signing: SigningIn<"rejected" | "failed">;
  /** Only when it is signed. */
  readonly publicKey?: undefined;
  /** Only when it is signed. */
  readonly verification?: undefined;
}

const known = [
  ...(["registry", "requireRepository", "recursive", "reference", "product"] as const),
  ...(["callTimeoutMs", "totalTimeoutMs", "totalBytes"] as const),
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
export function waitAndVerify(
  client: SigningClient,
  id: SigningId,
  options: WaitAndVerifyOptions = {},
): Promise<SignedOutcome | UnsignedOutcome> {
  return verifySigning(client, id, options);
}

/**
 * Proves the signature of a request: waits where the request is not final yet, finds the product's key, and verifies
 * what the registry holds.
 *
 * @param signing the request as it was read, or its id.
 * @throws {OcisignError} as {@link SigningClient.waitForSignature}, {@link publicKey} and {@link verifyImage};
 *   `bad-reply` when the service does not say which one image it signed, or signed another.
 * @example
 * ```js
 * import { verifySigning } from "ocisign";
 *
 * const request = await client.requestSigning({ product, artifact: image });
 * const { signing, verification } = await verifySigning(client, request, { reference: image, product });
 * console.log(verification?.state ?? signing.state); // verified
 * ```
 */
export async function verifySigning(
  client: SigningClient,
  signing: Signing | SigningId,
  options: VerifySigningOptions = {},
): Promise<SignedOutcome | UnsignedOutcome> {
  const begun = Date.now();
  const given = passedOn(options, known);
  if (!isA(client, SigningClient)) {
    const fix = "Pass the client that requested the signature.";
    throw fail("bad-input", "client is not a SigningClient.", fix);
  }
  const { registry, product, requireRepository, recursive, reference, ...times } = {
    ...given,
    // Copies: during the wait, the caller may go on to change what was passed.
    registry: copyOfRegistry(given.registry),
    product: copyOf(given.product, "Reading the product"),
  };
  const { callTimeoutMs, totalTimeoutMs, totalBytes, ...wait } = times;
  const { signal } = wait;
  const request = copyOf(signing, "Reading the request");
  const wanted = reference === undefined ? undefined : asReference(reference);
  // What is wrong with the options is said before the wait, whatever image the service will name.
  openRegistry(wanted ?? { registry: "registry.invalid", repository: "any" }, {
    registry,
    totalTimeoutMs,
    totalBytes,
  });
  const final = await finalOf(client, request, wait);
  if (!isSigned(final)) return { signing: final };
  const image = signedImage(final, wanted);
  const key = await keyOf(client, final, product, wait, begun);
  const limits = { timeoutMs: callTimeoutMs, totalTimeoutMs, totalBytes };
  const how = { registry, requireRepository, recursive, signal, ...limits };
  return {
    signing: final,
    publicKey: key,
    verification: await verifyImage(image, { publicKey: key, ...how }),
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
  wait: WaitOptions,
  begun: number,
): Promise<PublicKey> {
  const { signal } = wait;
  // The client refuses an id that the service left out.
  const read = () => client.product(productId as ProductId, { signal });
  const shown = product ?? (await patiently(read, wait, begun));
  return publicKey(shown, idProductOperation, client.profile);
}
