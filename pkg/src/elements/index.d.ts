/**
 * Custom elements for pages that request, approve, watch and verify signatures. Importing this module registers them;
 * where pages are drawn on a server it does nothing.
 *
 * @example
 * ```ts
 * import init, { SigningClient } from "ocisign";
 * import "ocisign/elements";
 *
 * await init();
 * const element = document.createElement("ocisign-approvals");
 * element.client = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token: () => portal.token() });
 * element.addEventListener("ocisign-open", ({ detail }) => console.log(detail.id));
 * document.body.append(element);
 * ```
 *
 * @module ocisign/elements
 */
import type {
  ImageReference,
  OcisignError,
  OperationId,
  ProductId,
  RegistryOptions,
  Signing,
  SigningClient,
  SigningId,
  Verification,
} from "ocisign";

/** Who is signed in, as the portal knows it. It is for showing and foreseeing; the service decides by the token. */
export interface Identity {
  /** The person's object id, by which one's own requests are known. */
  readonly objectId?: string | undefined;
  /** The person's name. */
  readonly name?: string | undefined;
  /** UUIDs of the person's groups. */
  readonly groups: readonly string[];
}

/** How registries are reached: the same for all, or asked for each image. Return `undefined` for no credentials. */
export type RegistrySource =
  | RegistryOptions
  | ((image: ImageReference) => RegistryOptions | undefined | PromiseLike<RegistryOptions | undefined>);

/** Names for groups, by their UUID in lower case. Without one the UUID is shown. */
export type GroupNames = Readonly<Record<string, string>>;

/** What all elements have. `focus()` leads to the heading, where a person goes on reading. */
declare abstract class OcisignElement extends HTMLElement {
  /** The service. Nothing is read before it is set. */
  client: SigningClient | undefined;
  /** Who is signed in. */
  identity: Identity | undefined;
  /** How registries are reached. Without it: without credentials, at the image's own domain. */
  registry: RegistrySource | undefined;
}

/**
 * `<ocisign-request>`: asks for signatures, of one image or of a list.
 *
 * Events: `ocisign-requested` for each request that the service took, `ocisign-open` when one of them is chosen,
 * `ocisign-error` for each that failed, too.
 */
export class OcisignRequest extends OcisignElement {
  /** The product that is chosen. Attribute `product-id`. */
  productId: ProductId | undefined;
  /** The operation that is chosen. Attribute `operation-id`. */
  operationId: OperationId | undefined;
  /** What stands in the artifact field. Attribute `artifact`. */
  artifact: string;
}

/**
 * Which requests `<ocisign-approvals>` shows: those that the person may decide about (`mine`), that are not final yet
 * (`waiting`), that are signed, that were rejected or failed (`ended`), or all.
 */
export type ApprovalsFilter = "mine" | "waiting" | "signed" | "ended" | "all";

/**
 * What `<ocisign-approvals>` is sorted by; `-` turns the order round. `age` shows the newest first, `state` what waits
 * first; what is not known goes last either way.
 */
export type ApprovalsSort = `${"" | "-"}${"age" | "requester" | "product" | "artifact" | "state"}`;

/**
 * `<ocisign-approvals>`: the queue of signing requests. It reads all of them, page by page, shows the first at once, and
 * follows what changes while the page is visible. A value that is none of the choices counts as the default.
 *
 * Events: `ocisign-open` when a request is chosen, `ocisign-view` when filter, search, sort or page was changed by the
 * person, `ocisign-error`.
 *
 * @example
 * ```ts
 * import { SigningClient } from "ocisign";
 * import "ocisign/elements";
 *
 * const queue = document.createElement("ocisign-approvals");
 * queue.client = new SigningClient({ baseUrl: "https://app.laavat.io/acme/api/v1", token: () => portal.token() });
 * queue.identity = { objectId: "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922", groups: ["f65a3ea9-60db-47a4-9ad8-c6915735ec5f"] };
 * queue.hrefOf = ({ id }) => `#/requests/${encodeURIComponent(id)}`;
 * document.body.append(queue);
 * ```
 */
export class OcisignApprovals extends OcisignElement {
  /** Which requests are shown. Default `mine`. Attribute `filter`. */
  filter: ApprovalsFilter;
  /**
   * Words that a request has to hold, all of them, in its image, digest, requester, product, name, description or id.
   * Attribute `search`.
   */
  search: string;
  /** The order. Default `age`. Attribute `sort`. */
  sort: ApprovalsSort;
  /** The page, from 1; the last one when there are not so many. Attribute `page`. */
  page: number;
  /** So many requests on a page, 500 at most. Default 50. Attribute `page-size`. */
  pageSize: number;
  /** The request that is open elsewhere on the page, to be marked. Attribute `current`. */
  current: SigningId | undefined;
  /** Makes each request a link, to be opened in another tab too. Only http and https become links. */
  hrefOf: ((signing: Signing) => string) | undefined;
}

