/**
 * Request, approve and verify HSM-backed signatures of container images.
 *
 * In Node everything works at once. In a browser, `await init()` first.
 *
 * @packageDocumentation
 */

/**
 * Loads the WebAssembly module. Needed once in a browser; does nothing in Node. Calling it again returns
 * the same promise; after a failure it tries anew.
 *
 * @param source where the module is, when it is not beside the script: a URL, a `Response`, its bytes, or
 *   a compiled `WebAssembly.Module`.
 * @throws {OcisignError} `init-failed`, with what to do: not found, not WebAssembly, or forbidden by the
 *   page's Content-Security-Policy.
 * @example
 * import init, { parseReference } from "ocisign";
 * await init();
 */
export default function init(
  source?: string | URL | Request | Response | BufferSource | WebAssembly.Module | PromiseLike<Response>,
): Promise<void>;

/** The codes of {@link OcisignError}. More may come; a program should have a default case. */
export type ErrorCode =
  // references
  | "empty-reference"
  | "white-space"
  | "control-character"
  | "percent-sign"
  | "not-ascii"
  | "scheme"
  | "user-info"
  | "registry-missing"
  | "registry-invalid"
  | "port-invalid"
  | "repository-missing"
  | "repository-invalid"
  | "repository-uppercase"
  | "repository-too-long"
  | "tag-invalid"
  | "digest-missing"
  | "digest-algorithm"
  | "digest-length"
  | "digest-uppercase"
  | "digest-invalid"
  // artifact URIs
  | "bad-base64"
  | "bad-utf8"
  // arguments
  | "bad-input"
  // products
  | "product-registry"
  | "registry-mismatch"
  | "product-disabled"
  | "operation-missing"
  | "operation-ambiguous"
  | "key-type"
  | "bad-public-key"
  // profiles, statuses, options
  | "bad-profile"
  | "bad-status"
  | "bad-url"
  | "bad-token"
  // the service's replies
  | "not-json"
  | "bad-reply"
  | "bad-request"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "changed"
  | "rate-limited"
  | "redirected"
  | "server-error"
  // signatures
  | "bad-json"
  | "bad-signature"
  | "no-crypto"
  // the way there
  | "network"
  | "timeout"
  | "aborted"
  // the module
  | "not-initialized"
  | "init-failed";

/**
 * Every error of this package. The message says what was wrong and where; the fix says what to do. Neither
 * ever holds a token or a password.
 */
export class OcisignError extends Error {
  constructor(code: ErrorCode, message: string, fix: string, offset?: number, cause?: unknown);
  readonly name: "OcisignError";
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly fix: string;
  /** Where in the given text: bytes of its UTF-8 form, from 0. */
  readonly offset?: number;
}

/** An image in a registry, by digest. */
export interface ImageReference {
  /** The registry's domain in lower case, with its port if one was written. */
  readonly registry: string;
  /** The path within the registry, without domain and tag. */
  readonly repository: string;
  /** The tag, if one was written: only a note, since the signature binds the digest. */
  readonly tag?: string;
  /** `sha256:`, `sha384:` or `sha512:` and lower-case hexadecimal digits. */
  readonly digest: string;
  /** `registry/repository@digest`: one spelling for each image. */
  readonly canonical: string;
  /** Account and region, when the registry is Amazon ECR. */
  readonly ecr?: { readonly account: string; readonly region: string };
}

/**
 * Reads an image reference: `domain[:port]/path[:tag]@digest`. Registry and digest are required.
 *
 * @throws {OcisignError} the first thing that is wrong, read from left to right, with its offset.
 * @example
 * parseReference("registry.example:5000/team/app:1.2@sha256:3fbc…").canonical;
 */
export function parseReference(text: string): ImageReference;

/**
 * Writes a reference as the artifact URI of a request: canonical base64, padded, without a newline.
 *
 * @throws {OcisignError} as {@link parseReference}.
 * @example
 * encodeArtifactUri("registry.example/app@sha256:3fbc…");
 */
export function encodeArtifactUri(reference: string | ImageReference): string;

