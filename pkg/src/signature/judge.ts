// Judges the signatures that were found, and writes down what came of each. The steps and their order are in proof/.
import { bytesOf } from "../bytes.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { fieldOf } from "../foreign.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { mostManifestBytes } from "../registry/media-types.ts";
import { Fault } from "../strict/fault.ts";
import type { SignatureCertificate } from "./certificates.ts";
import { type ImageRule, UncountedKey } from "./image-rule.ts";
import { allOf, Turns } from "./in-order.ts";
import type { KeySet } from "./keys.ts";
import type { Hash } from "./proof/algorithms.ts";
import { Candidate, type Untrusted, type Verified } from "./proof/candidate.ts";
import { Attestation, candidatesIn, type Named } from "./proof/manifest.ts";
import { verdict } from "./proof/verdict.ts";
import type { Fingerprint } from "./public-key.ts";
import type { Key } from "./ready-keys.ts";
import { type Identity, withIdentity } from "./signed-as.ts";
import type {
  AttestationReport,
  SignaturePlace,
  SignatureReport,
  Verification,
  VerificationProblem,
  VerificationStep,
} from "./verification.ts";

/** What is checked, in this order. */
const steps: readonly VerificationStep[] = [
  "manifest",
  "blob",
  "certificate",
  "signature",
  "key",
  "content",
  "repository",
];

/** The most signatures that are looked at in one verification, in all places together. */
const mostSignatures = 1000;

/** A manifest that may name signatures. */
export interface FoundManifest {
  readonly from: SignaturePlace;
  readonly bytes: Uint8Array;
  /** What the registry calls it; undefined for one in hand. */
  readonly mediaType?: string;
  /** Does the index that lists it call it something that holds no signatures? */
  readonly isCalledOther?: boolean;
}

/** What signatures have to be about, and where their blobs are. */
export interface Case {
  readonly image: ImageReference;
  /** What they have to name in place of the image's own name. */
  readonly identity?: Identity | undefined;
  readonly requireRepository: boolean;
  readonly blob: (digest: Digest, size: number) => unknown;
  readonly keySet: KeySet;
  /** What people call the place that holds them; a registry if left out. */
  readonly called?: string;
  /** Throws when no more may be spent. */
  readonly checkBudget?: () => void;
}

/** A signature that holds. */
interface Good {
  readonly key: Fingerprint;
  readonly hash: Hash;
  readonly repositoryBound: boolean;
  /** The reference that was signed, where it says more than the image's name. */
  readonly signedAs?: string;
  /** The one that vouches for the key. */
  readonly certificate?: SignatureCertificate;
}

/** The step that a signature did not pass, and why: a fault, or what could not be found out. */
interface Bad {
  readonly stopped: VerificationStep;
  readonly reason: string;
  readonly problem?: VerificationProblem;
}

/** No signature, as its bundle or its manifest says. */
interface Attested {
  readonly predicateType: string | null;
}

/** What came of a signature, in the order in which they were named. */
interface Entry {
  readonly named: Named;
  /** Where it was found; the same one may be found in several places. */
  readonly from: SignaturePlace[];
  signature?: SignatureReport;
  attestation?: AttestationReport;
  problem?: VerificationProblem | undefined;
  /** Was it not looked at, since no more may be spent? */
  isUnread?: boolean;
}

/**
 * Judges signatures as they come, a few at a time, and keeps of each no more than what came of it. What it tells is in
 * the order in which they came, whichever was judged first.
 */
export class Judge {
  #case: Case;
  #entries: Entry[] = [];
  #attestations: AttestationReport[] = [];
  /** Where each signature was found. */
  #places = new Map<unknown, SignaturePlace[]>();
  #turns = new Turns();
  #isWhole = true;

  constructor(about: Case) {
    this.#case = about;
  }

