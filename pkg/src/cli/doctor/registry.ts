// Can the registry of a product be read, as it is set up here: sign-in, referrers, the newest image?
import { generateKeyPairSync } from "node:crypto";
import { type Fetch, type ImageReference, isLoopback, type Verification, verifyImage } from "ocisign";
import { withoutTrailing } from "../../trailing.ts";
import { otherRegistryOptions, registryOptions } from "../registry-options.ts";
import { sourceOf } from "../registry-sign-in/sources.ts";
import type { Session } from "../session.ts";
import { withoutUrlSecrets } from "../withheld.ts";
import type { Notes } from "./finding.ts";
import { look, type Seen } from "./look.ts";

/** An image of a request: something real to ask a registry for. */
export interface KnownImage {
  readonly reference: ImageReference;
  readonly isSigned: boolean;
  /** The product's key in PEM, if it is known. */
  readonly pem: string | undefined;
}

/** A registry that is looked at. */
interface Looked {
  readonly domain: string;
  /** Are the settings for it, such as a password? */
  readonly isOwn: boolean;
}

export async function judgeRegistry(
  session: Session,
  looked: Looked,
  image: KnownImage | undefined,
  notes: Notes,
): Promise<void> {
  const { domain, isOwn } = looked;
  const setting = isOwn ? session.settings.registryUrl?.value.trim() : undefined;
  const given = setting === undefined ? undefined : withoutTrailing(setting, "/");
  const front = await look(session, `${given ?? `${isLoopback(domain) ? "http" : "https"}://${domain}`}/v2/`);
  if (front.status === undefined) {
    const found = `${withoutUrlSecrets(front.url)} does not answer: ${front.why}.`;
    const fix = "Check the product's RegistryURL; if the registry is reached elsewhere, give --registry-url.";
    notes.problem(domain, found, fix);
    return;
  }
  judgeFront(domain, front, notes);
  if (image) await judgeImage(session, looked, image, notes);
  else
    notes.unknown(`${domain}, sign-in`, "No request names an image of it, so there was nothing to ask for.");
  const tags =
    "GET calls cannot tell whether tags are immutable. The signer has to write the tag sha256-….sig.";
  notes.unknown(`${domain}, tags`, tags, "Look at the repository's settings; ECR calls it tag immutability.");
}

function judgeFront(domain: string, { status, header }: Seen, notes: Notes): void {
  if (status === 200 || status === 401) {
    const says =
      status === 200
        ? "It answers without a sign-in."
        : `It asks for a sign-in${realmOf(header("www-authenticate"))}.`;
    notes.ok(domain, says);
    return;
  }
  const fix = "Check the product's RegistryURL, and what stands in front of the registry.";
  notes.warning(domain, `It answers HTTP ${status} at /v2/, which registries do not.`, fix);
}

function realmOf(challenge: string | undefined): string {
  const [, realm] = challenge?.match(/realm="(https?:\/\/[^"/?#@]+)/) ?? [];
  return realm ? ` at ${realm}` : "";
}

async function judgeImage(session: Session, looked: Looked, image: KnownImage, notes: Notes): Promise<void> {
  const { domain, isOwn } = looked;
  const { reference, isSigned, pem } = image;
  const asked: Asked[] = [];
  const registry = await (isOwn ? registryOptions : otherRegistryOptions)(session, reference);
  const fetch = recording(registry.fetch, asked);
  const result = await verifyImage(reference, {
    publicKey: pem ?? anyKey(),
    registry: { ...registry, fetch },
    signal: session.signal,
    timeoutMs: session.callTimeoutMs,
  });
  judgeReading(domain, result, isOwn && session.settings.registryUsername !== undefined, notes);
  judgeReferrers(domain, asked, notes);
  if (isSigned && pem) judgeSignature(domain, result, notes);
}

function judgeReading(domain: string, result: Verification, isGiven: boolean, notes: Notes): void {
  const [point, source] = [`${domain}, sign-in`, sourceOf(domain)];
  if (result.state !== "unreachable") {
    const how = isGiven
      ? "with the user that was given"
      : source === undefined
        ? "without a sign-in"
        : `with what ${source} keeps`;
    notes.ok(point, `The newest request's image was read, ${how}.`);
    return;
  }
  const fix = isGiven
    ? "Check --registry-username and its password, and that the image was pushed."
    : source === undefined
      ? `If it needs a sign-in, run \`docker login ${domain}\`, or give --registry-username and OCISIGN_REGISTRY_PASSWORD.`
      : `Sign in again, as with \`docker login ${domain}\`, and check that the image was pushed.`;
  notes.problem(point, `The newest request's image could not be read: ${result.reason}`, fix);
}

function judgeReferrers(domain: string, asked: readonly Asked[], notes: Notes): void {
  const answers = asked.filter(({ path }) => path.includes("/referrers/"));
  const point = `${domain}, referrers`;
  if (answers.some(({ status }) => status === 200)) notes.ok(point, "It has the referrers API.");
  else if (answers.some(({ status }) => status === 404 || status === 400 || status === 405)) {
    notes.ok(point, "It has no referrers API; signatures are found by their tags.");
  } else notes.unknown(point, "It was not asked for referrers.");
}

function judgeSignature(domain: string, result: Verification, notes: Notes): void {
  const point = `${domain}, signature`;
  if (result.state === "verified")
    notes.ok(point, "The newest signed image is verified with the product's key.");
  else if (result.state !== "unreachable") {
    const fix =
      "Compare the key with the one of the vendor, and look at the repository with `ocisign verify`.";
    notes.problem(point, `The newest signed image is ${result.state}: ${result.reason}`, fix);
  }
}

interface Asked {
  readonly path: string;
  readonly status: number;
}

function recording(inner: Fetch | undefined, asked: Asked[]): Fetch {
  return async (url, init) => {
    const reply = await (inner ?? fetch)(url, init);
    asked.push({ path: new URL(url).pathname, status: reply.status });
    return reply;
  };
}

/** A key that nothing was signed with: what matters is how the registry answers. */
function anyKey(): string {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}