/**
 * Reads an artifact URI into the text that it holds: with or without padding, with line breaks, and with
 * one line break at the end of the text, as in the service's own examples. The text is not checked to be a
 * reference; show it, or pass it to {@link parseReference}.
 *
 * @throws {OcisignError} `bad-base64`, `bad-utf8`, with the offset.
 */
export function decodeArtifactUri(encoded: string): string;

/** A deployment's key types; `RSA4096` is the reference's. */
export type KeyType = "RSA2048" | "RSA3072" | "RSA4096" | "secp256r1" | "secp384r1" | "secp521r1";

/**
 * What differs between deployments, as data. What is left out stays as it is by default. A local sandbox
 * serves its own at `GET {baseUrl}/ocisign-profile`.
 */
export interface Profile {
  /** Paths below the base URL; `{id}` stands for an id. */
  routes?: Partial<
    Record<
      | "products"
      | "product"
      | "createProduct"
      | "requestSigning"
      | "signings"
      | "signing"
      | "approve"
      | "reject",
      string
    >
  >;
  /** What the status codes mean. Only 16, `signed`, is known by default. */
  statuses?: Readonly<Record<string, Exclude<SigningStatus["state"], "unknown">>>;
  /**
   * Where a product shows its public key: keys joined by dots, `[]` after a key for each element; in
   * `productOperations[]` only the chosen operation counts. Default: `productOperations[].token.publicKey`.
   */
  publicKeyPath?: string;
  /** How key types are written. */
  keyTypes?: Partial<Record<KeyType, string>>;
}

/** What {@link buildProduct} makes a product from. */
export interface ProductInput {
  name: string;
  description?: string;
  /** The registry's domain, with a port if it has one: the product signs for this registry only. */
  registry: string;
  /** Default `RSA4096`. Spellings such as `EC secp256r1` are read too. */
  keyType?: KeyType | (string & {});
  /** Default true. */
  enabled?: boolean;
  operationName?: string;
  operationDescription?: string;
  keyName?: string;
  keyDescription?: string;
  ruleName?: string;
  ruleDescription?: string;
  /** UUIDs of the groups that may submit; at least one. */
  allowedGroups: readonly string[];
  /** UUIDs of the groups that must approve, each once. */
  approvalGroups?: readonly string[];
  /** UUIDs of the groups that are approved beforehand. */
  blanketGroups?: readonly string[];
}

/** The body of `POST products`: the product JSON of the reference. */
export interface ProductDefinition {
  name: string;
  description: string;
  productType: "Product";
  enabled: boolean;
  caInfo: [];
  rndKeys: [];
  productOperations: [
    {
      name: string;
      description: string;
      operationType: "SignOCI";
      token: { name: string; description: string; keyType: string };
      approvalRule: {
        name: string;
        description: string;
        allowedGroups: string[];
        approvalGroups: string[];
        blanketGroups: string[];
      };
    },
  ];
  productConfigItems: [{ name: "RegistryURL"; value: string }];
}

/**
 * Builds the product JSON that the reference shows.
 *
 * @throws {OcisignError} `bad-input`, `registry-invalid`, `port-invalid`, `scheme`, `key-type`.
 * @example
 * buildProduct({ name: "OCI SIGN", registry: "registry.example", allowedGroups: [team], approvalGroups: [qa] });
 */
export function buildProduct(input: ProductInput, profile?: Profile): ProductDefinition;

/** An operation of a product, as the service shows it. Fields that are not named here are kept. */
export interface ProductOperation {
  id?: string;
  name?: string;
  description?: string;
  operationType?: string;
  token?: { name?: string; keyType?: string; publicKey?: string; [field: string]: unknown } | null;
  approvalRule?: {
    name?: string;
    allowedGroups?: readonly string[] | null;
    approvalGroups?: readonly string[] | null;
    blanketGroups?: readonly string[] | null;
    [field: string]: unknown;
  } | null;
  [field: string]: unknown;
}

/** A product, as the service shows it. Fields that are not named here are kept. */
export interface Product {
  id?: string;
  name?: string;
  description?: string;
  enabled?: boolean;
  productOperations?: readonly ProductOperation[] | null;
  productConfigItems?: readonly { name?: string; value?: string; [field: string]: unknown }[] | null;
  [field: string]: unknown;
}

