// Judges the signatures that were found, and writes down what came of each, as `Verification` in pkg/index.d.ts. The
// steps and their order are in proof/.
import { bytesOf } from "./bytes.js";
import { Candidate } from "./proof/candidate.js";
import { Fault } from "./proof/fault.js";
import { candidatesIn, mostManifestBytes } from "./proof/manifest.js";
import { verdict } from "./proof/verdict.js";

/** What is checked, in this order. */
const steps = ["manifest", "blob", "signature", "content", "repository"];
const [manifest, blobStep, signatureStep, content, repository] = steps.keys();

/** The most signatures that are looked at in one verification, wherever they were found. */
const mostSignatures = 1000;

/**
 * @typedef {object} Found
 * @property {any} image
 * @property {boolean} [requireRepository]
 * @property {{ from: string, bytes: Uint8Array }[]} manifests
 * @property {(digest: string, size: number) => any} blob
 * @property {{ from?: string, code: string, message: string, fix: string }[]} problems places that could not be read
 *
 * A signature as it was found, and what is shown of it.
 *
 * @typedef {{ candidate: Candidate | Fault, shown: any }} Entry
 *
 * What came of it: the key under which it holds; or the step that it did not pass, and why: a fault, or what could
 * not be found out.
 *
 * @typedef {{ key?: string, hash?: string, repositoryBound?: boolean, stopped?: number, reason?: string, problem?: any }} Outcome
 */

/** @param {any} core */
export function judging({ OcisignError, fail }) {
  /** @param {Found} found @param {import("./keys.js").KeySet} keySet @returns {Promise<any>} */
  return async function judge(found, { keys, threshold }) {
    const { image, manifests } = found;
    const problems = [...found.problems];
    const { entries, isWhole } = collect(manifests);
    for (const { candidate, shown } of entries) {
      const outcome = await check(candidate, found, keys);
      if (outcome.problem) problems.push(outcome.problem);
      conclude(shown, outcome);
    }
    // What was not looked at might be what matters.
    if (!isWhole) problems.push({ ...tooMany });
    const signatures = entries.map(({ shown }) => shown);
    const agreed = [...new Set(signatures.filter(({ key }) => key).map(({ key }) => key))];
    const state = verdict({
      signatures: signatures.length,
      keys: agreed.length,
      threshold,
      imageSeen: !problems.some(({ from }) => from === "image"),
      allSeen: problems.length === 0,
    });
    const reason = why(state, agreed.length, threshold, signatures, problems);
    const { canonical: reference, digest } = image;
    return { state, reference, digest, threshold, keys: agreed, signatures, problems, reason };
  };

  /** What the manifests name, the same signature once. @param {{ from: string, bytes: Uint8Array }[]} manifests */
  function collect(manifests) {
    /** @type {Map<unknown, Entry>} */
    const known = new Map();
    let isWhole = true;
    for (const { from, bytes: given } of manifests) {
      const bytes = bytesOf(given, mostManifestBytes);
      if (!bytes) throw notBytes("The manifest");
      for (const candidate of candidatesIn(bytes, from !== "tag" && from !== "given")) {
        const isNamed = candidate instanceof Candidate;
        const identity = isNamed ? candidate.identity : candidate;
        const same = known.get(identity);
        if (same?.shown.from.includes(from)) continue;
        if (same) same.shown.from.push(from);
        else if (known.size === mostSignatures) isWhole = false;
        else known.set(identity, { candidate, shown: unchecked(candidate, from) });
      }
    }
    return { entries: [...known.values()], isWhole };
  }

  /**
   * Takes one signature through the steps.
   *
   * @param {Candidate | Fault} candidate @param {Found} found @param {import("./keys.js").Key[]} keys
   * @returns {Promise<Outcome>}
   */
  async function check(candidate, { image, blob, requireRepository }, keys) {
    if (candidate instanceof Fault) return { stopped: manifest, reason: candidate.message };
    let step = blobStep;
    try {
      const untrusted = await candidate.open(await fetchBlob(blob, candidate));
      step = signatureStep;
      const { verified, key } = await firstKey(untrusted, keys);
      step = content;
      verified.checkAbout(image);
      const { hash, repositoryBound } = verified;
      if (repositoryBound || !requireRepository) return { key: key.fingerprint, hash, repositoryBound };
      const reason = "The signature names no repository, and requireRepository asks for one.";
      return { stopped: repository, reason };
    } catch (error) {
      if (error instanceof Fault) return { stopped: step, reason: error.message };
      return unknown(error, step);
    }
  }

  /** @param {Awaited<ReturnType<Candidate["open"]>>} untrusted @param {import("./keys.js").Key[]} keys */
  async function firstKey(untrusted, keys) {
    /** @type {unknown} */
    let fault;
    /** @type {unknown} */
    let unanswered;
    for (const key of keys) {
      try {
        const verified = await untrusted.verifiedBy(key);
        if (verified) return { verified, key };
      } catch (error) {
        if (error instanceof Fault) fault = error;
        else if (error instanceof OcisignError) unanswered = error;
        else throw error;
      }
    }
    throw unanswered ?? fault ?? new Fault("The signature was not made with any of the given keys.");
  }

  /** The blob, unless it is larger than announced. @param {Found["blob"]} blob @param {Candidate} candidate */
  async function fetchBlob(blob, { digest, size }) {
    const given = await blob(digest, size);
    const bytes = bytesOf(given, size);
    if (bytes) return bytes;
    if (given?.byteLength > size) throw new Fault("The signature's blob is larger than its manifest says.");
    throw notBytes("What blob() gave");
  }

  /**
   * A blob that is not there, or is not what was announced, makes a signature invalid; a registry that does not answer
   * says nothing about it; a mistake or a wish of the caller's is no finding.
   *
   * @param {any} error @param {number} stopped
   */
  function unknown(error, stopped) {
    const isFinding = error instanceof OcisignError && error.code !== "bad-input" && error.code !== "aborted";
    if (!isFinding) throw error;
    const { code, message, fix } = error;
    if (code === "not-found" || code === "bad-reply") return { stopped, reason: message };
    return { stopped, problem: { code, message, fix }, reason: message };
  }

  /** @param {string} what */
  function notBytes(what) {
    const fix = "Pass a Uint8Array whose buffer was not handed to somebody else.";
    return fail("bad-input", `${what} is not bytes, or has too many of them.`, fix);
  }
}

