// What differs between deployments, as data. Read and completed by the module (src/profile.rs).
import { readProfile } from "../core.ts";
import { isRecord } from "../foreign.ts";
import type { KeyType } from "../signature/public-key.ts";
import { plainCopy } from "./json.ts";
import type { KnownState } from "./status.ts";

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
  /** What people call groups and people, by their ids. Ids compare without case. */
  names?: Names | undefined;
  /** Public keys that are pinned, by the id of a product or of an operation. Ids compare without case. */
  keys?: PinnedKeys | undefined;
}

/** What people call groups and people. */
export interface Names {
  readonly groups?: Readonly<Record<string, string>> | undefined;
  readonly people?: Readonly<Record<string, string>> | undefined;
}

/** Pinned public keys: each PEM, or base64 of a DER SubjectPublicKeyInfo. An operation's key precedes its product's. */
export interface PinnedKeys {
  readonly products?: Readonly<Record<string, string>> | undefined;
  readonly operations?: Readonly<Record<string, string>> | undefined;
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

/** Completes a profile. What the module does not apply is kept beside what it read. */
export function wholeProfile(given: Profile | undefined): WholeProfile {
  const whole = readProfile(given);
  if (!isRecord(given)) return whole;
  const { names, keys } = plainCopy(given, "Reading the profile") as Profile;
  return { ...whole, names, keys };
}
