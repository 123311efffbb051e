// A signature that is there already is of no use without its blobs, which a registry may have lost.
import { OcisignError } from "../../error.ts";
import { isNoBlob } from "../../registry/content.ts";
import type { OpenRegistry } from "../../registry/open.ts";
import { digestOf, hasDigest } from "../../strict/digest.ts";

/** Pushes those that are not there, or not whole. @returns whether all of them were there */
export async function keepBlobs(
  place: OpenRegistry,
  blobs: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  let wereThere = true;
  for (const blob of blobs) {
    if (await isKept(place, blob)) continue;
    wereThere = false;
    await place.client.pushBlob(place.repository, blob);
  }
  return wereThere;
}

async function isKept({ client, repository }: OpenRegistry, blob: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const digest = await digestOf(blob);
  try {
    return await hasDigest(await client.blob(repository, digest, { maxBytes: blob.length }), digest);
  } catch (error) {
    if (error instanceof OcisignError && isNoBlob(error)) return false;
    throw error;
  }
}
