// A signing request, as the service shows it.
import type { OcisignErrorOf } from "../error.ts";
import type { OperationId, ProductId, SigningId } from "./ids.ts";
import type { NamedValue } from "./product.ts";
import type { ArtifactParameter } from "./request.ts";
import type { SigningState, SigningStatus, StatusOf } from "./status.ts";

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
  /** Of a digest that was signed ({@link requestDigestSigning}): what {@link attachSignature} takes. */
  readonly signature?: string;
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

/** What {@link SigningClient.requestSigning} returns. */
export type RequestedSigning = Signing & {
  /**
   * Why nothing here could check the product: the service does not show it to this person (403). The field is not
   * enumerable: it is no part of the reply.
   */
  readonly unchecked?: OcisignErrorOf<"forbidden">;
};

/** A {@link Signing} in one of these states. */
export type SigningIn<State extends SigningState> = Extract<Signing, StatusOf<State, boolean>>;

/** A {@link Signing} that will not change any more. */
export type FinalSigning = SigningIn<"signed" | "rejected" | "failed">;