/**
 * The domain rule: the image's registry must be the product's `RegistryURL`: whole, with its port, without
 * regard to case.
 *
 * @throws {OcisignError} `registry-mismatch`; `product-registry` when the product has no usable one, or two.
 */
export function checkRegistry(reference: string | ImageReference, product: Product): void;

/** What {@link buildSigningRequest} makes a request from: a product, or the ids of one. */
export interface SigningRequestInput {
  /** The product: its domain, `enabled` and operation are checked. */
  product?: Product;
  /** The product's id, instead. */
  productId?: string;
  /** One of the product's operations, its id or its name. Not needed when there is only one. */
  operation?: string | ProductOperation;
  /** The operation's id. */
  operationId?: string;
  /** The image to sign. */
  artifact: string | ImageReference;
  /** Default `OCI signing`. */
  name?: string;
  /** Why: the approvers read it. */
  description?: string;
  /** Default `OCI sign request`, as in the reference. */
  payloadName?: string;
  /** What else the approvers should know. */
  metadata?: readonly { name: string; value: string }[];
}

/** The body of `POST imagesignings`, key for key as the reference's `curl` posts it. */
export interface SigningRequestBody {
  name: string;
  idProductOperation: string;
  description: string;
  payload: {
    name: string;
    metadata: { name: string; value: string }[];
    optionalParameters: [{ artifactURI: string }];
  };
  productId: string;
}

/**
 * Builds the body of a signing request.
 *
 * @throws {OcisignError} as {@link parseReference} and {@link checkRegistry}; `product-disabled`,
 *   `operation-missing`, `operation-ambiguous`, `bad-input`.
 * @example
 * JSON.stringify(buildSigningRequest({ productId, operationId, artifact: "registry.example/app@sha256:3fbc…" }));
 */
export function buildSigningRequest(input: SigningRequestInput): SigningRequestBody;

/** A status with its code as the service sent it. One member a state, so that a `switch` narrows to it. */
export type StatusOf<State extends string, Final extends boolean> = State extends string
  ? { readonly code: number; readonly state: State; readonly final: Final }
  : never;

/** What a status code means. `unknown` is neither success nor failure. */
export type SigningStatus =
  | StatusOf<"new" | "waiting" | "approved" | "signing" | "unknown", false>
  | StatusOf<"signed" | "rejected" | "failed", true>;

/**
 * Decodes a status code. Only 16, `signed`, is known without a profile.
 *
 * @throws {OcisignError} `bad-status` for anything but a safe integer; `bad-profile`.
 * @example
 * decodeStatus(16); // { code: 16, state: "signed", final: true }
 */
export function decodeStatus(code: number, profile?: Profile): SigningStatus;

/** A product's public key. */
export interface PublicKey {
  /** PEM, as `cosign verify --key` and openssl read it. */
  readonly pem: string;
  /** DER `SubjectPublicKeyInfo`, as `crypto.subtle.importKey("spki", …)` reads it. */
  readonly spki: Uint8Array<ArrayBuffer>;
  /** Read from the key itself. */
  readonly keyType: KeyType;
  /** `sha256:` and the hexadecimal SHA-256 of the DER form. */
  readonly fingerprint: string;
}

/**
 * Reads the public key of a product's signing operation.
 *
 * @param operation the operation's id or name, when there are several that sign images.
 * @throws {OcisignError} `bad-public-key` when there is none at the profile's place, several, or another than
 *   the announced type; `operation-missing`, `operation-ambiguous`.
 */
export function publicKey(product: Product, operation?: string, profile?: Profile): PublicKey;

/** What {@link scanReferences} found. Lines count from 1. */
export interface ReferenceScan {
  references: { line: number; canonical: string }[];
  errors: {
    line: number;
    /** The line as it was given. */
    text: string;
    code: ErrorCode;
    message: string;
    fix: string;
    /** From the beginning of the line, in bytes. */
    offset?: number;
  }[];
}

