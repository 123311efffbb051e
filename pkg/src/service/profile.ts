// What differs between deployments, as data. docs/profile.md describes the language.
import type { KeyType } from "../signature/public-key.ts";
import type { KnownState } from "./status.ts";

/** The things that a client does, each with a route of its own in a {@link Profile}. */
export type RouteName = ReadingRouteName | ActingRouteName;

/** The things that only read. */
export type ReadingRouteName = "products" | "product" | "signings" | "signing";

/** The things that change something: they are never sent again when it is in doubt whether the service took them. */
export type ActingRouteName = "createProduct" | "requestSigning" | DecidingRouteName;

/** The things that end a request, or bring it further. There is no `withdraw` by default. */
export type DecidingRouteName = "approve" | "reject" | "withdraw";

/** The methods of what acts. */
export type ActingMethod = "POST" | "PUT" | "PATCH";

/** A route that reads. */
export interface ReadingRoute {
  /** Always `GET`. */
  method?: "GET" | undefined;
  /** Below the base URL; `{id}` stands for the percent-encoded id. */
  path?: string | undefined;
  /** Parameters that are always sent, by their names: constants, or `{id}` as a whole value. */
  query?: Readonly<Record<string, string>> | undefined;
}

/** A route that acts. */
export interface ActingRoute extends Omit<ReadingRoute, "method"> {
  /** Default `POST`. */
  method?: ActingMethod | undefined;
  /**
   * What is sent: constants, and placeholders as whole values of fields. A field without a value is left out. A decision
   * has `{id}`, `{comment}` and `{expect}`: the parts of the request that the approver saw. A new request or product has
   * `{body}`: all that the reference posts.
   */
  body?: BodyTemplate | undefined;
}

/** The body of a call, with placeholders. */
export interface BodyTemplate {
  /** A constant, a placeholder, or an object of these. */
  readonly [field: string]: unknown;
}

/** How replies about one thing differ. Paths are names joined by dots. */
export interface ReplyForm<Field extends string> {
  /** Where the thing stands in a reply about it alone. */
  envelope?: string | undefined;
  /** Where its fields stand in it, by our names; also in the elements of a list. */
  fields?: { readonly [Name in Field]?: string | undefined } | undefined;
}

/** How requests for signatures of digests differ: those that a `DigestSigning` operation signs. */
export interface DigestForm {
  /** Where such a request is posted. Default: where requests for images are. Its body has `{body}`. */
  route?: string | ActingRoute | undefined;
  /** How the one element of `optionalParameters` names its fields. */
  names?:
    | {
        /** The digest. Default `digest`. */
        readonly digest?: string | undefined;
        /** The hash that made it; `null`: it is not said. Default `hashAlgorithm`. */
        readonly hashAlgorithm?: string | null | undefined;
      }
    | undefined;
  /** How the digest is written. Default `base64`. */
  encoding?: "base64" | "hex" | undefined;
  /** What the hashes are called. Default `SHA256`, `SHA384` and `SHA512`. */
  hashes?:
    | {
        /** 32 bytes. */
        readonly sha256?: string | undefined;
        /** 48 bytes. */
        readonly sha384?: string | undefined;
        /** 64 bytes. */
        readonly sha512?: string | undefined;
      }
    | undefined;
}

/** How a list differs. */
export interface ListForm {
  /** Where the elements stand: names joined by dots. Otherwise the reply is the list. */
  items?: string | undefined;
  /** How one asks for more. */
  paging?: Paging | undefined;
}

/** How one asks for more of a list: by exactly one of `offset`, `page`, `next` and `header`. */
export interface Paging {
  /** The parameter for the number of elements, if there is one. */
  limit?: string | undefined;
  /** The parameter for how many elements to leave out. */
  offset?: string | undefined;
  /** The parameter for the number of the page. */
  page?: string | undefined;
  /** The number of the first page. Default 1. */
  first?: 0 | 1 | undefined;
  /** Where the reply holds the URL or path of the next page, `null` in the last one: names joined by dots. */
  next?: string | undefined;
  /** The header that names the next page with `rel="next"` (RFC 8288). */
  header?: "Link" | undefined;
}

/**
 * What differs between deployments, as data. What is left out stays as it is by default. A local sandbox
 * serves its own at `GET {baseUrl}/ocisign-profile`. docs/profile.md describes the language, and
 * `ocisign/profile.schema.json` is its JSON Schema.
 *
 * @example
 * ```ts
 * import { decodeStatus, type Profile } from "ocisign";
 *
 * const profile: Profile = {
 *   routes: { approve: { method: "PUT", path: "requests/{id}/decision", body: { verdict: "yes", note: "{comment}" } } },
 *   statuses: { "2": "waiting", "32": "rejected" },
 *   replies: { signing: { envelope: "data.request", fields: { id: "requestId" } } },
 *   lists: { signings: { items: "data.items", paging: { limit: "pageSize", next: "links.next" } } },
 *   publicKeyPath: "tokenInfo[].publicKey",
 * };
 * console.log(decodeStatus(32, profile).state); // rejected
 * ```
 */
