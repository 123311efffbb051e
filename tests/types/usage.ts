// What a TypeScript user writes, and what the compiler must refuse. Compiled by types.test.js, never run.
import init, {
  buildProduct,
  buildSigningRequest,
  type CanonicalReference,
  decodeStatus,
  describeImage,
  type ErrorCode,
  type ImageReference,
  OcisignError,
  type Product,
  type Profile,
  parseReference,
  publicKey,
  readPublicKey,
  type Signing,
  SigningClient,
  type SigningId,
  scanReferences,
  type Verification,
  verifyImage,
  waitAndVerify,
} from "ocisign";
import { type Acceptance, whoAccepts } from "ocisign/accepts";
import { countingKeys, readTrust, type TrustPolicy } from "ocisign/trust";

export async function wholeFlow(fetchToken: () => Promise<string>): Promise<string> {
  await init();
  const client = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token: fetchToken });
  const image = parseReference("registry.example/app@sha256:00");
  const region: string | undefined = image.ecr?.region;
  const product: Product = await client.createProduct(
    buildProduct({ name: region ?? "p", registry: image.registry, allowedGroups: [] }),
  );
  const request: Signing = await client.requestSigning({ product, artifact: image });
  await client.approve(request.id, { expect: request });
  const end = await client.waitForSignature(request.id, { onStatus: ({ state }) => state satisfies string });
  switch (end.state) {
    case "signed":
      return publicKey(product).fingerprint;
    case "rejected":
    case "failed":
      return end.reason ?? "";
    default:
      // A wait ends only in a final state.
      return end satisfies never;
  }
}

// Errors: `instanceof` gives the union, and `code` narrows it.
export function place(error: unknown): number | undefined {
  if (!(error instanceof OcisignError)) return undefined;
  error.code satisfies ErrorCode;
  error.fix satisfies string;
  // @ts-expect-error not every error knows the place
  error.offset satisfies number;
  // @ts-expect-error there is no such code
  if (error.code === "digest-mising") return undefined;
  switch (error.code) {
    case "digest-missing":
    case "bad-base64":
      return error.offset satisfies number;
    case "rate-limited":
      error.code satisfies "rate-limited";
      return error.offset;
    default:
      return undefined;
  }
}

// Errors can be made and extended.
class DeploymentError extends OcisignError {
  readonly cluster: string;
  constructor(cluster: string, fix: string) {
    super("forbidden", `${cluster} refuses the image.`, fix);
    this.cluster = cluster;
  }
}
new DeploymentError("prod", "").fix satisfies string;
export function clusterOf(error: unknown): string | undefined {
  // @ts-expect-error not every error is of this kind
  if (error instanceof OcisignError) return error.cluster;
  return error instanceof DeploymentError ? error.cluster : undefined;
}
export function rethrow(error: Error): ErrorCode {
  if (error instanceof OcisignError) return error.code;
  throw error;
}
new OcisignError("digest-missing", "", "", 3) satisfies OcisignError;
new OcisignError("timeout", "", "", undefined, new Error("cause")) satisfies OcisignError;
// @ts-expect-error this error always knows the place
new OcisignError("digest-missing", "", "");

// Statuses: `state` narrows, and `final` is a literal.
const status = decodeStatus(16);
if (status.final) {
  status.state satisfies "signed" | "rejected" | "failed";
  // @ts-expect-error a final state is never "waiting"
  status.state satisfies "waiting";
} else {
  status.state satisfies "new" | "waiting" | "approved" | "signing" | "unknown";
}
if (status.state === "signed") status.final satisfies true;
// @ts-expect-error nothing can be made to mean "unknown"
({ statuses: { "3": "unknown" } }) satisfies Profile;

// Ids: a plain string is taken, the id of something else is not.
export async function ids(client: SigningClient, product: Product, plain: string): Promise<void> {
  await client.approve(plain);
  await client.product(plain);
  const [stored] = await client.products();
  const request = await client.requestSigning({ productId: plain, artifact: plain });
  request.id satisfies string;
  const audited: SigningId[] = [request.id, plain];
  // @ts-expect-error a product's id
  audited.push(stored?.id ?? "");
  // @ts-expect-error a product's id
  if (product.id) await client.approve(product.id);
  // @ts-expect-error a request's id
  await client.product(request.id);
  // @ts-expect-error an operation's id
  await client.waitForSignature(product.productOperations?.[0]?.id ?? "");
  // @ts-expect-error a request's id
  await client.requestSigning({ productId: request.id, artifact: "" });
}

// Canonical references: only parsing makes one.
export function deploy(image: CanonicalReference, { canonical }: ImageReference): string {
  deploy(canonical, parseReference(image));
  for (const scanned of scanReferences(image).references) deploy(scanned.canonical, parseReference(image));
  // @ts-expect-error a string that was not parsed
  deploy("registry.example/app@sha256:00", parseReference(image));
  return image;
}

