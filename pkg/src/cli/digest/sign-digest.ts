// `ocisign sign --via digest`: a DigestSigning operation signs the digest, and this program attaches the signature. Run
// again, it goes on where it was: a request that the service has already is taken up, and never made a second time.
import type {
  AttachedSignature,
  ImageReference,
  PublicKey,
  SignatureFormat,
  Signing,
  Verification,
} from "ocisign";
import { asForImages, digestOperation } from "../../digest/operation.ts";
import { visible } from "../../shown/visible.ts";
import type { FoundKey } from "../../signature/key-rule.ts";
import { lookAgain } from "../../signature/look-again.ts";
import { acting, type RequestDetails } from "../acting.ts";
import { readKeyIn } from "../key-file.ts";
import { sourceText } from "../key-text.ts";
import type { Output } from "../output.ts";
import { exitCode, Problem } from "../problem.ts";
import { type ProductSeen, productToRequest } from "../product-seen.ts";
import { registryOptions } from "../registry-options.ts";
import { exitFor, requestText, stateText } from "../request-text.ts";
import type { Session } from "../session.ts";
import { imageToSign } from "../tagged-image.ts";
import { explainUnknown } from "../unexplained.ts";
import { exitForVerification, verificationText } from "../verification-text.ts";
import { explainNotFinal, waitFor } from "../wait.ts";
import { shownPath } from "../withheld.ts";
import { attachedText } from "./attached-text.ts";
import { formatsOf } from "./formats.ts";
import type { HashName } from "./hashes.ts";

/** A request, and for which format it is. */
interface FormatSigning {
  readonly format: SignatureFormat;
  readonly signing: Signing;
  /** What is signed, such as `sha256:3fbc…`. */
  readonly digest: string;
}

/** What came of an image, for people and for programs. */
export interface DigestOutcome extends Done {
  readonly document: object;
  readonly exit: number;
}

interface Done {
  readonly reference: string;
  readonly requests: readonly FormatSigning[];
  readonly timeout: number | undefined;
  /** The words of the command that goes on. */
  readonly again: readonly string[];
  /** Once all are signed. */
  readonly attached?: AttachedSignature;
  readonly verification?: Verification;
  readonly key?: FoundKey;
  /** Signed in each format that was asked for, and the registry shows it. */
  readonly isComplete?: boolean;
}

export interface DigestOptions {
  readonly timeout: number | undefined;
  readonly format: string | undefined;
  readonly hash: HashName | undefined;
  /** A file that holds the expected key. */
  readonly key: string | undefined;
  readonly mayBeUnread: boolean;
  readonly yes: boolean;
  /** Request it without a look at what is requested already. */
  readonly isBlind: boolean;
}

export async function signByDigest(
  session: Session,
  text: string,
  options: DigestOptions,
  details: RequestDetails,
): Promise<DigestOutcome> {
  const { output } = session;
  const { timeout } = options;
  const image = await imageToSign(session, text, options.yes);
  const given = options.key === undefined ? undefined : await readKeyIn(options.key);
  // Before anything is requested: the answer is needed only at the end of a long wait.
  const registry = await registryOptions(session, image);
  const { product: named } = session.settings;
  const seen = await productToRequest(session, named?.value, details.operation, options.mayBeUnread);
  const key = await expectedKey(session, seen, details.operation, given, options.key);
  if (key.pin || key.from !== "product") output.note(`key: ${sourceText(key)}`);
  const again = goingOn(session, image, options);
  const begun = performance.now();
  const left = () => (timeout === undefined ? undefined : Math.max(begun + timeout - performance.now(), 1));
  const requests: FormatSigning[] = [];
  // All of them first, so that people decide about both at once.
  for (const format of formatsOf(options.format)) {
    requests.push(await requested(session, image, { format, seen, options, details }));
  }
  for (const [index, one] of requests.entries()) {
    const signing = await waitFor(session, one.signing.id, one.signing, left(), again);
    requests[index] = { ...one, signing };
  }
  const soFar = { reference: image.canonical, requests, timeout, again, key };
  if (requests.some(({ signing }) => signing.state !== "signed")) return outcomeOf(soFar);
  output.progress(`attaching to ${image.canonical}`);
  const attached = await attach(session, image, requests, { publicKey: key.key, registry });
  output.progress(`verifying ${image.canonical}`);
  const verification = await verified(session, image, { publicKey: key.key, registry }, left());
  output.settle();
  return outcomeOf({ ...soFar, attached, verification, isComplete: holds(verification, requests) });
}

interface Wanted {
  readonly format: SignatureFormat;
  readonly seen: ProductSeen;
  readonly options: DigestOptions;
  readonly details: RequestDetails;
}

async function requested(
  session: Session,
  image: ImageReference,
  { format, seen, options, details }: Wanted,
): Promise<FormatSigning> {
  const { requestDigestSigning } = await import("ocisign");
  const { output, signal } = session;
  const client = await session.service();
  const { product, productId } = seen;
  const input = {
    reference: image,
    format,
    hash: options.hash,
    ...details,
    ...(product ? { product } : { productId }),
  };
  const { signing, isNew, digest } = await acting(session, "The request", () =>
    requestDigestSigning(client, input, { again: options.isBlind, signal }),
  );
  const id = visible(signing.id);
  if (!isNew)
    output.note(`${id} is taken up: it is for the same digest and operation, ${stateText(signing)}.`);
  else output.note(`${id} is requested: ${format}, ${digest}`);
  return { format, signing, digest };
}