/** Checks many references in one call, one a line. Empty lines and lines that begin with `#` are passed over. */
export function scanReferences(text: string): ReferenceScan;

/** The payload that a signature of an image is made over. */
export interface SimpleSigningPayload {
  /** Cosign's simple signing, in the exact bytes: encode it as UTF-8 and sign that. */
  readonly text: string;
  /** Its SHA-256 in lower-case hexadecimal, for a service that signs digests. */
  readonly sha256: string;
}

/**
 * Makes the payload for signing an image elsewhere, such as by a `DigestSigning` operation of the same service.
 *
 * @throws {OcisignError} as {@link parseReference}.
 */
export function simpleSigningPayload(reference: string | ImageReference): SimpleSigningPayload;

/** A public key: PEM, DER `SubjectPublicKeyInfo`, or what {@link publicKey} returned. */
export type VerificationKey = string | Uint8Array | PublicKey;

/** Which keys have to agree. */
export type VerificationKeys =
  | { publicKey: VerificationKey; keys?: undefined; threshold?: undefined }
  | {
      publicKey?: undefined;
      /** Any of these may have signed; the same key twice counts once. */
      keys: readonly VerificationKey[];
      /** So many different keys must have signed. Default 1. */
      threshold?: number;
    };

/** Where and how the registry is reached. */
export interface RegistryOptions {
  /** In place of `https://` and the reference's registry: a reverse proxy that allows CORS, for instance. */
  url?: string;
  /** `AWS` for Amazon ECR, with the token of `aws ecr get-login-password` as the password. */
  username?: string;
  password?: string;
  /** Called as `fetch(url, init)` in place of the platform's. */
  fetch?: (url: string, init: RequestInit) => PromiseLike<FetchReply>;
  /** Where the signatures are, when not beside the image: a repository of the same registry. */
  repository?: string;
}

/** Options of {@link verifyImage}. */
export type VerifyImageOptions = VerificationKeys & {
  registry?: RegistryOptions;
  /** Verify every manifest in an index, too. */
  recursive?: boolean;
  /** Refuse signatures that name no repository: those in bundles. */
  requireRepository?: boolean;
  signal?: AbortSignal;
  /** For one call to the registry, in milliseconds. Default 30,000. */
  timeoutMs?: number;
};

/**
 * What is checked of a signature, in this order: what its manifest says of it, size and digest of its blob, the
 * signature over the raw bytes, what they say, and that they name the repository.
 */
export type VerificationStep = "manifest" | "blob" | "signature" | "content" | "repository";

/** What was found out about one signature. */
export interface SignatureReport {
  readonly verified: boolean;
  /** The steps that it passed. A bundle names no repository, so it does not pass the last one. */
  readonly checked: readonly VerificationStep[];
  /** The step that it did not pass. */
  readonly failed?: VerificationStep;
  /** `null` when not even that could be read. */
  readonly format: "simple-signing" | "bundle" | null;
  /** Where it was found: `tag`, `referrers`, `fallback-tag`, or `given`. */
  readonly from: readonly string[];
  /** The digest of the payload's or the bundle's blob. */
  readonly blob: string | null;
  /** The fingerprint of the key under which it holds. */
  readonly key?: string;
  /** The hash that was signed: `SHA-256`, or for EC keys the curve's own. */
  readonly hash?: string;
  /** Does it name the repository? A bundle names a digest only. */
  readonly repositoryBound?: boolean;
  /** Why it does not count. */
  readonly reason?: string;
}

/** What could not be read, so that nothing can be concluded from it. */
export interface VerificationProblem {
  readonly from?: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
}

/**
 * The outcome of a verification. `unsigned` is the registry's own word that there is no signature; whatever
 * could not be read is `unreachable`.
 */
export type Verification = {
  readonly [State in "verified" | "invalid" | "unsigned" | "unreachable"]: {
    readonly state: State;
    readonly reference: string;
    readonly digest: string;
    /** Fingerprints of the different keys whose signatures hold. */
    readonly keys: readonly string[];
    readonly threshold: number;
    readonly signatures: readonly SignatureReport[];
    readonly problems: readonly VerificationProblem[];
    /** The outcome in one sentence. */
    readonly reason: string;
    /** With `recursive`, the manifests of an index. */
    readonly manifests?: readonly Verification[];
  };
}["verified" | "invalid" | "unsigned" | "unreachable"];

