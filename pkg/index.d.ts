/**
 * Request, approve and verify HSM-backed signatures of container images.
 *
 * In Node everything works at once. In a browser, `await init()` first. The types need TypeScript 5.7 or newer.
 *
 * Whatever the examples do not make themselves is of this kind: `client` is a {@link SigningClient}, `request` a
 * {@link Signing} that waits for approval, `image` a reference as {@link parseReference} reads it, `product` what
 * `client.product(id)` gave, `pem` a public key in PEM.
 *
 * @example
 * ```js
 * import { SigningClient, waitAndVerify } from "ocisign";
 *
 * const client = new SigningClient({
 *   baseUrl: "https://app.laavat.io/acme/api/v1",
 *   token: () => process.env.OCISIGN_TOKEN ?? "",
 * });
 * const request = await client.requestSigning({ product, artifact: image, description: "Release 1.2" });
 * const { signing, verification } = await waitAndVerify(client, request.id, { reference: image });
 * if (verification?.state !== "verified") throw new Error(verification?.reason ?? signing.reason);
 * ```
 *
 * @module ocisign
 */

/** Tells texts of different kinds apart. It exists for the compiler only. */
declare const kind: unique symbol;

/**
 * An image in its one spelling, `registry/repository@digest`. Only {@link parseReference} and
 * {@link scanReferences} make one, so a function that takes it need not check it again. It is a string, and goes
 * wherever a string goes.
 *
 * @example
 * ```ts
 * import { type CanonicalReference, parseReference } from "ocisign";
 *
 * const deployed = new Set<CanonicalReference>();
 * deployed.add(parseReference(image).canonical); // a plain string would be refused
 * ```
 */
export type CanonicalReference = string & {
  /** For the compiler only; no string has it. */
  readonly [kind]: "canonical reference";
};

/**
 * A signing request's id. A plain string will do, such as one from a command line or a URL; the id of a product
 * or of an operation will not.
 *
 * @example
 * ```ts
 * await client.signing(process.argv[2] ?? request.id);
 * // @ts-expect-error this is the product's id
 * const wrong = () => client.signing(product.id);
 * ```
 */
export type SigningId = string & {
  /** For the compiler only; no string has it. */
  readonly [kind]?: "signing request";
};

/** A product's id. A plain string will do; the id of something else will not. */
export type ProductId = string & {
  /** For the compiler only; no string has it. */
  readonly [kind]?: "product";
};

/** The id of a product's operation. A plain string will do; the id of something else will not. */
export type OperationId = string & {
  /** For the compiler only; no string has it. */
  readonly [kind]?: "operation";
};

/** A digest: the algorithm and lower-case hexadecimal digits, 64, 96 or 128 of them (OCI image spec, "Digests"). */
export type Digest = `${"sha256" | "sha384" | "sha512"}:${string}`;

/** A public key's fingerprint: `sha256:` and the hexadecimal SHA-256 of its DER form. */
export type Fingerprint = `sha256:${string}`;

/**
 * Where {@link init} finds the module: its URL, a response that carries it, its bytes, or a compiled
 * `WebAssembly.Module`, for which TypeScript knows no narrower type than `object`.
 */
export type ModuleSource =
  | string
  | URL
  | Request
  | Response
  | PromiseLike<Response>
  | ArrayBuffer
  | ArrayBufferView
  | object;

/**
 * Loads the WebAssembly module. Needed once in a browser; does nothing in Node. Calling it again returns
 * the same promise; after a failure it tries anew.
 *
 * @param source where the module is, when it is not beside the script.
 * @throws {OcisignError} `init-failed`, with what to do: not found, not WebAssembly, or forbidden by the
 *   page's Content-Security-Policy, which needs `script-src 'wasm-unsafe-eval'`.
 * @example
 * ```js
 * import init, { parseReference } from "ocisign";
 *
 * await init();
 * console.log(parseReference(image).registry);
 * ```
 */
export default function init(source?: ModuleSource): Promise<void>;

/** The codes of a reference that is wrong. Such an error always knows the place: its `offset` is a number. */
export type ReferenceErrorCode =
  /** The reference is the empty text. */
  | "empty-reference"
  /** White space stands in the reference, a trailing newline included. */
  | "white-space"
  /** A control character stands in the reference. */
  | "control-character"
  /** A percent sign stands in the reference. */
  | "percent-sign"
  /** A character outside ASCII stands in the reference: a look-alike, or an invisible one. */
  | "not-ascii"
  /** A scheme such as `https://` or `docker://` stands in front. */
  | "scheme"
  /** A user name or a password stands before the registry. */
  | "user-info"
  /** The first component is not a registry. */
  | "registry-missing"
  /** The registry is not a domain name or an address. */
  | "registry-invalid"
  /** The port is not a number from 1 to 65535. */
  | "port-invalid"
  /** Nothing stands where the repository belongs. */
  | "repository-missing"
  /** The repository breaks the grammar. */
  | "repository-invalid"
  /** The repository has an upper-case letter. */
  | "repository-uppercase"
  /** The repository is longer than 255 characters. */
  | "repository-too-long"
  /** The tag breaks the grammar. */
  | "tag-invalid"
  /** There is no digest, perhaps only a tag. */
  | "digest-missing"
  /** The digest's algorithm is not sha256, sha384 or sha512. */
  | "digest-algorithm"
  /** The digest is too short or too long for its algorithm. */
  | "digest-length"
  /** The digest has upper-case hexadecimal digits. */
  | "digest-uppercase"
  /** The digest has a character that is not hexadecimal. */
  | "digest-invalid";

/** The codes of errors that always know the place in the text that was given: their `offset` is a number. */
export type PlacedErrorCode = ReferenceErrorCode | "bad-base64" | "bad-utf8";

/** The codes of {@link OcisignError}. More may come; a program should have a default case. */
export type ErrorCode =
  | ReferenceErrorCode
  /** The text is not base64. */
  | "bad-base64"
  /** The decoded bytes are not UTF-8 text. */
  | "bad-utf8"
  /** An argument is missing, or of the wrong type. */
  | "bad-input"
  /** The product has no `RegistryURL`, more than one, or one that is not a registry. */
  | "product-registry"
  /** The artifact lies in another registry than the product's `RegistryURL`. */
  | "registry-mismatch"
  /** The product is switched off. */
  | "product-disabled"
  /** The product has no such `SignOCI` operation. */
  | "operation-missing"
  /** The product has several `SignOCI` operations, and none was chosen. */
  | "operation-ambiguous"
  /** The key type is not one of the known ones. */
  | "key-type"
  /** The product shows no public key, or not a usable one. */
  | "bad-public-key"
  /** The profile is not usable. */
  | "bad-profile"
  /** A status is not a safe integer. */
  | "bad-status"
  /** The base URL is not usable. */
  | "bad-url"
  /** The token cannot be sent. */
  | "bad-token"
  /** The service answered with something that is not JSON. */
  | "not-json"
  /** The service's JSON lacks what every reply must have. */
  | "bad-reply"
  /** The service refused the request as malformed: 400, 422 and the rest of 4xx. */
  | "bad-request"
  /** 401: the token is missing, expired or not accepted. */
  | "unauthorized"
  /** 403: the token is good, but may not do this. */
  | "forbidden"
  /** 404: there is no such thing. */
  | "not-found"
  /** 409: the thing is not in a state that allows this. */
  | "conflict"
  /** The request changed since it was shown. */
  | "changed"
  /** 429: too many requests. */
  | "rate-limited"
  /** The service redirected elsewhere; a token is never sent there. */
  | "redirected"
  /** 5xx: the service failed. */
  | "server-error"
  /** The text is not JSON, or not as strict as a proof needs it. */
  /** A signature does not hold, or is not about the image. */
  | "bad-signature"
  /** The platform has no cryptography to check signatures with. */
  | "no-crypto"
  /** No answer: refused, reset, no such host, or held back by the browser. */
  | "network"
  /** The time given was not enough. */
  | "timeout"
  /** The caller's signal aborted it. */
  | "aborted"
  /** The module was used before `init()` had finished. */
  | "not-initialized"
  /** The WebAssembly module could not be loaded. */
  | "init-failed";

