// What is known of the digests that requests ask to sign (see-digest.ts), for views, which are drawn at once.
import type { ImageReference, SignatureFormat, Signing } from "ocisign";
import type { RequestedDigest } from "../digest/form.ts";
import { isRecord } from "../foreign.ts";

/** A digest that a request asks to sign, and what it is of. */
export interface DigestView {
  /** Undefined where nobody can read it here. */
  readonly asked: RequestedDigest | undefined;
  /** What the requester says that it is of; empty when they say nothing. */
  readonly claimed: string;
  /** The image, if this is the digest of its signature's payload. */
  readonly image: ImageReference | undefined;
  /** In which format. */
  readonly format: SignatureFormat | undefined;
}

/** By what the requests say; the oldest go first. */
const known = new Map<string, DigestView>();
const most = 2000;

/** What the digest of a request is of, if it was computed. */
export function digestOf(signing: Signing): DigestView | undefined {
  return known.size === 0 ? undefined : known.get(keyOf(signing));
}

export function remember(signing: Signing, view: DigestView): void {
  known.set(keyOf(signing), view);
  for (const oldest of known.keys()) if (known.size > most) known.delete(oldest);
}

/** All that the answer depends on. */
function keyOf({ payload }: Signing): string {
  const { optionalParameters, metadata } = isRecord(payload) ? payload : {};
  return JSON.stringify([optionalParameters, metadata]);
}