/**
 * Verifies the signatures of an image in its registry: found by the `.sig` tag, by OCI 1.1 referrers, and by
 * the referrers fallback tag. For each, first the blob's digest is checked, then the signature, and only then
 * what it says: exact fields, type, digest and repository.
 *
 * @throws {OcisignError} for wrong arguments, `no-crypto`, `aborted`. What the registry does is in the result.
 * @example
 * const { state, reason } = await verifyImage("registry.example/app@sha256:3fbc…", { publicKey: pem });
 */
export function verifyImage(
  reference: string | ImageReference,
  options: VerifyImageOptions,
): Promise<Verification>;

/** Bytes, or text in UTF-8. */
export type Bytes = Uint8Array | string;

/**
 * Verifies signatures that are in hand, without any network.
 *
 * @throws {OcisignError} for wrong arguments, `no-crypto`.
 */
export function verifySignatures(
  options: VerificationKeys & {
    reference: string | ImageReference;
    /** One manifest of signatures, or several. */
    manifest: Bytes | readonly Bytes[];
    /** The blobs that they name, or a function that gives one by its digest. */
    blob: Bytes | readonly Bytes[] | ((digest: string, size: number) => Uint8Array | PromiseLike<Uint8Array>);
    requireRepository?: boolean;
  },
): Promise<Verification>;

/**
 * Pushes a signature that was made elsewhere over {@link simpleSigningPayload}, and keeps those that are there.
 * It is verified first; what does not verify is not pushed.
 *
 * @throws {OcisignError} `bad-signature`; `conflict`; those of the registry.
 */
export function attachSignature(
  reference: string | ImageReference,
  options: {
    /** Base64 or bytes: RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA in its DER form. */
    signature: string | Uint8Array;
    publicKey: VerificationKey;
    registry?: RegistryOptions;
    signal?: AbortSignal;
    timeoutMs?: number;
  },
): Promise<{
  /** The tag that holds the image's signatures. */
  tag: string;
  /** How many there are now. */
  signatures: number;
}>;

/**
 * Waits until a request is final, and if it is signed, verifies what the registry holds with the product's key.
 *
 * @throws {OcisignError} as `waitForSignature`, `publicKey` and {@link verifyImage}.
 * @example
 * const { signing, verification } = await waitAndVerify(client, request.id);
 * if (verification?.state !== "verified") throw new Error(verification?.reason ?? signing.reason);
 */
export function waitAndVerify(
  client: SigningClient,
  id: string,
  options?: WaitOptions &
    Pick<VerifyImageOptions, "registry" | "requireRepository" | "recursive"> & {
      /** The image that was requested. If the service says that it signed another, that is a `bad-reply`. */
      reference?: string | ImageReference;
    },
): Promise<{
  signing: Signing & { readonly final: true };
  /** The product's key, when it is signed. */
  publicKey?: PublicKey;
  verification?: Verification;
}>;

/** A bearer token, or what gives one. A function is asked once, and again when the service refuses the token. */
export type TokenSource = string | (() => string | PromiseLike<string>);

/** What of a reply the client needs; a replaced `fetch` may return no more than this. */
export interface FetchReply {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): PromiseLike<string>;
}

/** Options of {@link SigningClient}. */
export interface ClientOptions {
  /** As in `https://app.laavat.io/<CustomerName>/api/v1`. `http://` is for localhost only. */
  baseUrl: string;
  token: TokenSource;
  profile?: Profile;
  /** Called as `fetch(url, init)` in place of the platform's: for mTLS agents, proxies and tests. */
  fetch?: (url: string, init: RequestInit) => PromiseLike<FetchReply>;
  /**
   * For one try of one call, in milliseconds. Default 30,000. It does not limit `token`, which may have to ask a
   * person; a signal does.
   */
  timeoutMs?: number;
  /** How often a call is tried and how long it waits in between, in milliseconds. Default 4, 500, 30,000. */
  retry?: { attempts?: number; baseMs?: number; maxMs?: number };
}