/** The key that the signatures must be of: known before anything is requested. */
async function expectedKey(
  session: Session,
  seen: ProductSeen,
  wanted: string | undefined,
  given: PublicKey | undefined,
  file: string | undefined,
): Promise<FoundKey> {
  const { keyFor } = await import("../../shown/product-key.ts");
  const { profile } = await session.service();
  const givenAt = file === undefined ? undefined : `--key ${shownPath(file) ?? "FILE"}`;
  const { product } = seen;
  if (!product) return keyFor({ ...seen, operation: wanted, profile, given, givenAt });
  const operation = digestOperation(product, wanted);
  if (typeof operation === "string") throw noOperation(operation);
  return keyFor({
    ...{ ...seen, product: asForImages(product, operation) },
    ...{ operation: operation.id, profile, given, givenAt },
  });
}

function noOperation(code: string): Problem {
  return code === "operation-missing"
    ? new Problem(
        code,
        "The product has no such operation of type DigestSigning.",
        "Give --operation, or another --product; without --via digest, the service signs images itself.",
      )
    : new Problem(code, "The product has several operations of type DigestSigning.", "Give --operation ID.");
}

interface Reach {
  readonly publicKey: PublicKey;
  readonly registry: Awaited<ReturnType<typeof registryOptions>>;
}

async function attach(
  { signal, callTimeoutMs: timeoutMs }: Session,
  image: ImageReference,
  requests: readonly FormatSigning[],
  reach: Reach,
): Promise<AttachedSignature> {
  const { attachSignature } = await import("ocisign");
  const common = { ...reach, signal, timeoutMs };
  const [first, second] = requests.map((one) => ({ ...one, signature: signatureOf(one) }));
  if (!first) throw new Error("there is no request");
  return second
    ? attachSignature(image, {
        ...common,
        format: "both",
        signature: { "simple-signing": first.signature, bundle: second.signature },
      })
    : attachSignature(image, { ...common, format: first.format, signature: first.signature });
}

function signatureOf({ signing: { id, signature } }: FormatSigning): string {
  if (typeof signature === "string" && signature !== "") return signature;
  throw new Problem(
    "bad-reply",
    `The service says that ${visible(id)} is signed, and shows no signature.`,
    "Say in the profile where it stands: replies.signing.fields.signature.",
  );
}

/** Right after the push, a replica may not show it yet. */
async function verified(
  { signal, callTimeoutMs }: Session,
  image: ImageReference,
  { publicKey, registry }: Reach,
  left = 30_000,
): Promise<Verification> {
  const { verifyImage } = await import("ocisign");
  const look = () => verifyImage(image, { publicKey, registry, signal, timeoutMs: callTimeoutMs });
  const until = performance.now() + left;
  return lookAgain(look, { until, firstMs: 500, longestMs: 10_000, signal });
}

/** Is there a signature of the key in each format? One alone would be enough to verify the image. */
function holds({ state, signatures }: Verification, requests: readonly FormatSigning[]): boolean {
  const isThere = (format: SignatureFormat) =>
    signatures.some((one) => one.verified && one.format === format);
  return state === "verified" && requests.every(({ format }) => isThere(format));
}

/** The words of the command that goes on where this one stops: the same one takes up what it has requested. */
function goingOn(
  { settings: { product, operation } }: Session,
  image: ImageReference,
  { format, hash, key, mayBeUnread }: DigestOptions,
): readonly string[] {
  const given = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  return [
    ...["sign", image.canonical, "--via", "digest"],
    ...given("--format", format),
    ...given("--hash", hash),
    ...given("--key", key && shownPath(key)),
    ...given("--product", product?.isFlag ? product.value : undefined),
    ...given("--operation", operation?.isFlag ? operation.value : undefined),
    ...(mayBeUnread ? ["--unread-product"] : []),
  ];
}

export async function digestText(outcome: DigestOutcome, output: Output, session: Session): Promise<string> {
  const { reference, requests, attached, verification, isComplete } = outcome;
  const texts: string[] = [];
  for (const { signing } of requests) texts.push(await requestText(signing, session));
  if (attached) texts.push(attachedText(reference, attached.formats));
  if (verification) texts.push(verificationText(verification, output));
  if (isComplete === false)
    texts.push("The registry does not show a signature in each format that was attached.");
  return texts.join("\n");
}

function outcomeOf(done: Done): DigestOutcome {
  return { ...done, document: documentOf(done), exit: exitOf(done) };
}

function documentOf({ reference, requests, attached, verification, key }: Done): object {
  const { from, pin } = key ?? {};
  return {
    reference,
    requests,
    ...(attached && { attached: attached.formats }),
    ...(verification && { verification }),
    key: { fingerprint: key?.key.fingerprint, from, pinned: pin !== undefined },
  };
}

/** What is said beside the result. */
export function tellDigest({ requests, timeout, again }: DigestOutcome, session: Session): void {
  const unfinished = requests.find(({ signing }) => !signing.final);
  for (const { signing } of requests) explainUnknown(session, signing);
  if (unfinished) explainNotFinal(session, unfinished.signing, timeout, again);
}

function exitOf({ requests, verification, isComplete }: Done): number {
  const exits = requests.map(({ signing }) => exitFor(signing));
  const refused = exits.find((exit) => exit === exitCode.refused);
  const waiting = exits.find((exit) => exit !== exitCode.done);
  if (refused !== undefined || waiting !== undefined) return refused ?? waiting ?? exitCode.error;
  if (!verification) return exitCode.error;
  const exit = exitForVerification(verification);
  return exit === exitCode.done && !isComplete ? exitCode.notVerified : exit;
}
