// Judges the signatures that were found, and writes down what came of each. The steps and their order are in proof/.
import { bytesOf } from "../bytes.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { fieldOf } from "../foreign.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { mostManifestBytes } from "../registry/media-types.ts";
import { Fault } from "../strict/fault.ts";
import type { Key, KeySet } from "./keys.ts";
import type { Hash } from "./proof/algorithms.ts";
import { Candidate, type Untrusted, type Verified } from "./proof/candidate.ts";
import { candidatesIn } from "./proof/manifest.ts";
import { verdict } from "./proof/verdict.ts";
import type { Fingerprint } from "./public-key.ts";
import type {
  SignaturePlace,
  SignatureReport,
  Verification,
  VerificationProblem,
  VerificationStep,
} from "./verification.ts";

/** What is checked, in this order. */
const steps: readonly VerificationStep[] = ["manifest", "blob", "signature", "content", "repository"];

/** The most signatures that are looked at in one verification, in all places together. */
const mostSignatures = 1000;

/** A manifest that may name signatures. */
export interface FoundManifest {
  readonly from: SignaturePlace;
  readonly bytes: Uint8Array;
  /** What the registry calls it; undefined for one in hand. */
  readonly mediaType?: string;
}

/** What signatures have to be about, and where their blobs are. */
export interface Case {
  readonly image: ImageReference;
  readonly requireRepository: boolean;
  readonly blob: (digest: Digest, size: number) => unknown;
  readonly keySet: KeySet;
  /** Throws when no more may be spent. */
  readonly checkBudget?: () => void;
}

/** A signature that holds. */
interface Good {
  readonly key: Fingerprint;
  readonly hash: Hash;
  readonly repositoryBound: boolean;
}

/** The step that a signature did not pass, and why: a fault, or what could not be found out. */
interface Bad {
  readonly stopped: VerificationStep;
  readonly reason: string;
  readonly problem?: VerificationProblem;
}

/** Judges signatures as they come, and keeps of each no more than what came of it. */
export class Judge {
  #case: Case;
  #signatures: SignatureReport[] = [];
  #problems: VerificationProblem[] = [];
  /** Where each signature was found; the same one may be found in several places. */
  #places = new Map<unknown, SignaturePlace[]>();
  #isWhole = true;

  constructor(about: Case) {
    this.#case = about;
  }

  /** Judges every signature that a manifest names. */
  async take({ from, bytes: given, mediaType }: FoundManifest): Promise<void> {
    const bytes = bytesOf(given, mostManifestBytes);
    if (!bytes) throw notBytes("The manifest");
    for (const candidate of candidatesIn(bytes, from !== "tag" && from !== "given", mediaType)) {
      const identity = candidate instanceof Candidate ? candidate.identity : candidate;
      const places = this.#places.get(identity);
      if (places && !places.includes(from)) places.push(from);
      if (!places) await this.#judge(candidate, identity, from);
    }
  }

  async #judge(candidate: Candidate | Fault, identity: unknown, from: SignaturePlace): Promise<void> {
    if (this.#places.size === mostSignatures) {
      // What is not looked at might be what matters.
      this.#isWhole = false;
      return;
    }
    this.#case.checkBudget?.();
    const places = [from];
    this.#places.set(identity, places);
    const outcome = await check(candidate, this.#case);
    if ("problem" in outcome && outcome.problem) this.#problems.push(outcome.problem);
    this.#signatures.push(reportOf(candidate, places, outcome));
  }

