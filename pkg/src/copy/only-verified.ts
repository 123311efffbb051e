// With keys, only what they signed is copied. The image is verified by then; of what is beside it, each signature is
// judged by itself. Attestations and other referrers are not verified by anybody here, and stay where they are.
import { toUtf8 } from "../bytes.ts";
import { fail, type UnplacedErrorCode } from "../error.ts";
import type { ImageReference } from "../image/reference.ts";
import { ociImage } from "../registry/media-types.ts";
import { beside } from "../registry/members.ts";
import { type SignatureLayer, signatureLayersIn } from "../signature/attach/simple-signing.ts";
import { Judge } from "../signature/judge.ts";
import type { Demand } from "../signature/verify.ts";
import type { Descriptor } from "../strict/descriptor.ts";
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
  const signed = role === "referrer" && (await signedIn(part, part.bytes, about, demand));
  if (!signed) return { reason: "It is no signature that these keys made." };
  return holdsOnly(part, signed)
    ? { part }
    : { reason: "It holds more than signatures, which nobody signed." };
}

/** The types of configs that manifests of signatures have. */
const configTypes = ["application/vnd.oci.image.config.v1+json", "application/vnd.oci.empty.v1+json"];
/** A config of signatures lists them, a line each. */
const mostConfigBytes = 256 * 1024;

/** The config beside signatures, which says nothing. */
function configBeside({ blobs }: Part, signed: ReadonlySet<string>): Descriptor | undefined {
  const isConfig = ({ mediaType, size }: Descriptor) =>
    configTypes.includes(mediaType) && size <= mostConfigBytes;
  return blobs.find((blob) => !signed.has(blob.digest) && isConfig(blob));
}

/** Does a manifest name signatures and a config, and nothing else? Beside a good signature, anything may stand. */
function holdsOnly(part: Part, signed: ReadonlySet<string>): boolean {
  const config = configBeside(part, signed);
  return part.blobs.every(({ digest }) => signed.has(digest) || digest === config?.digest);
}

/** Of a manifest of signatures, those that hold; the manifest as it is, if all do. */
async function chosenSignatures(part: Part, about: ImageReference, demand: Demand) {
  const { layers, count } = signatureLayersIn(part.bytes, part.mediaType) ?? { layers: [], count: 0 };
  const good: SignatureLayer[] = [];
  for (const layer of layers) {
    const one = toUtf8(JSON.stringify({ schemaVersion: 2, mediaType: ociImage, layers: [layer] }));
    if (await signedIn(part, one, about, demand)) good.push(layer);
  }
  if (good.length === 0) return { reason: "None of its signatures was made with these keys." };
  const signed = new Set<string>(good.map(({ digest }) => digest));
  if (good.length === count && holdsOnly(part, signed)) return { part };
  const described = configBeside(part, new Set(layers.map(({ digest }) => digest)));
  if (!described) return { reason: "Its config is none that signatures have." };
  const manifest = { schemaVersion: 2, mediaType: part.mediaType, config: described, layers: good };
  const bytes = toUtf8(JSON.stringify(manifest));
  const blobs = part.blobs.filter(({ digest }) => signed.has(digest) || digest === described.digest);
  const reason =
    good.length === count
      ? "What it holds beside signatures, nobody signed."
      : `${count - good.length} of its ${count} signatures were not made with these keys.`;
  return { part: { ...part, bytes, blobs, digest: await digestOf(bytes) }, reason };
}

/**
 * The blobs of the signatures that a manifest names, if all of them hold, and there is one.
 *
 * @throws {OcisignError} why one of them could not be read
 */
async function signedIn(
  { from, repository, role, mediaType }: Part,
  bytes: Uint8Array<ArrayBuffer>,
  image: ImageReference,
  { keys, requireRepository, signedAs }: Demand,
): Promise<ReadonlySet<string> | undefined> {
  const judge = new Judge({
    image,
    requireRepository,
    identity: signedAs?.of(image),
    keySet: { ...keys.of(image), threshold: 1 },
    blob: (digest, size) => from.blob(repository, digest, { maxBytes: size, forVerdict: true }),
  });
  await judge.take({ from: role === "referrer" ? "referrers" : "tag", bytes, mediaType });
  const { signatures, attestations, problems } = judge.verdict([]);
  const [problem] = problems;
  // What could not be read may be a good signature. It is not left behind in silence: the same copy goes on later.
  if (problem) throw fail(problem.code as UnplacedErrorCode, problem.message, problem.fix);
  const isSigned =
    attestations.length === 0 && signatures.length > 0 && signatures.every(({ verified }) => verified);
  return isSigned ? new Set(signatures.flatMap(({ blob }) => blob ?? [])) : undefined;
}
