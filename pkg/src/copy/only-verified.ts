// With keys, only what they signed is copied. The image is verified by then; of what is beside it, each signature is
// judged by itself. Attestations and other referrers are not verified by anybody here, and stay where they are.
import { toUtf8 } from "../bytes.ts";
import type { ImageReference } from "../image/reference.ts";
import { ociImage } from "../registry/media-types.ts";
import { beside } from "../registry/members.ts";
import { type SignatureLayer, signatureLayersIn } from "../signature/attach/simple-signing.ts";
import { Judge } from "../signature/judge.ts";
import type { Demand } from "../signature/verify.ts";
import { digestOf } from "../strict/digest.ts";
import type { CopiedManifest } from "./copied.ts";
import type { Part } from "./parts.ts";

interface Chosen {
  readonly parts: readonly Part[];
  readonly left: readonly CopiedManifest[];
}

/** @param image its name is what signatures have to say */
export async function onlyVerified(
  all: readonly Part[],
  image: ImageReference,
  demand: Demand,
): Promise<Chosen> {
  const parts: Part[] = [];
  const left: CopiedManifest[] = [];
  for (const part of all) {
    const { part: kept, reason } = await chosen(part, image, demand);
    if (kept) parts.push(kept);
    if (reason !== undefined) left.push(leftOut(part, reason));
  }
  return { parts, left };
}

function leftOut({ digest, mediaType, role, tag, subject }: Part, reason: string): CopiedManifest {
  return {
    ...{ digest, mediaType, role, state: "left", reason },
    ...(tag !== undefined && { tag }),
    ...(subject !== undefined && { subject }),
  };
}

async function chosen(
  part: Part,
  image: ImageReference,
  demand: Demand,
): Promise<{ readonly part?: Part; readonly reason?: string }> {
  const { role, subject } = part;
  if (role === "image" || role === "index" || subject === undefined) return { part };
  const about = beside(image, subject);
  if (role === "signatures") return chosenSignatures(part, about, demand);
  if (role === "referrer" && (await holds(part, part.bytes, about, demand))) return { part };
  return { reason: "It is no signature that these keys made." };
}

/** Of a manifest of signatures, those that hold; the manifest as it is, if all do. */
async function chosenSignatures(part: Part, about: ImageReference, demand: Demand) {
  const { layers, count } = signatureLayersIn(part.bytes, part.mediaType) ?? { layers: [], count: 0 };
  const good: SignatureLayer[] = [];
  for (const layer of layers) {
    const one = toUtf8(JSON.stringify({ schemaVersion: 2, mediaType: ociImage, layers: [layer] }));
    if (await holds(part, one, about, demand)) good.push(layer);
  }
  if (good.length === 0) return { reason: "None of its signatures was made with these keys." };
  if (good.length === count) return { part };
  const described = part.blobs.find(({ digest }) => !layers.some((layer) => layer.digest === digest));
  const manifest = { schemaVersion: 2, mediaType: part.mediaType, config: described, layers: good };
  const bytes = toUtf8(JSON.stringify(manifest));
  const digests = new Set([described?.digest, ...good.map(({ digest }) => digest)]);
  const blobs = part.blobs.filter(({ digest }) => digests.has(digest));
  const reason = `${count - good.length} of its ${count} signatures were not made with these keys.`;
  return { part: { ...part, bytes, blobs, digest: await digestOf(bytes) }, reason };
}

/** Do all signatures that a manifest names hold, and is there one? */
async function holds(
  { from, repository, role, mediaType }: Part,
  bytes: Uint8Array<ArrayBuffer>,
  image: ImageReference,
  { keys, requireRepository, signedAs }: Demand,
): Promise<boolean> {
  const judge = new Judge({
    image,
    requireRepository,
    identity: signedAs?.of(image),
    keySet: { ...keys.of(image), threshold: 1 },
    blob: (digest, size) => from.blob(repository, digest, { maxBytes: size }),
  });
  await judge.take({ from: role === "referrer" ? "referrers" : "tag", bytes, mediaType });
  const { signatures, attestations, problems } = judge.verdict([]);
  const isWhole = problems.length === 0 && attestations.length === 0;
  return isWhole && signatures.length > 0 && signatures.every(({ verified }) => verified);
}
