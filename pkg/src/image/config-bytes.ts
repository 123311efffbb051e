// Reads the config of an image, as its manifest names it.
import { checked } from "../registry/content.ts";
import type { ContentSource } from "../registry/source.ts";
import type { Descriptor } from "../strict/descriptor.ts";
import { refuse } from "../strict/fault.ts";

/** The largest config that is read, in bytes: as much as containers/image reads. */
const mostConfigBytes = 4 * 1024 * 1024;

/** The bytes, which have the digest and the size that the manifest names. */
export async function configBytes(
  client: ContentSource,
  repository: string,
  { digest, size }: Descriptor,
): Promise<Uint8Array<ArrayBuffer>> {
  if (size > mostConfigBytes) {
    refuse(`The image's config has ${size} bytes; at most ${mostConfigBytes} are read.`);
  }
  const bytes = await checked(await client.blob(repository, digest, { maxBytes: size }), digest, client);
  if (bytes.length === size) return bytes;
  return refuse(`The image's config has ${bytes.length} bytes, the manifest says ${size}.`);
}