  /** The outcome. @param unread the places that could not be read */
  verdict(unread: readonly VerificationProblem[]): Verification {
    const { image, keySet } = this.#case;
    const { canonical: reference, digest } = image;
    const { threshold } = keySet;
    const signatures = this.#signatures;
    const problems = [...unread, ...this.#problems, ...(this.#isWhole ? [] : [tooMany])];
    const agreed = [...new Set(signatures.flatMap(({ key }) => key ?? []))];
    const state = verdict({
      signatures: signatures.length,
      keys: agreed.length,
      threshold,
      imageSeen: !problems.some(({ from }) => from === "image"),
      allSeen: problems.length === 0,
    });
    const reason = why(state, agreed.length, threshold, signatures, problems);
    const warnings = keySet.keys.flatMap(({ fingerprint, warning }) =>
      warning ? `${fingerprint}: ${warning}` : [],
    );
    const unusual = warnings.length > 0 ? { warnings } : {};
    const facts = { reference, digest, threshold, keys: agreed, signatures, problems, ...unusual, reason };
    // A verdict of `verified` has at least one key, which the type of a list does not say.
    return { state, ...facts } as Verification;
  }
}

/** Takes one signature through the steps. */
async function check(candidate: Candidate | Fault, about: Case): Promise<Good | Bad> {
  if (candidate instanceof Fault) return { stopped: "manifest", reason: candidate.message };
  const { image, blob, requireRepository, keySet } = about;
  let step: VerificationStep = "blob";
  try {
    const untrusted = await candidate.open(await fetchBlob(blob, candidate));
    step = "signature";
    const { verified, key } = await firstKey(untrusted, keySet.keys);
    step = "content";
    verified.checkAbout(image);
    const { hash, repositoryBound } = verified;
    if (repositoryBound || !requireRepository) return { key: key.fingerprint, hash, repositoryBound };
    const reason = "The signature names no repository, and requireRepository asks for one.";
    return { stopped: "repository", reason };
  } catch (error) {
    if (error instanceof Fault) return { stopped: step, reason: error.message };
    return unknown(error, step);
  }
}

async function firstKey(
  untrusted: Untrusted,
  keys: readonly Key[],
): Promise<{ verified: Verified; key: Key }> {
  let fault: Fault | undefined;
  let unanswered: OcisignErrorOf | undefined;
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

/** The blob, unless it is larger than announced. */
async function fetchBlob(blob: Case["blob"], { digest, size }: Candidate): Promise<Uint8Array<ArrayBuffer>> {
  const given = await blob(digest, size);
  const bytes = bytesOf(given, size);
  if (bytes) return bytes;
  if (Number(fieldOf(given, "byteLength")) > size) {
    throw new Fault("The signature's blob is larger than its manifest says.");
  }
  throw notBytes("What blob() gave");
}

/**
 * A blob that is not there by the registry's own word, or is larger than it may be, makes a signature invalid; whatever
 * else answers says nothing about it; a mistake or a wish of the caller's is no finding.
 */
function unknown(error: unknown, stopped: VerificationStep): Bad {
  const isFinding = error instanceof OcisignError && error.code !== "bad-input" && error.code !== "aborted";
  if (!isFinding) throw error;
  const { code, message, fix } = error;
  if (code === "not-found" || error.cause instanceof Fault) return { stopped, reason: message };
  return { stopped, reason: message, problem: { code, message, fix } };
}

function notBytes(what: string): OcisignErrorOf {
  const fix = "Pass a Uint8Array whose buffer was not handed to other code.";
  return fail("bad-input", `${what} is not bytes, or has too many of them.`, fix);
}

const tooMany: VerificationProblem = {
  code: "bad-reply",
  message: `There are more than ${mostSignatures} signatures; the others were not looked at.`,
  fix: "Remove from the registry what does not belong there.",
};

/** Writes down what came of a signature. */
function reportOf(
  candidate: Candidate | Fault,
  from: SignaturePlace[],
  outcome: Good | Bad,
): SignatureReport {
  const { format, digest } = candidate instanceof Candidate ? candidate : {};
  if (!("stopped" in outcome)) {
    const checked = stepsBefore(outcome.repositoryBound ? undefined : "repository");
    // Only a candidate gets here, and each has a format and a digest.
    return { verified: true, checked, format, from, blob: digest, ...outcome } as SignatureReport;
  }
  const { stopped, reason, problem } = outcome;
  const checked = stepsBefore(stopped);
  const failed = problem ? {} : { failed: stopped };
  return { verified: false, checked, ...failed, format: format ?? null, from, blob: digest ?? null, reason };
}

function stepsBefore(step: VerificationStep | undefined): readonly VerificationStep[] {
  return step ? steps.slice(0, steps.indexOf(step)) : steps;
}

function why(
  state: Verification["state"],
  agreed: number,
  threshold: number,
  signatures: readonly SignatureReport[],
  problems: readonly VerificationProblem[],
): string {
  const required = threshold === 1 ? "the required key" : "the required keys";
  if (state === "verified") return `Signed by ${required} (${agreed} of ${threshold}).`;
  if (state === "unsigned") return "The registry holds no signature of this image.";
  if (state === "unreachable") return problems[0]?.message ?? "The registry could not be read in full.";
  if (agreed > 0) return `Signed by only ${agreed} of the ${threshold} required keys.`;
  return signatures.find(({ reason }) => reason)?.reason ?? "No signature is valid.";
}
