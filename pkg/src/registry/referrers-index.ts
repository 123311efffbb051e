// An index of referrers (OCI distribution spec, § Listing Referrers), as the referrers API and the fallback tag give it.
// What is no such index is a fault: it is never taken for an empty one.
import { type Fields, isText } from "../foreign.ts";
import { refuse } from "../strict/fault.ts";
import { listAt, objectAt, optionalTextAt, textAt } from "../strict/fields.ts";
import { manifestAt } from "../strict/manifest.ts";
import { looksLikeDigest } from "./address.ts";
import { ociIndex } from "./media-types.ts";

/** A descriptor as the registry shows it; fields that are not named here are kept. */
export interface ListedDescriptor extends Fields {
  readonly mediaType: string;
  readonly digest: string;
  readonly artifactType?: string;
}

/** More referrers of one image than this are a mistake or an attack. */
export const mostReferrers = 1000;

const place = "the index of referrers";

/** What an index lists. */
export function referrersIn(bytes: Uint8Array): readonly ListedDescriptor[] {
  const index = manifestAt(bytes, "The index of referrers", place, ociIndex);
  if (index.schemaVersion !== 2) refuse("The index of referrers is not of schema version 2.");
  const list = listAt(index.manifests, `${place}.manifests`);
  checkCount(list.length);
  return list.map((value, at) => listedAt(value, `${place}.manifests[${at}]`));
}

/** Refuses more than are looked at. */
export function checkCount(count: number): void {
  if (count > mostReferrers) refuse(`The index names ${count} referrers; at most ${mostReferrers} are read.`);
}

function listedAt(value: unknown, at: string): ListedDescriptor {
  const fields = objectAt(value, at);
  textAt(fields.mediaType, `${at}.mediaType`);
  optionalTextAt(fields.artifactType, `${at}.artifactType`);
  return isListed(fields) ? fields : refuse(`${at}.digest is not a digest.`);
}

function isListed(fields: Fields): fields is ListedDescriptor {
  return isText(fields.digest) && looksLikeDigest(fields.digest);
}
