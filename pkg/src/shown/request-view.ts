// What a signing request says, for showing. A service may leave out anything but id and status, and may send any JSON
// where a text is expected: nothing here throws, and what is not understood is kept.

import type { ImageReference, Signing } from "ocisign";
import { artifactOf, type RequestedArtifact } from "ocisign";
import { type Fields, isRecord } from "../foreign.ts";
import { asText } from "./as-text.ts";
import { dateOf } from "./date.ts";
import { type DigestView, digestOf } from "./digest-of.ts";
import { type Extra, extrasOf, liveExtrasOf } from "./extras.ts";
import { type Person, personOf } from "./person.ts";

export type { Person } from "./person.ts";

/** An approval. */
export interface Agreement {
  person: Person;
  /** Those of the person. */
  groups: string[];
  at: Date | undefined;
  comment: string;
}

/** What happened, and when. */
export interface Step {
  /** A status code, or whatever the service sends in its place. */
  status: unknown;
  at: Date | undefined;
  by: Person | undefined;
  comment: string;
}

export interface RequestView {
  /** As the service sent it. */
  signing: Signing;
  artifact: RequestedArtifact;
  /** Of a request for the signature of a digest: what it is of. */
  digest: DigestView | undefined;
  /** The image, where the request names exactly one that can be signed, or where a digest is that of one. */
  image: ImageReference | undefined;
  name: string;
  description: string;
  payloadName: string;
  metadata: { name: string; value: string }[];
  requester: Person | undefined;
  createdAt: Date | undefined;
  /** Groups that have to approve, if the service says so. */
  required: string[] | undefined;
  /** Groups that have not approved, if the service says so. */
  missing: string[] | undefined;
  approvals: Agreement[];
  /** Oldest first. */
  history: Step[];
  reason: string;
  /** Fields that a decision is bound to, and that are not read here by name. */
  readonly extras: readonly Extra[];
  /** The same of what moves by itself: status, approvals and history. */
  readonly liveExtras: readonly Extra[];
}

export function viewOf(signing: Signing): RequestView {
  const { payload, requester, createdAt, requiredGroups, missingGroups, ...sent } = fieldsOf(signing);
  const { name: payloadName, metadata } = fieldsOf(payload);
  const artifact = artifactOf(signing);
  const named = artifact.state === "image" ? artifact.reference : undefined;
  const digest = agreeing(digestOf(signing), named);
  return {
    signing,
    artifact,
    digest,
    image: digest ? digest.image : named,
    name: asText(sent.name),
    description: asText(sent.description),
    payloadName: asText(payloadName),
    metadata: listOf(metadata).filter(isRecord).map(row),
    requester: personOf(requester),
    createdAt: dateOf(createdAt),
    required: textsOf(requiredGroups),
    missing: textsOf(missingGroups),
    approvals: listOf(sent.approvals).map(agreement),
    history: listOf(sent.history).filter(isRecord).map(step),
    reason: asText(sent.reason),
    // A queue reads thousands of requests, and draws none of these.
    get extras() {
      return extrasOf(signing);
    },
    get liveExtras() {
      return liveExtrasOf(signing);
    },
  };
}

/** Of a request that names an image and the digest of something else, nobody can tell what will be signed. */
function agreeing(digest: DigestView | undefined, named: ImageReference | undefined): DigestView | undefined {
  if (!digest || !named || digest.image?.canonical === named.canonical) return digest;
  return { ...digest, image: undefined, format: undefined };
}

/** What is no row is among the extras. */
function row({ name, value }: Fields) {
  return { name: asText(name), value: asText(value) };
}

function agreement(given: unknown): Agreement {
  const { groups, at, comment } = fieldsOf(given);
  return {
    person: personOf(given) ?? { name: "" },
    groups: textsOf(groups) ?? [],
    at: dateOf(at),
    comment: asText(comment),
  };
}

function step(given: unknown): Step {
  const { status, at, by, comment } = fieldsOf(given);
  return { status, at: dateOf(at), by: personOf(by), comment: asText(comment) };
}

/** A value as what its fields are read from; one without fields has none. */
function fieldsOf(given: unknown): Fields {
  return Object(given);
}

/** What stands in the place of a list is among the extras. */
function listOf(given: unknown): unknown[] {
  return Array.isArray(given) ? given : [];
}

function textsOf(given: unknown): string[] | undefined {
  return Array.isArray(given) ? given.map(asText) : undefined;
}