/**
 * `<ocisign-signing>`: one request, from the decision to the proof.
 *
 * An approval is bound to what is shown: if the request is another one meanwhile, nothing is sent, and what changed is
 * shown. What is typed outlives errors, a client that is replaced and an identity that is unknown for a while; another
 * request or another person finds nothing of it.
 *
 * Events: `ocisign-status` at the first look and whenever the status changed, `ocisign-decided`, `ocisign-verified`
 * once it is signed, `ocisign-error`.
 */
export class OcisignSigning extends OcisignElement {
  /** The request's id. Attribute `signing-id`. */
  signingId: SigningId | undefined;
  /** Names for groups. */
  groupNames: GroupNames | undefined;
}

/**
 * `<ocisign-verify>`: what the registry holds for an image. Calls `init()` when it first needs it, if nobody did. User
 * name and password that somebody types are kept in memory, for the registry that they were typed for; they are
 * forgotten when `identity` becomes another person's.
 *
 * Events: `ocisign-verified`, `ocisign-error`.
 *
 * @example
 * ```ts
 * import "ocisign/elements";
 *
 * const element = document.createElement("ocisign-verify");
 * element.reference = "registry.example/team/app@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
 * element.addEventListener("ocisign-verified", ({ detail }) => console.log(detail.verification.state));
 * document.body.append(element);
 * ```
 */
export class OcisignVerify extends OcisignElement {
  /** What stands in the image field. Attribute `reference`. */
  reference: string;
  /** A public key in PEM, as it stands in the key field. Attribute `public-key`. */
  publicKey: string;
  /** The product whose key is taken; needs `client`. Attribute `product-id`. */
  productId: ProductId | undefined;
  /** Every manifest in an index has to be signed, too. Attribute `recursive`. */
  recursive: boolean;
  /** Signatures that name no repository are refused: those in bundles. Attribute `require-repository`. */
  requireRepository: boolean;
}

/** All visible strings, by element. They are asked for whenever something is drawn. */
export const strings: Readonly<Record<StringsPart, Readonly<Record<string, unknown>>>>;

/** The parts of {@link strings}. */
export type StringsPart = "common" | "text" | "request" | "approvals" | "signing" | "verify";

/**
 * Replaces strings, to translate or to speak as one's house does. What is not named stays as it is.
 *
 * @throws {TypeError} for a string that does not exist, or of another kind.
 * @example
 * ```ts
 * import { setStrings } from "ocisign/elements";
 *
 * setStrings({ common: { copy: "Kopioi" } });
 * ```
 */
export function setStrings(
  replacements: {
    readonly [Part in StringsPart]?: Readonly<Record<string, unknown>>;
  },
): void;

/** What an event tells of a request. */
export interface SigningDetail {
  /** The request, as the service shows it. */
  readonly signing: Signing;
}

/** What `ocisign-open` tells. */
export interface OpenDetail {
  /** The request that was chosen. */
  readonly id: SigningId;
}

/** What `ocisign-decided` tells. */
export interface DecidedDetail extends SigningDetail {
  /** What was decided. */
  readonly decision: "approve" | "reject";
}

/** What `ocisign-verified` tells. */
export interface VerifiedDetail {
  /** What came of it: `state` is not `verified` in every case. */
  readonly verification: Verification;
}

/** What `ocisign-error` tells. */
export interface ErrorDetail {
  /** What went wrong. */
  readonly error: OcisignError;
}

/**
 * The events of the elements, all of which bubble and leave shadow trees.
 *
 * @example
 * ```ts
 * import "ocisign/elements";
 *
 * document.addEventListener("ocisign-verified", ({ detail }) => console.log(detail.verification.state));
 * ```
 */
export interface OcisignEvents {
  /** The service took a request. */
  "ocisign-requested": CustomEvent<SigningDetail>;
  /** A request was chosen. `preventDefault()` keeps the browser from following its link. */
  "ocisign-open": CustomEvent<OpenDetail>;
  /** Filter, search, sort or page was changed. */
  "ocisign-view": CustomEvent<Pick<OcisignApprovals, "filter" | "search" | "sort" | "page">>;
  /** The status was seen for the first time, or changed. */
  "ocisign-status": CustomEvent<SigningDetail>;
  /** The service took a decision. */
  "ocisign-decided": CustomEvent<DecidedDetail>;
  /** A verification ended. */
  "ocisign-verified": CustomEvent<VerifiedDetail>;
  /** Something went wrong; it is shown in the element, too. */
  "ocisign-error": CustomEvent<ErrorDetail>;
}

declare global {
  interface HTMLElementTagNameMap {
    "ocisign-request": OcisignRequest;
    "ocisign-approvals": OcisignApprovals;
    "ocisign-signing": OcisignSigning;
    "ocisign-verify": OcisignVerify;
  }
  interface HTMLElementEventMap extends OcisignEvents {}
  interface DocumentEventMap extends OcisignEvents {}
}
