// Says what an image is, by its own manifest and config, so that it can be seen before anything is signed.
import { contents } from "./content.js";
import { subtleCrypto } from "./cryptography.js";
import { readConfig, readManifest } from "./image-manifest.js";
import { checkOptions, openRegistry } from "./options.js";
import { isUnknown } from "./platform.js";
import { Fault, refuse } from "./proof/fault.js";

/** @typedef {import("./image-manifest.js").Descriptor} Descriptor */

/** The largest config that is read, in bytes: as much as containers/image reads. */
const mostConfigBytes = 4 * 1024 * 1024;

/** @param {any} core */
export function describing(core) {
  const { parseReference, fail } = core;
  const { imageManifest, checked } = contents(core);

  /** @param {any} reference @param {any} options */
  async function describeImage(reference, options = {}) {
    const given = checkOptions(options, ["registry", "signal", "timeoutMs"], fail);
    const image = parseReference(reference?.canonical ?? reference);
    const { client } = openRegistry(core, image, given);
    // What cannot be checked is not fetched.
    subtleCrypto(fail);
    try {
      return await describe(client, image);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw fail("bad-reply", `${image.canonical}: ${error.message}`, "Look at what was pushed there.");
    }
  }

  /** @param {any} client @param {import("../index.js").ImageReference} image */
  async function describe(client, image) {
    const { canonical: reference, digest, repository } = image;
    const { bytes, mediaType } = await imageManifest(client, image);
    const manifest = readManifest(bytes, mediaType);
    const { isIndex, artifactType, annotations } = manifest;
    const facts = { reference, digest, mediaType, artifactType, annotations, isIndex };
    if (isIndex) return present({ ...facts, ...inIndex(manifest.entries) });
    const { created, platform } = await configOf(client, repository, manifest.config);
    const platforms = platform ? [{ ...platform, digest, mediaType }] : [];
    return present({ ...facts, sizeBytes: manifest.size, created, platforms, attestations: 0, others: 0 });
  }

  /**
   * What the image's config says; nothing of what is no image and has none.
   *
   * @param {any} client @param {string} repository @param {Descriptor | undefined} config
   * @returns {Promise<Partial<ReturnType<typeof readConfig>>>}
   */
  async function configOf(client, repository, config) {
    if (!config) return {};
    const { digest, size } = config;
    if (size > mostConfigBytes) {
      refuse(`The image's config has ${size} bytes; at most ${mostConfigBytes} are read.`);
    }
    const bytes = await checked(await client.blob(repository, digest, { maxBytes: size }), digest);
    if (bytes.length === size) return readConfig(bytes);
    return refuse(`The image's config has ${bytes.length} bytes, the manifest says ${size}.`);
  }

  return { describeImage };
}

/** The platforms of an index, and how many manifests there are beside them. @param {import("./image-manifest.js").Entry[]} entries */
function inIndex(entries) {
  const platforms = entries.flatMap(({ platform, digest, mediaType }) =>
    platform && !isUnknown(platform) ? [{ ...platform, digest, mediaType }] : [],
  );
  const attestations = entries.filter(({ isAttestation }) => isAttestation).length;
  return { platforms, attestations, others: entries.length - platforms.length - attestations };
}

/** Without the fields that have no value. @param {object} fields */
function present(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