/** Options of every call. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** A person's approval, as the sandbox shows it. */
export interface Approval {
  readonly objectId?: string;
  readonly name?: string;
  readonly groups?: readonly string[];
  readonly at?: string;
  readonly comment?: string;
  readonly [field: string]: unknown;
}

/**
 * A signing request, as the service shows it, with its status decoded. Every field of the reply is kept;
 * those named here beyond `id` and `status` are there if the service sends them.
 */
export type Signing = SigningStatus & {
  readonly id: string;
  /** The code as the service sent it; the same as `code`. */
  readonly status: number;
  readonly name?: string;
  readonly description?: string;
  readonly productId?: string;
  readonly idProductOperation?: string;
  readonly payload?: {
    readonly name?: string;
    readonly metadata?: readonly { name: string; value: string }[];
    readonly optionalParameters?: readonly { artifactURI?: string }[];
    readonly [field: string]: unknown;
  };
  readonly approvals?: readonly Approval[];
  /** Why it was rejected or failed. */
  readonly reason?: string;
  readonly [field: string]: unknown;
};

/** A filter for {@link SigningClient.signings}, sent as the query; which fields work is the service's affair. */
export type SigningFilter = Readonly<Record<string, string | number | undefined>>;

/** Options of {@link SigningClient.waitForSignature}. Times in milliseconds. */
export interface WaitOptions extends CallOptions {
  /** How long to wait altogether. Without it, until it is final. */
  timeoutMs?: number;
  /** Called at the first look and whenever the status changed. What it throws ends the wait. */
  onStatus?: (signing: Signing) => void;
  /** The first pause between two looks; it grows by half each time, with jitter. Default 500. */
  intervalMs?: number;
  /** The longest pause. Default 10,000. */
  maxIntervalMs?: number;
}

/**
 * The client of a signing service. All methods return promises, and reject with {@link OcisignError}.
 *
 * A call that only reads is repeated after a passing fault. One that acts is repeated only after a 401 with
 * a new token, or after a 429; never when it is in doubt whether the service took it.
 *
 * @example
 * const client = new SigningClient({ baseUrl, token: () => getToken() });
 * const request = await client.requestSigning({ productId, artifact: "registry.example/app@sha256:3fbc…" });
 * const done = await client.waitForSignature(request.id);
 * if (done.state !== "signed") throw new Error(done.reason);
 */
export class SigningClient {
  constructor(options: ClientOptions);
  /** The profile that it works by, with its defaults. */
  readonly profile: Profile;
  products(options?: CallOptions): Promise<Product[]>;
  product(id: string, options?: CallOptions): Promise<Product>;
  /** @param definition what {@link buildProduct} made. */
  createProduct(definition: ProductDefinition, options?: CallOptions): Promise<Product>;
  /** Reads the product first (kept for a minute) when only its id is given, and checks domain, `enabled` and operation. */
  requestSigning(input: SigningRequestInput, options?: CallOptions): Promise<Signing>;
  signings(filter?: SigningFilter, options?: CallOptions): Promise<Signing[]>;
  signing(id: string, options?: CallOptions): Promise<Signing>;
  /**
   * Approves. With `expect`, the request as it was shown, it is read again first, and not approved when it is
   * not the same any more.
   *
   * @throws {OcisignError} `changed`, naming the fields; `forbidden`, `conflict` and the others.
   */
  approve(id: string, options?: CallOptions & { comment?: string; expect?: Signing }): Promise<Signing>;
  /** Rejects. The comment is required: the requester has to know why. */
  reject(id: string, options: CallOptions & { comment: string }): Promise<Signing>;
  /**
   * Waits until the request is final, and returns it: `signed`, `rejected` or `failed`. Look at `state`.
   *
   * @throws {OcisignError} `timeout` when it is not final in time; the request goes on, wait again with its id.
   */
  waitForSignature(id: string, options?: WaitOptions): Promise<Signing & { readonly final: true }>;
  /** Releases the client's memory; without it, the garbage collector does. */
  free(): void;
}
