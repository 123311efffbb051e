// Finds the signatures of an image in its registry and has them judged: by the `.sig` tag, by OCI 1.1
// referrers, and by the referrers fallback tag. A place that cannot be read is a problem, never an absence.
import { bytesOf } from "./bytes.js";
import { contents } from "./content.js";
import { judging } from "./judge.js";
import { keySets } from "./keys.js";
import { checkOptions, openRegistry, referrersTag, signatureTag } from "./options.js";
import { hasDigest } from "./proof/digest.js";
import { Fault } from "./proof/fault.js";
import { referrerDigests } from "./proof/manifest.js";
import { parseStrictly } from "./proof/strict-json.js";

const keyOptions = ["publicKey", "keys", "threshold", "requireRepository"];
const imageOptions = [...keyOptions, "registry", "recursive", "signal", "timeoutMs"];
const bytesOptions = [...keyOptions, "reference", "manifest", "blob"];

/** An index of more images than this is not walked. */
const mostManifests = 200;

/** @param {any} core */
export function verifying(core) {
  const { parseReference, fail } = core;
  const { imageManifest, checked, missing } = contents(core);
  const readKeys = keySets(core);
  const judge = judging(core);

  /** @param {any} reference @param {any} options */
  async function verifyImage(reference, options) {
    const given = checkOptions(options, imageOptions, fail);
    const image = parseReference(reference?.canonical ?? reference);
    const place = openRegistry(core, image, given);
    const { recursive, requireRepository } = given;
    // What is wrong with the keys is said before anything is fetched for them.
    const keySet = await readKeys(given);
    return verifyManifest(
      { image, keySet, recursive, requireRepository, seen: new Set([image.digest]), ...place },
      image,
    );
  }

  /** @param {any} options */
  async function verifySignatures(options) {
    // Everything is read before the first wait, so that nothing that the caller does meanwhile changes it.
    const given = checkOptions(options, bytesOptions, fail);
    const { reference, requireRepository, manifest } = given;
    const manifests = listOf(manifest, "manifest").map((bytes) => ({ from: "given", bytes }));
    const blob = blobSource(given.blob);
    const image = parseReference(reference?.canonical ?? reference);
    const keySet = await readKeys(given);
    return judge({ image, requireRepository, manifests, blob, problems: [] }, keySet);
  }

  /**
   * One manifest: the image itself, or one of an index. With `recursive`, an index and everything in it, each
   * manifest once; the worst state is that of the whole.
   *
   * @param {any} walk @param {any} image @returns {Promise<import("../index.js").Verification>}
   */
  async function verifyManifest(walk, image) {
    const { bytes, manifests, problems } = await find(walk, image);
    const { children, problem } = walk.recursive ? childrenOf(walk, image, bytes) : { children: [] };
    if (problem) problems.push({ from: "image", code: "bad-reply", ...problem });
    const { requireRepository, keySet, client, repository } = walk;
    const blob = (/** @type {string} */ digest, /** @type {number} */ size) =>
      client.blob(repository, digest, { maxBytes: size });
    const own = await judge({ image, requireRepository, manifests, blob, problems }, keySet);
    /** @type {import("../index.js").Verification[]} */
    const verified = [];
    for (const child of children) {
      verified.push(await verifyManifest(walk, child));
    }
    if (verified.length === 0) return own;
    const worst = [own, ...verified].sort((a, b) => severity(b.state) - severity(a.state))[0];
    return { ...own, state: worst.state, reason: `${worst.digest}: ${worst.reason}`, manifests: verified };
  }

  /** Reads every place that can hold a signature. @param {any} walk @param {any} image */
  async function find({ client, repository }, image) {
    /** @type {{ from: string, bytes: Uint8Array }[]} */
    const manifests = [];
    /** @type {{ from: string, code: string, message: string, fix: string }[]} */
    const problems = [];
    const read = async (/** @type {string} */ from, /** @type {() => Promise<any>} */ act) => {
      try {
        return await act();
      } catch (error) {
        const { code, message, fix } = error instanceof Fault ? notSigned(error) : /** @type {any} */ (error);
        // The caller's own abort, and what is wrong with the arguments, is no finding.
        if (!code || code === "aborted" || code === "bad-input" || code === "bad-url") throw error;
        problems.push({ from, code, message, fix });
      }
    };
    const seen = new Set();
    const readReferrers = async (/** @type {string} */ from, /** @type {Uint8Array} */ index) => {
      for (const digest of referrerDigests(index)) {
        if (seen.has(digest)) continue;
        seen.add(digest);
        // Each for itself: one that cannot be read must not hide the others.
        await read(from, async () => {
          const manifest = await client.manifest(repository, digest);
          if (!manifest) throw missing(`The referrer ${digest} is listed, but is not there.`);
          manifests.push({ from, bytes: await checked(manifest.bytes, digest) });
        });
      }
    };

    const bytes = await read("image", async () => (await imageManifest(client, image)).bytes);
    const tag = signatureTag(image.digest);
    await read("tag", async () => {
      const manifest = tag && (await client.manifest(repository, tag));
      if (manifest) manifests.push({ from: "tag", bytes: manifest.bytes });
    });
    await read("referrers", async () => {
      const listed = await client.referrers(repository, image.digest);
      if (listed)
        await readReferrers(
          "referrers",
          new TextEncoder().encode(JSON.stringify({ manifests: listed.manifests })),
        );
    });
    await read("fallback-tag", async () => {
      const index = await client.manifest(repository, referrersTag(image.digest));
      // GitLab answers with the image itself, as if the tag were its digest: that is no index of referrers.
      if (index && !(await hasDigest(index.bytes, image.digest)))
        await readReferrers("fallback-tag", index.bytes);
    });
    return { bytes, manifests, problems };
  }

  /** @param {Fault} fault */
  function notSigned({ message }) {
    const fix = "Do not trust this signature; find out who made it, and sign again.";
    return fail("bad-signature", message, fix);
  }

  /** Finds a blob among bytes in hand. @param {any} blob */
  function blobSource(blob) {
    if (typeof blob === "function") return blob;
    const blobs = listOf(blob, "blob");
    return async (/** @type {string} */ digest) => {
      for (const bytes of blobs) {
        if (await hasDigest(bytes, digest)) return bytes;
      }
      throw missing(`No blob that was given has the digest ${digest}.`);
    };
  }

  /** Bytes or texts, one or several. @param {any} value @param {string} name @returns {Uint8Array<ArrayBuffer>[]} */
  function listOf(value, name) {
    const list = [...(Array.isArray(value) ? value : [value])].map(toBytes);
    if (list.length > 0 && list.every((bytes) => bytes !== undefined)) return list;
    throw fail(
      "bad-input",
      `${name} is neither bytes nor text.`,
      "Pass a Uint8Array or a string, or a list of them.",
    );
  }

  /**
   * The manifests in an index that were not seen yet, as images; none in an image, nor where nothing could be read.
   *
   * @param {any} walk @param {any} image @param {Uint8Array | undefined} bytes
   */
  function childrenOf({ seen }, { registry, repository }, bytes) {
    /** @type {import("../index.js").ImageReference[]} */
    const children = [];
    if (!bytes) return { children };
    try {
      const { manifests } = parseStrictly(bytes, "The image");
      for (const { digest } of Array.isArray(manifests) ? manifests : []) {
        const child = parseReference(`${registry}/${repository}@${digest}`);
        if (seen.has(child.digest)) continue;
        seen.add(child.digest);
        children.push(child);
      }
    } catch {
      const message = `The image ${repository} is neither a manifest nor an index.`;
      return { children: [], problem: { message, fix: "Look at what was pushed there." } };
    }
    // The image itself is seen, too.
    if (seen.size <= mostManifests + 1) return { children };
    const message = `The index names more than ${mostManifests} manifests.`;
    return { children: [], problem: { message, fix: "Verify its manifests one by one." } };
  }

  return { verifyImage, verifySignatures };
}

/** @param {string} state */
function severity(state) {
  return ["verified", "unsigned", "invalid", "unreachable"].indexOf(state);
}

/** A copy, or the UTF-8 form of a text; undefined for anything else. @param {unknown} value */
function toBytes(value) {
  return typeof value === "string"
    ? new TextEncoder().encode(value)
    : bytesOf(value, Number.POSITIVE_INFINITY);
}