export interface Profile {
  /** The schema by which an editor helps, such as `./node_modules/ocisign/profile.schema.json`. */
  $schema?: string | undefined;
  /** Paths below the base URL, each alone or with method, query and body. */
  routes?:
    | ({ readonly [Name in ReadingRouteName]?: string | ReadingRoute | undefined } & {
        readonly [Name in Exclude<ActingRouteName, "withdraw">]?: string | ActingRoute | undefined;
      } & {
        /** How requesters take their requests back. There is none by default, so that it needs its path. */
        readonly withdraw?: string | WholeRoute<ActingRoute> | undefined;
      })
    | undefined;
  /** What the status codes mean, by the code in decimal. Only 16, `signed`, is known by default. */
  statuses?: Readonly<Record<string, KnownState>> | undefined;
  /** Where a thing stands in a reply, and where its fields stand in it. */
  replies?:
    | {
        /** A signing request. */
        readonly signing?: ReplyForm<SigningField> | undefined;
        /** A product. */
        readonly product?: ReplyForm<ProductField> | undefined;
      }
    | undefined;
  /** Where the elements of a list stand, and how one asks for more. */
  lists?:
    | {
        /** The signing requests. */
        readonly signings?: ListForm | undefined;
        /** The products. */
        readonly products?: ListForm | undefined;
      }
    | undefined;
  /** How digests are requested; where the signature stands, `replies.signing.fields.signature` says. */
  digests?: DigestForm | undefined;
  /**
   * Where a product shows its public key: keys joined by dots, `[]` after a key for each element; in
   * `productOperations[]` only the chosen operation counts. `null`: nowhere. Default:
   * `productOperations[].token.publicKey`.
   */
  publicKeyPath?: string | null | undefined;
  /** How the service writes key types, by our name for them. */
  keyTypes?: { readonly [Type in KeyType]?: string } | undefined;
  /** What people call groups and people, by their ids. Ids compare without case. */
  names?: Names | undefined;
  /** Public keys that are pinned, by the id of a product or of an operation. Ids compare without case. */
  keys?: PinnedKeys | undefined;
}

/** The fields of a signing request that a {@link Profile} may find elsewhere. */
export type SigningField =
  | "id"
  | "status"
  | "createdAt"
  | "updatedAt"
  | "requester"
  | "requiredGroups"
  | "requiredApprovals"
  | "expiresAt"
  | "approvals"
  | "missingGroups"
  | "history"
  | "reason"
  | "signature"
  | "name"
  | "idProductOperation"
  | "description"
  | "payload"
  | "productId";

/** The fields of a product that a {@link Profile} may find elsewhere. */
export type ProductField =
  | "id"
  | "name"
  | "description"
  | "productType"
  | "enabled"
  | "state"
  | "caInfo"
  | "rndKeys"
  | "productOperations"
  | "productConfigItems";

/** What people call groups and people. */
export interface Names {
  /** By the group's UUID. */
  readonly groups?: Readonly<Record<string, string>> | undefined;
  /** By the person's object id. */
  readonly people?: Readonly<Record<string, string>> | undefined;
}

/** Pinned public keys: each PEM, or base64 of a DER SubjectPublicKeyInfo. An operation's key precedes its product's. */
export interface PinnedKeys {
  /** By the product's id. */
  readonly products?: Readonly<Record<string, string>> | undefined;
  /** By the operation's id. */
  readonly operations?: Readonly<Record<string, string>> | undefined;
}

/** A route with its path. */
export type WholeRoute<Route> = Route & {
  /** Below the base URL; `{id}` stands for the percent-encoded id. */
  path: string;
};

/** A {@link Profile} with its defaults, as a client works by it. */
export interface WholeProfile extends Profile {
  /** Paths below the base URL, each alone or with method, query and body. */
  routes: { readonly [Name in ReadingRouteName]: string | WholeRoute<ReadingRoute> } & {
    readonly [Name in Exclude<ActingRouteName, "withdraw">]: string | WholeRoute<ActingRoute>;
  } & {
    /** How requesters take their requests back, where the service has that. */
    readonly withdraw?: string | WholeRoute<ActingRoute> | undefined;
  };
  /** What the status codes mean, by the code in decimal. */
  statuses: Readonly<Record<string, KnownState>>;
  /** Where a product shows its public key; empty: nowhere. */
  publicKeyPath: string;
  /** How key types are written, where it is not as we name them. */
  keyTypes: { readonly [Type in KeyType]?: string };
}

/** What the module reads of a profile, completed. */
export interface CompletedProfile extends Pick<WholeProfile, "statuses" | "publicKeyPath" | "keyTypes"> {
  /** The paths alone. */
  readonly routes: { readonly [Name in Exclude<RouteName, "withdraw">]: string };
}