export async function prove(image: string, pem: string): Promise<string> {
  const verification: Verification = await verifyImage(image, {
    keys: [pem, new Uint8Array()],
    threshold: 2,
    recursive: true,
  });
  for (const signature of verification.signatures) {
    if (signature.verified) signature.key satisfies string;
    else signature.reason satisfies string;
    // @ts-expect-error a signature that does not count has no key
    if (!signature.verified) signature.key satisfies string;
  }
  switch (verification.state) {
    case "verified":
      verification.manifests?.[0]?.state satisfies "verified" | undefined;
      return verification.keys[0];
    case "invalid":
      return verification.signatures.map(({ reason }) => reason ?? "").join();
    case "unsigned":
    case "unreachable":
      return verification.problems.map(({ fix }) => fix).join();
    default:
      return verification satisfies never;
  }
}

// Descriptions: `isIndex` tells what has a size.
export async function weigh(
  image: string,
  registry?: { username: string; password: string },
): Promise<number> {
  const description = await describeImage(image, { registry, signal: AbortSignal.timeout(1000) });
  description.platforms.map(({ os, variant }) => `${os}${variant ?? ""}`) satisfies string[];
  if (!description.isIndex) return description.sizeBytes satisfies number;
  description.sizeBytes satisfies undefined;
  // @ts-expect-error nothing is verified here
  await describeImage(image, { publicKey: "" });
  return description.attestations + description.others;
}

export async function proveWhatWasSigned(client: SigningClient, id: SigningId): Promise<string> {
  const { signing, verification, publicKey: key } = await waitAndVerify(client, id);
  if (!verification) return signing.reason ?? signing.state;
  const outcome = await waitAndVerify(client, id, { signal: AbortSignal.timeout(1000) });
  if (outcome.verification) {
    outcome.publicKey.pem satisfies string;
    outcome.signing.state satisfies "signed";
  }
  return key?.pem ?? verification.reason;
}

// What may be left out may be undefined too, also with exactOptionalPropertyTypes.
export function passingOn(signal?: AbortSignal, profile?: Profile, timeoutMs?: number): SigningClient {
  const client = new SigningClient({ baseUrl: "", token: "", profile, timeoutMs, fetch: globalThis.fetch });
  client.products({ signal });
  verifyImage("", { publicKey: "", signal, timeoutMs, registry: undefined, threshold: undefined });
  client.profile.routes.approve satisfies
    | string
    | { path: string; method?: "POST" | "PUT" | "PATCH" | undefined };
  client.products().then(({ unreadable }) => unreadable satisfies readonly { index: number; id?: string }[]);
  // @ts-expect-error the profile of a client cannot be replaced
  client.profile = {};
  return client;
}

export async function judgedByTrustFile(text: string): Promise<readonly Acceptance[]> {
  const image = parseReference("registry.example/app@sha256:00");
  const trust: TrustPolicy = readTrust(text, { called: "trust.json" });
  readTrust({ version: 1, keys: {}, rules: [] });
  const verification = await verifyImage(image, { trust, trustAt: new Date() });
  verification.trust?.keys.map(({ name, counts, why }) => (counts ? name : why)) satisfies
    | (string | undefined)[]
    | undefined;
  // @ts-expect-error a trust file says which keys count
  await verifyImage(image, { trust, publicKey: "" });
  const keys = countingKeys(trust, image).map(({ pem }) => readPublicKey(pem));
  // @ts-expect-error nobody accepts an image without a key
  whoAccepts(verification);
  return whoAccepts(verification, { keys });
}

// A caller's own fetch.
new SigningClient({ baseUrl: "", token: "", fetch: (url, init) => fetch(url, { ...init, keepalive: true }) });
new SigningClient({
  baseUrl: "",
  token: "",
  fetch: async () => ({ status: 200, headers: new Headers(), text: async () => "[]" }),
});

// @ts-expect-error a key is needed
verifyImage("a.b/c@sha256:00", {});
// @ts-expect-error publicKey and keys exclude each other
verifyImage("a.b/c@sha256:00", { publicKey: "", keys: [] });
// @ts-expect-error one key cannot be two
verifyImage("a.b/c@sha256:00", { publicKey: "", threshold: 2 });
// @ts-expect-error an operation type is not a field of the input
buildProduct({ name: "p", registry: "a.b", allowedGroups: [], operationType: "SignOCI" });
// @ts-expect-error the artifact is required
buildSigningRequest({ productId: "p", operationId: "o" });
// @ts-expect-error without a product, both ids are required
buildSigningRequest({ productId: "p", artifact: "" });
// @ts-expect-error a status is a number
decodeStatus("16");
// @ts-expect-error a rejection needs a comment
new SigningClient({ baseUrl: "", token: "" }).reject("id", {});
// @ts-expect-error a module is not a number
init(3);