/** An {@link OcisignError} of one code, or of several. */
export interface OcisignErrorOf<Code extends ErrorCode = ErrorCode> extends Error {
  /** The class's name, also in minified code. */
  readonly name: "OcisignError";
  /** What was wrong and where, in one sentence, for people. */
  readonly message: string;
  /** What went wrong, for programs. */
  readonly code: Code;
  /** What to do about it. */
  readonly fix: string;
  /** Where in the given text: bytes of its UTF-8 form, from 0. Always known for a {@link PlacedErrorCode}. */
  readonly offset: [Code] extends [PlacedErrorCode] ? number : number | undefined;
}

/**
 * Every error of this package. The message says what was wrong and where; the fix says what to do. Neither
 * ever holds a token or a password. `instanceof` holds across ES modules and CommonJS, and a comparison of `code`
 * narrows the type.
 *
 * @example
 * ```js
 * import { OcisignError, parseReference } from "ocisign";
 *
 * try {
 *   parseReference("registry.example/Team/app");
 * } catch (error) {
 *   if (!(error instanceof OcisignError)) throw error;
 *   console.log(`${error.code}: ${error.message} ${error.fix}`);
 *   if (error.code === "repository-uppercase") console.log(error.offset.toFixed()); // 17
 * }
 * ```
 */
export type OcisignError = { [Code in ErrorCode]: OcisignErrorOf<Code> }[ErrorCode];

/** The class of {@link OcisignError}, as a value. */
export interface OcisignErrorConstructor {
  /**
   * Makes an error, as one's own helpers or tests may need it.
   *
   * @param code what went wrong, for programs.
   * @param message what was wrong and where.
   * @param fix what to do about it.
   * @param place the offset in bytes, required for a {@link PlacedErrorCode}; then what led to the error.
   */
  new <Code extends ErrorCode = ErrorCode>(
    code: Code,
    message: string,
    fix: string,
    ...place: [Code] extends [PlacedErrorCode]
      ? [offset: number, cause?: unknown]
      : [offset?: number | undefined, cause?: unknown]
  ): OcisignErrorOf<Code>;
  /** What `instanceof` narrows to: the union of all errors. */
  [Symbol.hasInstance](this: OcisignErrorConstructor, value: unknown): value is OcisignError;
  /** What `instanceof` narrows to with a class that extends this one: that class. */
  [Symbol.hasInstance]<Own extends OcisignErrorOf>(
    this: new (
      ...given: never
    ) => Own,
    value: unknown,
  ): value is Own;
}

/** {@inheritDoc OcisignErrorConstructor} */
export const OcisignError: OcisignErrorConstructor;

/** An image in a registry, by digest. */
export interface ImageReference {
  /** The registry's domain in lower case, with its port if one was written. */
  readonly registry: string;
  /** The path within the registry, without domain and tag. At most 255 characters. */
  readonly repository: string;
  /** The tag, if one was written: only a note, since the signature binds the digest. */
  readonly tag?: string;
  /** The digest, which is what a signature binds. */
  readonly digest: Digest;
  /** `registry/repository@digest`: one spelling for each image. */
  readonly canonical: CanonicalReference;
  /** Account and region, when the registry is Amazon ECR. */
  readonly ecr?: EcrRegistry;
}

/** What the name of an Amazon ECR registry says (AWS General Reference, "Amazon ECR endpoints and quotas"). */
export interface EcrRegistry {
  /** The AWS account: twelve digits. */
  readonly account: string;
  /** The AWS region, such as `eu-west-1`. */
  readonly region: string;
}

/**
 * Reads an image reference: `domain[:port]/path[:tag]@digest`, after the grammar of `distribution/reference`.
 * Registry and digest are required.
 *
 * @throws {OcisignError} the first thing that is wrong, read from left to right: a {@link ReferenceErrorCode}, with
 *   its offset.
 * @example
 * ```js
 * import { parseReference } from "ocisign";
 *
 * const image = parseReference(
 *   "Registry.Example:5000/team/app:1.2@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79",
 * );
 * console.log(image.registry, image.repository, image.tag); // registry.example:5000 team/app 1.2
 * ```
 */
export function parseReference(text: string): ImageReference;

/**
 * Writes a reference as the artifact URI of a request: canonical base64, padded, without a newline.
 *
 * @throws {OcisignError} as {@link parseReference}.
 * @example
 * ```js
 * import { decodeArtifactUri, encodeArtifactUri } from "ocisign";
 *
 * console.log(decodeArtifactUri(encodeArtifactUri(image)) === image); // true
 * ```
 */
export function encodeArtifactUri(reference: string | ImageReference): string;

/**
 * Reads an artifact URI into the text that it holds: with or without padding, with line breaks, and with
 * one line break at the end of the text, as in the service's own examples. The text is not checked to be a
 * reference; show it, or pass it to {@link parseReference}.
 *
 * @throws {OcisignError} `bad-base64`, with the offset in what was given; `bad-utf8`, with the offset in the
 *   decoded bytes.
 * @example
 * ```js
 * import { decodeArtifactUri } from "ocisign";
 *
 * console.log(decodeArtifactUri("bG9jYWxob3N0L2FwcAo")); // localhost/app
 * ```
 */
export function decodeArtifactUri(encoded: string): string;

/** A deployment's key types; `RSA4096` is the reference's, the EC names are ours. */
export type KeyType = "RSA2048" | "RSA3072" | "RSA4096" | "secp256r1" | "secp384r1" | "secp521r1";

/** The things that a client does, each with a path of its own in a {@link Profile}. */
export type RouteName =
  | "products"
  | "product"
  | "createProduct"
  | "requestSigning"
  | "signings"
  | "signing"
  | "approve"
  | "reject";

/**
 * What differs between deployments, as data. What is left out stays as it is by default. A local sandbox
 * serves its own at `GET {baseUrl}/ocisign-profile`.
 *
 * @example
 * ```ts
 * import { decodeStatus, type Profile } from "ocisign";
 *
 * const profile: Profile = {
 *   statuses: { "2": "waiting", "32": "rejected" },
 *   publicKeyPath: "tokenInfo[].publicKey",
 * };
 * console.log(decodeStatus(32, profile).state); // rejected
 * ```
 */
export interface Profile {
  /** Paths below the base URL; `{id}` stands for the percent-encoded id. */
  routes?: { readonly [Name in RouteName]?: string | undefined } | undefined;
  /** What the status codes mean, by the code in decimal. Only 16, `signed`, is known by default. */
  statuses?: Readonly<Record<string, KnownState>> | undefined;
  /**
   * Where a product shows its public key: keys joined by dots, `[]` after a key for each element; in
   * `productOperations[]` only the chosen operation counts. Default: `productOperations[].token.publicKey`.
   */
  publicKeyPath?: string | undefined;
  /** How the service writes key types, by our name for them. */
  keyTypes?: { readonly [Type in KeyType]?: string } | undefined;
}

