// What a registry holds under a digest: exactly that, or an error.
import { fail, type OcisignErrorOf } from "../error.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import type { TaggedImage } from "../image/tagged.ts";
import { digestOf, hasDigest } from "../strict/digest.ts";
import { Fault, quoted, refuse } from "../strict/fault.ts";
import type { ContentSource } from "./source.ts";
import type { Witness } from "./witness.ts";

/** The image's own manifest. @param witness notes that its repository has shown itself */
export async function imageManifest(
  client: ContentSource,
  { registry, repository, digest }: ImageReference,
  witness?: Witness,
) {
  const manifest = await client.manifest(repository, digest, witness && { witness });
  if (!manifest) {
    const message = `The ${nameOf(client, registry)} does not hold the image ${digest}.`;
    throw missing(message, client.adviceWhenMissing);
  }
  return { bytes: await checked(manifest.bytes, digest, client), mediaType: manifest.mediaType };
}

/** The same, unless it is something else than an index calls it. @param called by the index; undefined by none */
export async function calledManifest(
  source: ContentSource,
  image: ImageReference,
  called: string | undefined,
  witness?: Witness,
) {
  const manifest = await imageManifest(source, image, witness);
  const { mediaType } = manifest;
  if (called === undefined || called.toLowerCase() === mediaType) return manifest;
  return refuse(
    `The index calls the image ${quoted(called)}, and the ${source.called} ${quoted(mediaType)}.`,
  );
}

/** What a tag names now. The digest is of the bytes that came: no header says it. */
export async function taggedManifest(client: ContentSource, { registry, repository, tag }: TaggedImage) {
  const manifest = await client.manifest(repository, tag);
  if (!manifest) throw missing(`The ${nameOf(client, registry)} has no tag ${tag} in ${repository}.`);
  return { ...manifest, digest: await digestOf(manifest.bytes) };
}

function nameOf({ called }: ContentSource, registry: string): string {
  return called === "registry" ? `registry ${registry}` : called;
}

/** The bytes, if they are what the digest names. */
export async function checked(
  bytes: Uint8Array<ArrayBuffer>,
  digest: Digest,
  { called }: Pick<ContentSource, "called"> = { called: "registry" },
): Promise<Uint8Array<ArrayBuffer>> {
  if (await hasDigest(bytes, digest)) return bytes;
  if (called !== "registry") throw damaged(called, digest);
  const message = `The registry sent something else than ${digest}.`;
  throw fail("bad-reply", message, "Check what stands between you and the registry.");
}

/** A file holds something else than its name says. */
export function damaged(called: string, digest: string) {
  const message = `The ${called} holds something else under the digest ${digest}.`;
  return fail("bad-reply", message, "Make it anew from where it came from, and find out who changed it.");
}

export function missing(message: string, fix = "Check the reference and the credentials.") {
  return fail("not-found", message, fix);
}

/** A blob that is not there by the registry's own word, or is larger than it may be. Whatever else answers says nothing. */
export function isNoBlob({ code, cause }: OcisignErrorOf): boolean {
  return code === "not-found" || cause instanceof Fault;
}