  /** Takes in every signature that a manifest names, at once. The promise is kept when they have been judged. */
  async take(found: FoundManifest): Promise<void> {
    const entries = this.#enter(found);
    await allOf(entries.map((entry) => this.#turns.run(() => this.#judge(entry, found.from !== "given"))));
    if (this.#leaveOut(entries)) this.#case.checkBudget?.();
  }

  /** Notes the signatures that were not met yet. */
  #enter({ from, bytes, mediaType, isCalledOther }: FoundManifest): Entry[] {
    if (bytes.length > mostManifestBytes) throw notBytes("The manifest");
    const isReferrer = from !== "tag" && from !== "given";
    const isCertified = this.#case.keySet.certificates !== undefined;
    const claim = { served: mediaType, isReferrer, isCalledOther, isGiven: from === "given", isCertified };
    const entries: Entry[] = [];
    for (const named of candidatesIn(bytes, claim)) {
      const identity = named instanceof Fault ? named : named.identity;
      const places = this.#places.get(identity);
      if (places) {
        if (!places.includes(from)) places.push(from);
      } else if (this.#places.size === mostSignatures) {
        // What is not looked at might be what matters.
        this.#isWhole = false;
      } else {
        const entry = { named, from: [from] };
        this.#places.set(identity, entry.from);
        entries.push(entry);
      }
    }
    this.#entries.push(...entries);
    return entries;
  }

  /** Notes the attestations of a manifest in which nobody looks for signatures. */
  note(bytes: Uint8Array): void {
    const claim = { isReferrer: true, isCalledOther: true, isGiven: false };
    for (const named of candidatesIn(bytes, claim)) {
      if (!(named instanceof Attestation) || this.#places.has(named.identity)) continue;
      const { predicateType, digest } = named;
      this.#places.set(named.identity, []);
      this.#attestations.push({ predicateType, from: ["attestation-tag"], digest });
    }
  }

  async #judge(entry: Entry, tellsApart: boolean): Promise<void> {
    const { named, from } = entry;
    if (this.#isSpent) {
      entry.isUnread = true;
      return;
    }
    const outcome = await check(named, this.#case, tellsApart);
    if ("predicateType" in outcome) {
      // Only a bundle or an envelope gets here, and each has a digest.
      const { digest } = named as Candidate | Attestation;
      entry.attestation = { predicateType: outcome.predicateType, from, digest };
      return;
    }
    if ("problem" in outcome) entry.problem = outcome.problem;
    entry.signature = reportOf(named, from, outcome, this.#case.keySet);
  }

  /**
   * Leaves out what was not looked at because no more may be spent. The first signature that could not be read for that
   * says so; of each of a thousand it is not said. @returns whether there is any
   */
  #leaveOut(entries: readonly Entry[]): boolean {
    let isSaid = false;
    for (const entry of entries) {
      if (isSaid && entry.problem) entry.isUnread = true;
      else if (entry.problem && this.#isSpent) isSaid = true;
    }
    if (!entries.some(({ isUnread }) => isUnread)) return false;
    this.#entries = this.#entries.filter(({ isUnread }) => !isUnread);
    return true;
  }

  get #isSpent(): boolean {
    try {
      this.#case.checkBudget?.();
      return false;
    } catch {
      return true;
    }
  }

  get #signatures(): SignatureReport[] {
    return this.#entries.flatMap(({ signature }) => signature ?? []);
  }

  /** Have enough different keys signed, whatever else there is? */
  get isVerified(): boolean {
    return !this.#isRevoked && this.#agreed.length >= this.#case.keySet.threshold;
  }

  /** Does a trust file say that the image is never verified? */
  get #isRevoked(): boolean {
    return this.#case.keySet.trust?.isRevoked ?? false;
  }

  /** Was nothing found that is a signature, good or bad? */
  get isUnsigned(): boolean {
    return this.#entries.every(({ signature }) => signature === undefined);
  }

  /** The different keys whose signatures hold. */
  get #agreed(): Fingerprint[] {
    return [...new Set(this.#entries.flatMap(({ signature }) => signature?.key ?? []))];
  }

  /** Why, with the name that signatures had to say, where that is not the image's own. */
  #withIdentity(state: Verification["state"], reason: string): string {
    if (state !== "verified" && state !== "invalid") return reason;
    const good = this.#signatures.filter(({ verified }) => verified);
    const names = good.some(({ repositoryBound }) => repositoryBound) ? "some" : "none";
    return withIdentity(reason, this.#case.identity, good.length > 0 ? names : undefined);
  }

  /** The outcome. @param unread the places that could not be read */
  verdict(unread: readonly VerificationProblem[]): Verification {
    const { image, identity, keySet, called = "registry" } = this.#case;
    const { canonical: reference, digest } = image;
    const { threshold, trust } = keySet;
    const signatures = this.#signatures;
    const attestations = [
      ...this.#entries.flatMap(({ attestation }) => attestation ?? []),
      ...this.#attestations,
    ];
    const found = this.#entries.flatMap(({ problem }) => problem ?? []);
    const problems = [...unread, ...found, ...(this.#isWhole ? [] : [tooMany])];
    const agreed = this.#agreed;
    const state = verdict({
      signatures: signatures.length,
      keys: agreed.length,
      threshold,
      isRevoked: this.#isRevoked,
      imageSeen: !problems.some(({ from }) => from === "image"),
      allSeen: problems.length === 0,
    });
    const { certificates } = keySet;
    const seen = { threshold, signatures, attestations, problems, certificates, called };
    const usual = why(state, { ...seen, agreed: agreed.length });
    const own = trust?.reason(state, { agreed, signatures, usual }) ?? usual;
    const reason = this.#withIdentity(state, own);
    const warnings = keySet.keys.flatMap(({ fingerprint, warning }) =>
      warning ? `${fingerprint}: ${warning}` : [],
    );
    if (certificates && agreed.length > 0) warnings.push(...certificates.warnings);
    const unusual = warnings.length > 0 ? { warnings } : {};
    const what = { reference, digest, threshold, keys: agreed, signatures, attestations };
    const asked = { ...(identity && { identity: identity.told }), ...(trust && { trust: trust.told }) };
    const facts = { ...what, problems, ...unusual, ...asked, reason };
    // A verdict of `verified` has at least one key, which the type of a list does not say.
    return { state, ...facts } as Verification;
  }
}

/** Takes one signature through the steps. */
async function check(candidate: Named, about: Case, tellsApart: boolean): Promise<Good | Bad | Attested> {
  if (candidate instanceof Fault) return { stopped: "manifest", reason: candidate.message };
  if (candidate instanceof Attestation) return candidate;
  const { image, identity, blob, requireRepository, keySet } = about;
  let step: VerificationStep = "blob";
  try {
    const { certificates, trust } = keySet;
    const untrusted = await candidate.open(await fetchBlob(blob, candidate), tellsApart, !!certificates);
    if ("predicateType" in untrusted) return untrusted;
    step = certificates ? "certificate" : "signature";
    const vouched = await certificates?.keyOf(untrusted.certificates);
    const keys = vouched ? certifiedAmong(vouched.key, keySet.keys) : keySet.keys;
    step = "signature";
    const { verified, key } = await firstKey(untrusted, keys, vouched ? notItsKey : noKey, trust);
    step = "content";
    const signedAs = verified.checkAbout(identity?.image ?? image);
    const { hash, repositoryBound } = verified;
    if (repositoryBound || !(requireRepository || trust?.requireRepository)) {
      const certificate = vouched && { certificate: vouched.certificate };
      return {
        key: key.fingerprint,
        hash,
        repositoryBound,
        ...(signedAs !== undefined && { signedAs }),
        ...certificate,
      };
    }
    const asked = "The signature names no repository, and requireRepository asks for one.";
    const reason = requireRepository || !trust ? asked : trust.asksForRepository;
    return { stopped: "repository", reason };
  } catch (error) {
    if (error instanceof UncountedKey) return { stopped: "key", reason: error.message };
    if (error instanceof Fault) return { stopped: step, reason: error.message };
    return unknown(error, step);
  }
}

/** The key of a certificate, which has to be one of those that were given, if any were. */
function certifiedAmong(key: Key, given: readonly Key[]): readonly Key[] {
  if (given.length === 0 || given.some(({ fingerprint }) => fingerprint === key.fingerprint)) return [key];
  throw new Fault("The certificate is of another key than the given ones.");
}

async function firstKey(
  untrusted: Untrusted,
  keys: readonly Key[],
  otherwise: string,
  trust: ImageRule | undefined,
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
  const known = unanswered ?? (await trust?.refusalOf(untrusted));
  throw known ?? (await mistakeIn(untrusted, keys)) ?? fault ?? new Fault(trust?.noKey ?? otherwise);
}

const noKey = "The signature was not made with any of the given keys.";
const notItsKey = "The signature was not made with the key of its certificate.";

/** With a key that is right, and in a way that is not, the signer is set up by mistake: says in which. */
async function mistakeIn(untrusted: Untrusted, keys: readonly Key[]): Promise<Fault | undefined> {
  for (const key of keys) {
    const made = await untrusted.mistakenlyBy(key).catch(noAnswer);
    if (made) {
      return new Fault(
        `The signature does not hold for any of the given keys in a way that counts: it was made with ${made}.`,
      );
    }
  }
  return undefined;
}

/** Without the platform's answer, the reason is only less exact. */
function noAnswer(error: unknown): undefined {
  if (!(error instanceof Fault || error instanceof OcisignError)) throw error;
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
  candidate: Named,
  from: SignaturePlace[],
  outcome: Good | Bad,
  keySet: KeySet,
): SignatureReport {
  const { format, digest } = candidate instanceof Candidate ? candidate : {};
  if (!("stopped" in outcome)) {
    const checked = stepsBefore(outcome.repositoryBound ? undefined : "repository", keySet);
    // Only a candidate gets here, and each has a format and a digest.
    return { verified: true, checked, format, from, blob: digest, ...outcome } as SignatureReport;
  }
  const { stopped, reason, problem } = outcome;
  const checked = stepsBefore(stopped, keySet);
  const failed = problem ? {} : { failed: stopped };
  return { verified: false, checked, ...failed, format: format ?? null, from, blob: digest ?? null, reason };
}

function stepsBefore(
  step: VerificationStep | undefined,
  { certificates, trust }: KeySet,
): readonly VerificationStep[] {
  const before = step ? steps.slice(0, steps.indexOf(step)) : steps;
  return before.filter((it) => (it === "certificate" ? certificates : it === "key" ? trust : true));
}

interface Found {
  readonly agreed: number;
  readonly threshold: number;
  readonly signatures: readonly SignatureReport[];
  readonly attestations: readonly AttestationReport[];
  readonly problems: readonly VerificationProblem[];
  readonly certificates: KeySet["certificates"];
  readonly called: string;
}

function why(
  state: Verification["state"],
  { agreed, threshold, signatures, attestations, problems, certificates, called }: Found,
): string {
  const key = certificates ? "the key of a certificate below a given root" : "the required key";
  const keys = certificates ? "the keys of certificates below the given roots" : "the required keys";
  const required = threshold === 1 ? key : keys;
  if (state === "verified") return `Signed by ${required} (${agreed} of ${threshold}).`;
  if (state === "unsigned") {
    const { length } = attestations;
    const others = length === 1 ? "an attestation, which is" : `${length} attestations, which are`;
    return `The ${called} holds no signature of this image${length > 0 ? `, only ${others} none` : ""}.`;
  }
  if (state === "unreachable") return problems[0]?.message ?? `The ${called} could not be read in full.`;
  if (agreed > 0) return `Signed by only ${agreed} of the ${threshold} required keys.`;
  return signatures.find(({ reason }) => reason)?.reason ?? "No signature is valid.";
}