/** A {@link Profile} with its defaults, as a client works by it. */
export interface WholeProfile extends Profile {
  /** Paths below the base URL. */
  routes: { readonly [Name in RouteName]: string };
  /** What the status codes mean, by the code in decimal. */
  statuses: Readonly<Record<string, KnownState>>;
  /** Where a product shows its public key. */
  publicKeyPath: string;
  /** How key types are written, where it is not as we name them. */
  keyTypes: { readonly [Type in KeyType]?: string };
}

/** What {@link buildProduct} makes a product from. */
export interface ProductInput {
  /** The product's name. */
  name: string;
  /** The product's description. Default empty. */
  description?: string | undefined;
  /** The registry's domain, with a port if it has one: the product signs for this registry only. */
  registry: string;
  /** Default `RSA4096`. Spellings such as `EC secp256r1` are read too. */
  keyType?: KeyType | (string & {}) | undefined;
  /** Whether requests may be made at once. Default true. */
  enabled?: boolean | undefined;
  /** Default `OCI sign`. */
  operationName?: string | undefined;
  /** Default `OCI signing`. */
  operationDescription?: string | undefined;
  /** Name of the HSM key. Default `Key for ocisigning`. */
  keyName?: string | undefined;
  /** Description of the HSM key. Default `HSM token for ocisigning`. */
  keyDescription?: string | undefined;
  /** Default `Approval rule`. */
  ruleName?: string | undefined;
  /** Default `Rule for OCI signing`. */
  ruleDescription?: string | undefined;
  /** UUIDs of the groups that may submit; at least one. */
  allowedGroups: readonly string[];
  /** UUIDs of the groups that must approve, each once. */
  approvalGroups?: readonly string[] | undefined;
  /** UUIDs of the groups that are approved beforehand. */
  blanketGroups?: readonly string[] | undefined;
}

/** A named value: of a product's configuration, or of a request's metadata. */
export interface NamedValue {
  /** The name, such as `RegistryURL` or `Version`. */
  readonly name: string;
  /** The value. */
  readonly value: string;
}

/** The body of `POST products`: the product JSON of the reference ("Product configuration"), key for key. */
export interface ProductDefinition {
  /** The product's name. */
  name: string;
  /** The product's description. */
  description: string;
  /** Always `Product`. */
  productType: "Product";
  /** Whether requests may be made. */
  enabled: boolean;
  /** Empty in the reference. */
  caInfo: [];
  /** Empty in the reference. */
  rndKeys: [];
  /** The one operation, which signs images. */
  productOperations: [OperationDefinition];
  /** The domain that the product signs for. */
  productConfigItems: [RegistryUrlItem];
}

/** The operation of a {@link ProductDefinition}. */
export interface OperationDefinition {
  /** The operation's name. */
  name: string;
  /** The operation's description. */
  description: string;
  /** Signing of images. */
  operationType: "SignOCI";
  /** The HSM key; the service calls a key's place a token. */
  token: KeyDefinition;
  /** Who may ask and who must agree. */
  approvalRule: RuleDefinition;
}

/** The HSM key of an {@link OperationDefinition}. Not a bearer token. */
export interface KeyDefinition {
  /** The key's name. */
  name: string;
  /** The key's description. */
  description: string;
  /** The key's type in the deployment's spelling. */
  keyType: string;
}

/** The approval rule of an {@link OperationDefinition}: lists of group UUIDs. */
export interface RuleDefinition {
  /** The rule's name. */
  name: string;
  /** The rule's description. */
  description: string;
  /** Groups that may submit. */
  allowedGroups: string[];
  /** Groups that must approve. */
  approvalGroups: string[];
  /** Groups that are approved beforehand. */
  blanketGroups: string[];
}

/** The domain that a {@link ProductDefinition} signs for. */
export interface RegistryUrlItem {
  /** Always `RegistryURL`. */
  name: "RegistryURL";
  /** The registry's domain, with a port if it has one. */
  value: string;
}

/**
 * Builds the product JSON that the reference shows.
 *
 * @param profile how the deployment spells key types.
 * @throws {OcisignError} `bad-input`, `registry-invalid`, `port-invalid`, `scheme`, `key-type`, `bad-profile`.
 * @example
 * ```js
 * import { buildProduct } from "ocisign";
 *
 * const definition = buildProduct({
 *   name: "OCI SIGN",
 *   registry: "registry.example",
 *   allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
 *   approvalGroups: ["f65a3ea9-60db-47a4-9ad8-c6915735ec5f"],
 * });
 * console.log(definition.productOperations[0].token.keyType); // RSA4096
 * ```
 */
export function buildProduct(input: ProductInput, profile?: Profile): ProductDefinition;