const tooMany = {
  code: "bad-reply",
  message: `There are more than ${mostSignatures} signatures; the others were not looked at.`,
  fix: "Remove from the registry what does not belong there.",
};

/** @param {Candidate | Fault} candidate @param {string} from */
function unchecked(candidate, from) {
  const { format, digest } = candidate instanceof Candidate ? candidate : {};
  return { verified: false, checked: [], format: format ?? null, from: [from], blob: digest ?? null };
}

/** Writes down what came of a signature. @param {any} shown @param {Outcome} outcome */
function conclude(shown, { stopped, reason, problem, key, hash, repositoryBound }) {
  shown.checked = steps.slice(0, stopped ?? (repositoryBound ? steps.length : repository));
  if (key) Object.assign(shown, { verified: true, key, hash, repositoryBound });
  if (stopped !== undefined && !problem) shown.failed = steps[stopped];
  if (reason !== undefined) shown.reason = reason;
}

/** @param {string} state @param {number} agreed @param {number} threshold @param {any[]} signatures @param {any[]} problems @returns {string} */
function why(state, agreed, threshold, signatures, problems) {
  if (state === "verified") return `${agreed} of ${threshold} needed keys signed exactly this image.`;
  if (state === "unsigned") return "The registry holds no signature of this image.";
  if (state === "unreachable") return problems[0].message;
  if (agreed > 0) return `Only ${agreed} of ${threshold} needed keys signed this image.`;
  return signatures.find(({ reason }) => reason)?.reason ?? "No signature holds.";
}