/** An operation of a product, as the service shows it. Fields that are not named here are kept. */
export interface ProductOperation {
  /** Its id, which a request names as `idProductOperation`. */
  readonly id?: OperationId | undefined;
  /** Its name. */
  readonly name?: string | undefined;
  /** Its description. */
  readonly description?: string | undefined;
  /** `SignOCI`, or `SIGN_OCI`, for signing images. */
  readonly operationType?: string | undefined;
  /** Its HSM key; the service calls a key's place a token. */
  readonly token?: OperationKey | null | undefined;
  /** Who may ask and who must agree. */
  readonly approvalRule?: ApprovalRule | null | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** The HSM key of a {@link ProductOperation}. Fields that are not named here are kept. */
export interface OperationKey {
  /** The key's name. */
  readonly name?: string | undefined;
  /** The key's type, as the service spells it. */
  readonly keyType?: string | undefined;
  /** Base64 of a DER `SubjectPublicKeyInfo`, perhaps with white space; read it with {@link publicKey}. */
  readonly publicKey?: string | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** The approval rule of a {@link ProductOperation}: lists of group UUIDs. Fields that are not named here are kept. */
export interface ApprovalRule {
  /** The rule's name. */
  readonly name?: string | undefined;
  /** Groups that may submit. */
  readonly allowedGroups?: readonly string[] | null | undefined;
  /** Groups that must approve. */
  readonly approvalGroups?: readonly string[] | null | undefined;
  /** Groups that are approved beforehand. */
  readonly blanketGroups?: readonly string[] | null | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** One of a product's `productConfigItems`. Fields that are not named here are kept. */
export interface ProductConfigItem {
  /** The name, such as `RegistryURL`. */
  readonly name?: string | undefined;
  /** The value. */
  readonly value?: string | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** A product, as the service shows it. Fields that are not named here are kept. */
export interface Product {
  /** Its id, which a request names as `productId`. */
  readonly id?: ProductId | undefined;
  /** Its name. */
  readonly name?: string | undefined;
  /** Its description. */
  readonly description?: string | undefined;
  /** Whether it may be used. One that does not say is taken as enabled. */
  readonly enabled?: boolean | undefined;
  /** What it can do. */
  readonly productOperations?: readonly ProductOperation[] | null | undefined;
  /** Its configuration, `RegistryURL` among it. */
  readonly productConfigItems?: readonly ProductConfigItem[] | null | undefined;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** A product that the service replied with: it has an id. */
export interface StoredProduct extends Product {
  /** Its id, which a request names as `productId`. */
  readonly id: ProductId;
}

/**
 * The domain rule of the reference ("The domain the artifact uri must match"): the image's registry must be the
 * product's `RegistryURL`: whole, with its port, without regard to case.
 *
 * @throws {OcisignError} `registry-mismatch`; `product-registry` when the product has no usable one, or two; as
 *   {@link parseReference}.
 * @example
 * ```js
 * import { checkRegistry } from "ocisign";
 *
 * checkRegistry(image, product); // throws when the product does not sign for the image's registry
 * ```
 */
export function checkRegistry(reference: string | ImageReference, product: Product): void;

/** What a signing request says beside its product. */
export interface SigningRequestDetails {
  /** The image to sign. */
  artifact: string | ImageReference;
  /** Default `OCI signing`. */
  name?: string | undefined;
  /** Why: the approvers read it. Default empty. */
  description?: string | undefined;
  /** Default `OCI sign request`, as in the reference. */
  payloadName?: string | undefined;
  /** What else the approvers should know. */
  metadata?: readonly NamedValue[] | undefined;
}

/** A request by a product that was read: its domain, `enabled` and operation are checked. */
export interface RequestByProduct extends SigningRequestDetails {
  /** The product, as the service shows it. */
  product: Product;
  /** The product's id, if it is not in the product. */
  productId?: ProductId | undefined;
  /** One of the product's operations, its id or its name. Not needed when there is only one that signs images. */
  operation?: OperationId | ProductOperation | undefined;
  /** The operation's id. */
  operationId?: OperationId | undefined;
}

/** A request by the product's id: {@link SigningClient.requestSigning} reads the product, and checks it. */
export interface RequestByProductId extends SigningRequestDetails {
  /** Read by its id instead. */
  product?: undefined;
  /** The product's id. */
  productId: ProductId;
  /** One of the product's operations, its id or its name. Not needed when there is only one that signs images. */
  operation?: OperationId | ProductOperation | undefined;
  /** The operation's id. */
  operationId?: OperationId | undefined;
}

/** A request by the ids alone: only the reference itself is checked. */
export interface RequestByIds extends SigningRequestDetails {
  /** Named by its id instead. */
  product?: undefined;
  /** The product's id. */
  productId: ProductId;
  /** Named by its id instead. */
  operation?: undefined;
  /** The operation's id. */
  operationId: OperationId;
}

/** What {@link SigningClient.requestSigning} makes a request from: a product, or its id. */
export type SigningRequestInput = RequestByProduct | RequestByProductId;

/** The body of `POST imagesignings`, key for key as the reference's `curl` posts it ("OCI Signing"). */
export interface SigningRequestBody {
  /** The request's name. */
  name: string;
  /** The operation's id. */
  idProductOperation: OperationId;
  /** Why, for the approvers. */
  description: string;
  /** What is to be signed. */
  payload: SigningPayload;
  /** The product's id. */
  productId: ProductId;
}

/** The payload of a {@link SigningRequestBody}. */
export interface SigningPayload {
  /** `OCI sign request` in the reference. */
  name: string;
  /** What else the approvers should know. */
  metadata: NamedValue[];
  /** The image. */
  optionalParameters: [ArtifactParameter];
}

/** Where the image stands in a {@link SigningPayload}. */
export interface ArtifactParameter {
  /** Base64 of `registry/repository@digest`; read it with {@link decodeArtifactUri}. */
  artifactURI: string;
}

/**
 * Builds the body of a signing request, without sending it.
 *
 * @throws {OcisignError} as {@link parseReference} and {@link checkRegistry}; `product-disabled`,
 *   `operation-missing`, `operation-ambiguous`, `bad-input`.
 * @example
 * ```js
 * import { buildSigningRequest } from "ocisign";
 *
 * const body = buildSigningRequest({
 *   productId: "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac",
 *   operationId: "b4f4c9e4-cbd2-4073-820c-9d553a957e54",
 *   artifact: image,
 *   metadata: [{ name: "Version", value: "v1.0" }],
 * });
 * console.log(body.payload.name); // OCI sign request
 * ```
 */
export function buildSigningRequest(input: RequestByProduct | RequestByIds): SigningRequestBody;

/** A status with its code as the service sent it. One member a state, so that a `switch` narrows to it. */
export type StatusOf<State extends string, Final extends boolean> = State extends string
  ? {
      /** The code, a safe integer. */
      readonly code: number;
      /** What it means. */
      readonly state: State;
      /** Will it stay? */
      readonly final: Final;
    }
  : never;

/**
 * What a status code means. `unknown` is neither success nor failure: a code that the profile lacks.
 *
 * @example
 * ```ts
 * import { decodeStatus, type SigningStatus } from "ocisign";
 *
 * function told(status: SigningStatus): string {
 *   if (!status.final) return "still under way";
 *   switch (status.state) {
 *     case "signed":
 *       return "the registry holds the signature";
 *     case "rejected":
 *     case "failed":
 *       return "there will be no signature";
 *   }
 * }
 * console.log(told(decodeStatus(16))); // the registry holds the signature
 * ```
 */
export type SigningStatus =
  | StatusOf<"new" | "waiting" | "approved" | "signing" | "unknown", false>
  | StatusOf<"signed" | "rejected" | "failed", true>;

/** What a signing request can be. */
export type SigningState = SigningStatus["state"];

/** What a status code can be made to mean by a {@link Profile}. */
export type KnownState = Exclude<SigningState, "unknown">;

/**
 * Decodes a status code. Only 16, `signed`, is known without a profile.
 *
 * @throws {OcisignError} `bad-status` for anything but a safe integer; `bad-profile`.
 * @example
 * ```js
 * import { decodeStatus } from "ocisign";
 *
 * const { state, final } = decodeStatus(16);
 * console.log(state, final); // signed true
 * console.log(decodeStatus(3).state); // unknown
 * ```
 */
export function decodeStatus(code: number, profile?: Profile): SigningStatus;

/** A product's public key. */
export interface PublicKey {
  /** PEM (RFC 7468 §13), as `cosign verify --key` and openssl read it. */
  readonly pem: string;
  /** DER `SubjectPublicKeyInfo` (RFC 5280 §4.1), as `crypto.subtle.importKey("spki", …)` reads it. */
  readonly spki: Uint8Array<ArrayBuffer>;
  /** Read from the key itself. */
  readonly keyType: KeyType;
  /** As `openssl pkey -pubin -outform DER | sha256sum` prints it, after `sha256:`. */
  readonly fingerprint: Fingerprint;
}

/**
 * Reads the public key of a product's signing operation.
 *
 * @param operation the operation's id or name, when there are several that sign images.
 * @param profile where the deployment shows the key, and how it spells key types.
 * @throws {OcisignError} `bad-public-key` when there is none at the profile's place, several, or another than
 *   the announced type; `operation-missing`, `operation-ambiguous`, `bad-profile`.
 * @example
 * ```js
 * import { publicKey } from "ocisign";
 *
 * const key = publicKey(product, undefined, client.profile);
 * console.log(key.pem, key.fingerprint);
 * ```
 */
export function publicKey(product: Product, operation?: OperationId, profile?: Profile): PublicKey;

/** A line of {@link scanReferences} that holds a reference. */
export interface ScannedReference {
  /** The line's number, from 1. */
  readonly line: number;
  /** The reference. */
  readonly canonical: CanonicalReference;
}

/** A line of {@link scanReferences} that holds something else. */
export interface ScanError {
  /** The line's number, from 1. */
  readonly line: number;
  /** The line as it was given. */
  readonly text: string;
  /** What is wrong with it. */
  readonly code: ReferenceErrorCode;
  /** What is wrong and where, for people. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where, in bytes from the beginning of the line. */
  readonly offset: number;
}

/** What {@link scanReferences} found. */
export interface ReferenceScan {
  /** The lines with a reference, in order; repeated ones are kept. */
  readonly references: readonly ScannedReference[];
  /** The lines that are wrong, in order. */
  readonly errors: readonly ScanError[];
}

/**
 * Checks many references in one call, one a line. Empty lines and lines that begin with `#` are passed over. A wrong
 * line is no exception: it stands in the result.
 *
 * @throws {OcisignError} `bad-input` when it is not text.
 * @example
 * ```js
 * import { scanReferences } from "ocisign";
 *
 * const { references, errors } = scanReferences(`# tonight\n${image}\nlocalhost/app:1.0\n`);
 * console.log(references.length); // 1
 * for (const { line, code } of errors) console.log(line, code); // 3 digest-missing
 * ```
 */
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
 * Its form is that of sigstore/cosign's `SIGNATURE_SPEC.md`.
 *
 * @throws {OcisignError} as {@link parseReference}.
 * @example
 * ```js
 * import { simpleSigningPayload } from "ocisign";
 *
 * const { text, sha256 } = simpleSigningPayload(image);
 * console.log(JSON.parse(text).critical.type); // cosign container image signature
 * console.log(sha256.length); // 64
 * ```
 */
export function simpleSigningPayload(reference: string | ImageReference): SimpleSigningPayload;

/** A public key: PEM, DER `SubjectPublicKeyInfo`, or what {@link publicKey} returned. */
export type VerificationKey = string | Uint8Array | PublicKey;

/** One key, which must have signed. */
export interface OneKey {
  /** The key. */
  publicKey: VerificationKey;
  /** Only without `publicKey`. */
  keys?: undefined;
  /** Only with `keys`, or 1. */
  threshold?: 1 | undefined;
}

/** Several keys, of which so many must have signed. */
export interface SeveralKeys {
  /** Only without `keys`. */
  publicKey?: undefined;
  /** Any of these may have signed; the same key twice counts once. */
  keys: readonly VerificationKey[];
  /** So many different keys must have signed. Default 1. */
  threshold?: number | undefined;
}

/** Which keys have to agree. */
export type VerificationKeys = OneKey | SeveralKeys;

/** Where and how the registry is reached. */
export interface RegistryOptions {
  /** In place of `https://` and the reference's registry: a reverse proxy that allows CORS, for instance. */
  url?: string | URL | undefined;
  /** Together with `password`. `AWS` for Amazon ECR, and what `aws ecr get-login-password` prints. */
  username?: string | undefined;
  /** Together with `username`. Sent to the registry and to the token service it names, never along a redirect. */
  password?: string | undefined;
  /** Called in place of the platform's. */
  fetch?: Fetch | undefined;
  /** Where the signatures are, when not beside the image: a repository of the same registry. */
  repository?: string | undefined;
}

/** Options of {@link verifyImage} beside the keys. */
export interface VerifyOptions {
  /** Where and how the registry is reached; anonymously at `https://` if left out. */
  registry?: RegistryOptions | undefined;
  /** Verify every manifest in an index, too. At most 200 of them are walked. */
  recursive?: boolean | undefined;
  /** Refuse signatures that name no repository: those in bundles. */
  requireRepository?: boolean | undefined;
  /** Ends the verification. */
  signal?: AbortSignal | undefined;
  /** For one call to the registry, in milliseconds. Default 30,000. */
  timeoutMs?: number | undefined;
}

/** Options of {@link verifyImage}. */
export type VerifyImageOptions = VerificationKeys & VerifyOptions;

/**
 * What is checked of a signature, in this order: what its manifest says of it, size and digest of its blob, the
 * signature over the raw bytes, what they say, and that they name the repository.
 */
export type VerificationStep = "manifest" | "blob" | "signature" | "content" | "repository";

/** How a signature is written down: cosign's simple signing, or a Sigstore bundle v0.3. */
export type SignatureFormat = "simple-signing" | "bundle";

/** Where a signature was found: the `.sig` tag, OCI 1.1 referrers, the referrers fallback tag, or in hand. */
export type SignaturePlace = "tag" | "referrers" | "fallback-tag" | "given";

/** A signature that holds and is about the image. */
export interface GoodSignature {
  /** It counts. */
  readonly verified: true;
  /** The steps that it passed. A bundle names no repository, so it does not pass the last one. */
  readonly checked: readonly VerificationStep[];
  /** Only of one that does not count. */
  readonly failed?: never;
  /** How it is written down. */
  readonly format: SignatureFormat;
  /** Everywhere it was found. */
  readonly from: readonly SignaturePlace[];
  /** The digest of the payload's or the bundle's blob. */
  readonly blob: Digest;
  /** The fingerprint of the key under which it holds. */
  readonly key: Fingerprint;
  /** The hash that was signed: `SHA-256`, or for EC keys perhaps the curve's own. */
  readonly hash: "SHA-256" | "SHA-384" | "SHA-512";
  /** Does it name the repository? A bundle names a digest only. */
  readonly repositoryBound: boolean;
  /** Only of one that does not count. */
  readonly reason?: never;
}

/** A signature that does not count. */
export interface BadSignature {
  /** It does not count. */
  readonly verified: false;
  /** The steps that it passed. */
  readonly checked: readonly VerificationStep[];
  /** The step that it did not pass; none when its blob could not be read. */
  readonly failed?: VerificationStep;
  /** `null` when not even that could be read. */
  readonly format: SignatureFormat | null;
  /** Everywhere it was found. */
  readonly from: readonly SignaturePlace[];
  /** The digest of the payload's or the bundle's blob; `null` when not even that could be read. */
  readonly blob: Digest | null;
  /** Only of one that holds. */
  readonly key?: never;
  /** Only of one that holds. */
  readonly hash?: never;
  /** Only of one that holds. */
  readonly repositoryBound?: never;
  /** Why it does not count. */
  readonly reason: string;
}

/** What was found out about one signature. */
export type SignatureReport = GoodSignature | BadSignature;

/** What could not be read, so that nothing can be concluded from it. */
export interface VerificationProblem {
  /** Which place: the image itself, or one where signatures may be. */
  readonly from?: "image" | SignaturePlace;
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** What was wrong, for people. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** What every {@link Verification} tells. */
export interface VerificationFacts {
  /** The image that was verified. */
  readonly reference: CanonicalReference;
  /** The image's digest. */
  readonly digest: Digest;
  /** Fingerprints of the different keys whose signatures hold. */
  readonly keys: readonly Fingerprint[];
  /** So many different keys had to have signed. */
  readonly threshold: number;
  /** Each signature that was found, with what was found out about it. */
  readonly signatures: readonly SignatureReport[];
  /** What could not be read. */
  readonly problems: readonly VerificationProblem[];
  /** The outcome in one sentence. */
  readonly reason: string;
  /** With `recursive`, the manifests of an index. The worst state of all is that of the whole. */
  readonly manifests?: readonly Verification[];
}

/** Enough keys have signed exactly this image. */
export interface Verified extends VerificationFacts {
  /** The outcome. */
  readonly state: "verified";
  /** Fingerprints of the different keys whose signatures hold: at least one. */
  readonly keys: readonly [Fingerprint, ...Fingerprint[]];
  /** With `recursive`, the manifests of an index, all of them verified. */
  readonly manifests?: readonly Verified[];
}

/** There are signatures, and not enough of them hold; each says why. */
export interface Invalid extends VerificationFacts {
  /** The outcome. */
  readonly state: "invalid";
}

/** The registry itself says that there is no signature, everywhere one could be. */
export interface Unsigned extends VerificationFacts {
  /** The outcome. */
  readonly state: "unsigned";
}

/** Something could not be read, so nothing can be concluded; `problems` say what. */
export interface Unreachable extends VerificationFacts {
  /** The outcome. */
  readonly state: "unreachable";
}

/**
 * The outcome of a verification. `unsigned` is the registry's own word that there is no signature; whatever
 * could not be read is `unreachable`. An error is never `unsigned`.
 *
 * @example
 * ```js
 * import { verifyImage } from "ocisign";
 *
 * const verification = await verifyImage(image, { publicKey: pem });
 * switch (verification.state) {
 *   case "verified":
 *     console.log(`signed by ${verification.keys[0]}`);
 *     break;
 *   case "invalid":
 *     for (const signature of verification.signatures) {
 *       if (!signature.verified) console.log(signature.reason);
 *     }
 *     break;
 *   default:
 *     console.log(`${verification.state}: ${verification.reason}`);
 * }
 * ```
 */
export type Verification = Verified | Invalid | Unsigned | Unreachable;

/**
 * Verifies the signatures of an image in its registry: found by the `.sig` tag, by OCI 1.1 referrers, and by
 * the referrers fallback tag. For each, first the blob's digest is checked, then the signature, and only then
 * what it says: exact fields, type, digest and repository. What each state means is told in docs/verify.md.
 *
 * @throws {OcisignError} for wrong arguments (`bad-input`, `bad-url`, `bad-public-key`, as {@link parseReference}),
 *   `no-crypto`, `aborted`. What the registry does is in the result.
 * @example
 * ```js
 * import { verifyImage } from "ocisign";
 *
 * const { state, reason } = await verifyImage(image, {
 *   publicKey: pem, // or keys: [old, current], threshold: 1
 *   // For Amazon ECR: "AWS", and what `aws ecr get-login-password` prints.
 *   registry: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 * });
 * if (state !== "verified") throw new Error(`${state}: ${reason}`);
 * ```
 */
export function verifyImage(
  reference: string | ImageReference,
  options: VerifyImageOptions,
): Promise<Verification>;

/** Bytes, or text in UTF-8. */
export type Bytes = Uint8Array | string;

/** What {@link verifySignatures} verifies. */
export type VerifySignaturesOptions = VerificationKeys & SignaturesInHand;

/** Signatures in hand, and what they have to be about. */
export interface SignaturesInHand {
  /** The image that they have to be about. */
  reference: string | ImageReference;
  /** One manifest of signatures, or several. */
  manifest: Bytes | readonly Bytes[];
  /** The blobs that they name, or a function that gives one by its digest; the size is in bytes. */
  blob: Bytes | readonly Bytes[] | ((digest: Digest, size: number) => Uint8Array | PromiseLike<Uint8Array>);
  /** Refuse signatures that name no repository: those in bundles. */
  requireRepository?: boolean | undefined;
}

/**
 * Verifies signatures that are in hand, without any network.
 *
 * @throws {OcisignError} for wrong arguments (`bad-input`, `bad-public-key`, as {@link parseReference}), `no-crypto`.
 * @example
 * ```js
 * import { createHash, generateKeyPairSync, sign } from "node:crypto";
 * import { simpleSigningPayload, verifySignatures } from "ocisign";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
 * const payload = simpleSigningPayload(image).text;
 * const layer = {
 *   mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
 *   digest: `sha256:${createHash("sha256").update(payload).digest("hex")}`,
 *   size: payload.length,
 *   annotations: {
 *     "dev.cosignproject.cosign/signature": sign("sha256", Buffer.from(payload), privateKey).toString("base64"),
 *   },
 * };
 * const verification = await verifySignatures({
 *   reference: image,
 *   publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
 *   manifest: JSON.stringify({ schemaVersion: 2, layers: [layer] }),
 *   blob: payload,
 * });
 * console.log(verification.state); // verified
 * ```
 */
export function verifySignatures(options: VerifySignaturesOptions): Promise<Verification>;

/** Options of {@link describeImage}. */
export interface DescribeOptions {
  /** Where and how the registry is reached; anonymously at `https://` if left out. `repository` does not matter here. */
  registry?: RegistryOptions | undefined;
  /** Ends it. */
  signal?: AbortSignal | undefined;
  /** For one call to the registry, in milliseconds. Default 30,000. There are two calls, and those for tokens. */
  timeoutMs?: number | undefined;
}

/**
 * A platform that an image runs on (OCI image spec, "Image Index"). Each part has 1 to 64 letters, digits, `_`, `.`
 * and `-`.
 */
export interface ImagePlatform {
  /** The operating system, as Go names it: `linux`, `windows`. */
  readonly os: string;
  /** The processor, as Go names it: `amd64`, `arm64`. */
  readonly architecture: string;
  /** The processor's variant, such as `v8`. */
  readonly variant?: string;
  /** The operating system's version, which Windows needs. */
  readonly osVersion?: string;
  /** The digest of the manifest for this platform. */
  readonly digest: Digest;
  /** That manifest's media type. */
  readonly mediaType: string;
}

/** What every {@link ImageDescription} tells. */
export interface DescriptionFacts {
  /** The image that is described. */
  readonly reference: CanonicalReference;
  /** The image's digest; the manifest has it. */
  readonly digest: Digest;
  /** The manifest's media type, in lower case: of OCI or of docker, an image's or an index's. */
  readonly mediaType: string;
  /** What it is if it is no image, such as a Helm chart: the manifest's own `artifactType`, or its config's media type. */
  readonly artifactType?: string;
  /** The platforms that it is for; of something that is no image, none. */
  readonly platforms: readonly ImagePlatform[];
  /** How many attestations BuildKit put into the index. */
  readonly attestations: number;
  /** How many manifests the index has beside those: they name no platform, or none that is well-formed. */
  readonly others: number;
  /** The manifest's annotations, without those whose name or text is longer than 4,096 UTF-16 units. Anything may stand there. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One image, or something else in its place. */
export interface SingleDescription extends DescriptionFacts {
  /** It lists no other manifests. */
  readonly isIndex: false;
  /** Of config and layers together, in bytes, packed as they are: by the manifest's own word. */
  readonly sizeBytes: number;
  /** When it was made, as its config says it: RFC 3339. */
  readonly created?: string;
}

/** Several images under one digest, such as one for each platform. */
export interface IndexDescription extends DescriptionFacts {
  /** It lists other manifests. */
  readonly isIndex: true;
  /** Only of one image. */
  readonly sizeBytes?: undefined;
  /** Only of one image. */
  readonly created?: undefined;
}

/** What an image is; `isIndex` tells the two kinds apart. */
export type ImageDescription = SingleDescription | IndexDescription;

/**
 * Says what an image is, before anything is signed: kind, size and platforms, from its manifest and its config. Both
 * must have their digests, and at most 4 MiB each are read. It says nothing of signatures; see {@link verifyImage}.
 *
 * @throws {OcisignError} for wrong arguments (`bad-input`, `bad-url`, as {@link parseReference}); `not-found`;
 *   `bad-reply` when what is there is neither an image nor an index, or not what its digest says; the registry's
 *   `unauthorized`, `forbidden`, `bad-request`, `rate-limited`, `redirected`, `server-error`; `network`, in a browser
 *   also when the registry does not allow the page's origin; `timeout`, `aborted`, `no-crypto`.
 * @example
 * ```js
 * import { describeImage } from "ocisign";
 *
 * const description = await describeImage(image, {
 *   registry: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 * });
 * console.log(description.platforms.map(({ os, architecture }) => `${os}/${architecture}`).join()); // linux/amd64
 * if (!description.isIndex) console.log(description.sizeBytes.toLocaleString());
 * ```
 */
export function describeImage(
  reference: string | ImageReference,
  options?: DescribeOptions,
): Promise<ImageDescription>;

/** Options of {@link attachSignature}. */
export interface AttachOptions {
  /** Base64 or bytes: RSASSA-PKCS1-v1_5 with SHA-256, or ECDSA in its DER form. */
  signature: Bytes;
  /** The key that made it. */
  publicKey: VerificationKey;
  /** Where and how the registry is reached. */
  registry?: RegistryOptions | undefined;
  /** Ends it; what was pushed stays. */
  signal?: AbortSignal | undefined;
  /** For one call to the registry, in milliseconds. Default 30,000. */
  timeoutMs?: number | undefined;
}

/** What {@link attachSignature} did. */
export interface AttachedSignature {
  /** The tag that holds the image's signatures: `sha256-<hex>.sig`. */
  readonly tag: string;
  /** How many there are now. */
  readonly signatures: number;
}

/**
 * Pushes a signature that was made elsewhere over {@link simpleSigningPayload}, and keeps those that are there.
 * It is verified first; what does not verify is not pushed.
 *
 * @throws {OcisignError} `bad-signature`; `conflict`; `bad-input`; those of the registry, such as `unauthorized`.
 * @example
 * ```js
 * import { generateKeyPairSync, sign } from "node:crypto";
 * import { attachSignature, simpleSigningPayload } from "ocisign";
 *
 * const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
 * const { tag } = await attachSignature(image, {
 *   signature: sign("sha256", Buffer.from(simpleSigningPayload(image).text), privateKey),
 *   publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
 *   registry: { username: process.env.REGISTRY_USERNAME, password: process.env.REGISTRY_PASSWORD },
 * });
 * console.log(`the image's signatures are under the tag ${tag}`);
 * ```
 */
export function attachSignature(
  reference: string | ImageReference,
  options: AttachOptions,
): Promise<AttachedSignature>;

/** Options of {@link waitAndVerify}. */
export interface WaitAndVerifyOptions extends WaitOptions {
  /** Where and how the registry is reached. */
  registry?: RegistryOptions | undefined;
  /** Refuse signatures that name no repository: those in bundles. */
  requireRepository?: boolean | undefined;
  /** Verify every manifest in an index, too. */
  recursive?: boolean | undefined;
  /** The image that was requested. If the service says that it signed another, that is a `bad-reply`. */
  reference?: string | ImageReference | undefined;
}

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
  options?: WaitAndVerifyOptions,
): Promise<SignedOutcome | UnsignedOutcome>;

/**
 * A bearer token (RFC 6750), or what gives one. A function is asked once, and again when the service refuses the
 * token: one can expire in the middle of a long wait.
 */
export type TokenSource = string | (() => string | PromiseLike<string>);

/** What a replaced `fetch` is called with: less than the platform's `RequestInit`, and assignable to it. */
export interface FetchInit {
  /** The service knows the first two, a registry's uploads the third. */
  method: "GET" | "POST" | "PUT";
  /** Among them `Authorization`, which is a secret. */
  headers: Record<string, string>;
  /** JSON text for the service, bytes for a registry. */
  body?: string | Uint8Array<ArrayBuffer>;
  /** Fires when the time is over, or the caller's own signal does. */
  signal: AbortSignal;
  /** A secret is never sent along a redirect. */
  redirect: "manual" | "follow";
  /** Cookies are not sent. */
  credentials: "omit";
  /** Nothing is kept. */
  cache: "no-store";
  /** Where it comes from is not told. */
  referrerPolicy: "no-referrer";
}

/** What of a reply's headers is needed. */
export interface FetchHeaders {
  /** The value of a header, whose name has no case; `null` when it is not there, or may not be read. */
  get(name: string): string | null;
}

/** What of a reply is needed; a replaced `fetch` may return no more than this. The platform's `Response` is one. */
export interface FetchReply {
  /** The HTTP status. */
  readonly status: number;
  /** The headers. */
  readonly headers: FetchHeaders;
  /** The body as text. */
  text(): PromiseLike<string>;
  /** The body as bytes: needed for blobs of a registry that are not UTF-8. */
  arrayBuffer?(): PromiseLike<ArrayBuffer>;
}

/**
 * A replaced `fetch`: for mTLS agents, proxies and tests.
 *
 * @example
 * ```ts
 * import { type Fetch, SigningClient } from "ocisign";
 *
 * const noted: Fetch = (url, init) => {
 *   console.error(`${init.method} ${url}`);
 *   return fetch(url, init);
 * };
 * const token = () => process.env.OCISIGN_TOKEN ?? "";
 * const other = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token, fetch: noted });
 * ```
 */
export type Fetch = (url: string, init: FetchInit) => PromiseLike<FetchReply>;

/** How often a call is tried, and how long it waits in between. */
export interface RetryOptions {
  /** How often it is sent at the most, the first time included. Default 4. */
  attempts?: number | undefined;
  /** The first wait in milliseconds; it doubles each time. Default 500. */
  baseMs?: number | undefined;
  /** The longest wait in milliseconds; a `Retry-After` beyond it ends the call. Default 30,000. */
  maxMs?: number | undefined;
}

/** Options of {@link SigningClient}. */
export interface ClientOptions {
  /** As in `https://app.laavat.io/<CustomerName>/api/v1`. `http://` is for localhost only. */
  baseUrl: string;
  /** The bearer token, or what gives one. */
  token: TokenSource;
  /** What differs from the defaults. */
  profile?: Profile | undefined;
  /** Called in place of the platform's. */
  fetch?: Fetch | undefined;
  /**
   * For one try of one call, in milliseconds. Default 30,000. It does not limit `token`, which may have to ask a
   * person; a signal does.
   */
  timeoutMs?: number | undefined;
  /** How often a call is tried. */
  retry?: RetryOptions | undefined;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call; what the service has taken stays there. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link SigningClient.approve}. */
export interface ApproveOptions extends CallOptions {
  /** Why, for the records. */
  comment?: string | undefined;
  /** The request as it was shown: if it is not the same any more, it is not approved. */
  expect?: Signing | undefined;
}

/** Options of {@link SigningClient.reject}. */
export interface RejectOptions extends CallOptions {
  /** Why: the requester has to know. */
  comment: string;
}

/** A person's approval, as the sandbox shows it. Fields that are not named here are kept. */
export interface Approval {
  /** The person's object id, from the token. */
  readonly objectId?: string;
  /** The person's name. */
  readonly name?: string;
  /** UUIDs of the groups for which it counts. */
  readonly groups?: readonly string[];
  /** When: RFC 3339, in UTC. */
  readonly at?: string;
  /** Why. */
  readonly comment?: string;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** The payload of a {@link Signing}, as the service shows it. Fields that are not named here are kept. */
export interface ShownPayload {
  /** The payload's name. */
  readonly name?: string;
  /** What the requester added for the approvers. */
  readonly metadata?: readonly NamedValue[];
  /** The image: `artifactURI` of the first one, for {@link decodeArtifactUri}. */
  readonly optionalParameters?: readonly Partial<ArtifactParameter>[];
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/** What a {@link Signing} tells beside its status: `id` and `status` always, the others if the service sends them. */
export interface SigningFields {
  /** The request's id. */
  readonly id: SigningId;
  /** The code as the service sent it; the same as `code`. */
  readonly status: number;
  /** The request's name. */
  readonly name?: string;
  /** Why, in the requester's words. */
  readonly description?: string;
  /** The product's id. */
  readonly productId?: ProductId;
  /** The operation's id. */
  readonly idProductOperation?: OperationId;
  /** What is to be signed. */
  readonly payload?: ShownPayload;
  /** Who approved so far. */
  readonly approvals?: readonly Approval[];
  /** Why it was rejected or failed. */
  readonly reason?: string;
  /** What else the service shows. */
  readonly [field: string]: unknown;
}

/**
 * A signing request, as the service shows it, with its status decoded. Every field of the reply is kept.
 *
 * @example
 * ```ts
 * import { decodeArtifactUri, type Signing } from "ocisign";
 *
 * const imageOf = (signing: Signing) =>
 *   decodeArtifactUri(signing.payload?.optionalParameters?.[0]?.artifactURI ?? "");
 * console.log(imageOf(request) === image); // true
 * ```
 */
export type Signing = SigningStatus & SigningFields;

/** A {@link Signing} in one of these states. */
export type SigningIn<State extends SigningState> = Extract<Signing, StatusOf<State, boolean>>;

/** A {@link Signing} that will not change any more. */
export type FinalSigning = SigningIn<"signed" | "rejected" | "failed">;

/** A filter for {@link SigningClient.signings}, sent as the query; which fields work is the service's affair. */
export type SigningFilter = Readonly<Record<string, string | number | undefined>>;

/** Options of {@link SigningClient.waitForSignature}. Times in milliseconds. */
export interface WaitOptions extends CallOptions {
  /** How long to wait altogether. Without it, until it is final. */
  timeoutMs?: number | undefined;
  /**
   * Called at the first look and whenever the status changed. If it returns a promise, that is awaited; what it throws
   * ends the wait.
   */
  onStatus?: ((signing: Signing) => void) | undefined;
  /** The first pause between two looks; it grows by half each time, with jitter. Default 500. */
  intervalMs?: number | undefined;
  /** The longest pause. Default 10,000. */
  maxIntervalMs?: number | undefined;
}

/**
 * The client of a signing service. All methods return promises, and reject with {@link OcisignError}: beside the
 * codes that each names, `bad-token`; `unauthorized`, `forbidden`, `not-found`, `bad-request`, `rate-limited`,
 * `redirected`, `server-error` by the service's HTTP status; `not-json`, `bad-reply`, `bad-status` for a reply that
 * is none; `network`, `timeout`, `aborted`.
 *
 * A call that only reads is repeated after a passing fault. One that acts is repeated only after a 401 with
 * a new token, or after a 429; never when it is in doubt whether the service took it.
 *
 * @example
 * ```js
 * import { SigningClient } from "ocisign";
 *
 * const client = new SigningClient({
 *   baseUrl: "https://app.laavat.io/acme/api/v1",
 *   token: () => process.env.OCISIGN_TOKEN ?? "",
 * });
 * const request = await client.requestSigning({ productId: product.id, artifact: image });
 * const end = await client.waitForSignature(request.id);
 * if (end.state !== "signed") throw new Error(end.reason);
 * ```
 */
export class SigningClient {
  /**
   * Reads its options; nothing is sent yet.
   *
   * @throws {OcisignError} `bad-url`, `bad-token`, `bad-profile`, `bad-input`.
   */
  constructor(options: ClientOptions);
  /** The profile that it works by, with its defaults. */
  readonly profile: WholeProfile;
  /**
   * All products that the service shows.
   *
   * @example
   * ```js
   * for (const { id, name } of await client.products()) console.log(id, name);
   * ```
   */
  products(options?: CallOptions): Promise<StoredProduct[]>;
  /**
   * One product.
   *
   * @throws {OcisignError} `not-found`.
   * @example
   * ```js
   * const { name, productOperations } = await client.product(product.id);
   * console.log(name, productOperations?.length);
   * ```
   */
  product(id: ProductId, options?: CallOptions): Promise<StoredProduct>;
  /**
   * Creates a product.
   *
   * @param definition what {@link buildProduct} made.
   * @throws {OcisignError} `forbidden`, `bad-request`.
   * @example
   * ```js
   * import { buildProduct } from "ocisign";
   *
   * const definition = buildProduct({
   *   name: "OCI SIGN",
   *   registry: "registry.example",
   *   allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
   * });
   * const { id } = await client.createProduct(definition);
   * console.log(id);
   * ```
   */
  createProduct(definition: ProductDefinition, options?: CallOptions): Promise<StoredProduct>;
  /**
   * Asks for a signature. Reads the product first (kept for a minute) when only its id is given, and checks domain,
   * `enabled` and operation, so that nothing wrong is sent.
   *
   * @throws {OcisignError} as {@link buildSigningRequest}; `bad-reply` when the service took another image.
   * @example
   * ```js
   * const request = await client.requestSigning({
   *   productId: product.id,
   *   artifact: image,
   *   description: "Release 1.2",
   *   metadata: [{ name: "Version", value: "v1.2" }],
   * });
   * console.log(request.id, request.state);
   * ```
   */
  requestSigning(input: SigningRequestInput, options?: CallOptions): Promise<Signing>;
  /**
   * The signing requests that the service shows.
   *
   * @example
   * ```js
   * const waiting = (await client.signings()).filter(({ state }) => state === "waiting");
   * console.log(waiting.length);
   * ```
   */
  signings(filter?: SigningFilter, options?: CallOptions): Promise<Signing[]>;
  /**
   * One signing request.
   *
   * @throws {OcisignError} `not-found`.
   * @example
   * ```js
   * const { state, status } = await client.signing(request.id);
   * console.log(state, status);
   * ```
   */
  signing(id: SigningId, options?: CallOptions): Promise<Signing>;
  /**
   * Approves. With `expect`, the request as it was shown, it is read again first, and not approved when it is
   * not the same any more.
   *
   * @throws {OcisignError} `changed`, naming the fields; `forbidden`; `conflict` when it is decided already.
   * @example
   * ```js
   * const shown = await client.signing(request.id);
   * // What the approver looks at:
   * console.log(shown.name, shown.description, shown.payload);
   * await client.approve(shown.id, { expect: shown, comment: "as announced" });
   * ```
   */
  approve(id: SigningId, options?: ApproveOptions): Promise<Signing>;
  /**
   * Rejects. The comment is required: the requester has to know why.
   *
   * @throws {OcisignError} `forbidden`; `conflict` when it is decided already; `bad-input` without a comment.
   * @example
   * ```js
   * const { reason } = await client.reject(request.id, { comment: "not this build" });
   * console.log(reason);
   * ```
   */
  reject(id: SigningId, options: RejectOptions): Promise<Signing>;
  /**
   * Waits until the request is final, and returns it: `signed`, `rejected` or `failed`. Look at `state`.
   *
   * @throws {OcisignError} `timeout` when it is not final in time; the request goes on, wait again with its id.
   * @example
   * ```js
   * const request = await client.requestSigning({ product, artifact: image });
   * const end = await client.waitForSignature(request.id, {
   *   timeoutMs: 10 * 60_000,
   *   onStatus: ({ state }) => console.log(state),
   * });
   * if (end.state !== "signed") throw new Error(end.reason ?? end.state);
   * ```
   */
  waitForSignature(id: SigningId, options?: WaitOptions): Promise<FinalSigning>;
}
