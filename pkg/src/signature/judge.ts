// Judges the signatures that were found, and writes down what came of each. The steps and their order are in proof/.
import { bytesOf } from "../bytes.ts";
import { fail, OcisignError, type OcisignErrorOf } from "../error.ts";
import { fieldOf } from "../foreign.ts";
import type { Digest, ImageReference } from "../image/reference.ts";
import { isNoBlob } from "../registry/content.ts";
import { mostManifestBytes } from "../registry/media-types.ts";
import { Fault, refuse } from "../strict/fault.ts";
import type { SignatureCertificate } from "./certificates.ts";
import { problemOf } from "./find.ts";
import { type ImageRule, UncountedKey } from "./image-rule.ts";
import { allOf, Turns } from "./in-order.ts";
import type { KeySet } from "./keys.ts";
import type { Hash } from "./proof/algorithms.ts";
import { Attestation } from "./proof/attestation.ts";
import { type Attested, Candidate, type Untrusted, type Verified } from "./proof/candidate.ts";
import { candidatesIn, type Named } from "./proof/manifest.ts";
import { verdict } from "./proof/verdict.ts";
import type { Fingerprint } from "./public-key.ts";
import type { Key } from "./ready-keys.ts";
import { type AttestationDemand, requiredAmong } from "./required.ts";
import { type Identity, withIdentity } from "./signed-as.ts";
import type {
  AttestationPlace,
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
  /** What is asked of attestations; they are only listed if left out. */
  readonly attested?: AttestationDemand | undefined;
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

/** What came of a signature, in the order in which they were named. */
interface Entry {
  readonly named: Named;
  /** Where it was found; the same one may be found in several places. */
  readonly from: AttestationPlace[];
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
  #checkBudget: () => void;
  #entries: Entry[] = [];
  /** What could not be read of attestations, which says nothing of signatures; some of it several times. */
  #aside: VerificationProblem[] = [];
  /** Where each signature and attestation was found. */
  #places = new Map<unknown, AttestationPlace[]>();
  #turns = new Turns();
  #isWhole = true;

  constructor(about: Case) {
    this.#case = about;
    this.#checkBudget = about.checkBudget ?? (() => {});
  }

  /** Takes in every signature that a manifest names, at once. The promise is kept when they have been judged. */
  async take(found: FoundManifest): Promise<void> {
    const entries = this.#enter(found);
    await allOf(entries.map((entry) => this.#turns.run(() => this.#judge(entry, found.from !== "given"))));
    if (this.#leaveOut(entries)) this.#checkBudget();
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
    const from = "attestation-tag";
    const { attested, keySet } = this.#case;
    // Where attestations are asked for, a damaged one is not passed over.
    const isCalledOther = attested === undefined;
    const isCertified = keySet.certificates !== undefined;
    for (const named of candidatesIn(bytes, {
      isReferrer: true,
      isCalledOther,
      isGiven: false,
      isCertified,
    })) {
      if (named instanceof Fault) this.#aside.push(damaged(named, from));
      if (!(named instanceof Attestation)) continue;
      const places = this.#places.get(named.identity);
      if (places) {
        if (!places.includes(from)) places.push(from);
      } else if (this.#places.size === mostSignatures) {
        this.#aside.push(tooMany);
      } else {
        const entry: Entry = { named, from: [from] };
        this.#places.set(named.identity, entry.from);
        this.#list(entry, named);
        this.#entries.push(entry);
      }
    }
  }

  async #judge(entry: Entry, tellsApart: boolean): Promise<void> {
    const { named, from } = entry;
    if (this.#isSpent) {
      entry.isUnread = true;
      return;
    }
    if (named instanceof Attestation) {
      this.#list(entry, named);
      return;
    }
    const outcome = await check(named, this.#case, tellsApart);
    if ("predicateType" in outcome) {
      this.#list(entry, { predicateType: outcome.predicateType, digest: digestOf(named) });
      // Its blob is in hand: to verify it now costs the registry nothing.
      await this.#attest(entry, async () => outcome);
      return;
    }
    if ("problem" in outcome) entry.problem = outcome.problem;
    // Signatures are looked for in these places only.
    entry.signature = reportOf(named, from as SignaturePlace[], outcome, this.#case.keySet);
  }

  /** Notes an attestation, as it calls itself. */
  #list(entry: Entry, { predicateType, digest }: Pick<AttestationReport, "predicateType" | "digest">): void {
    entry.attestation = { predicateType, from: entry.from, digest };
  }

  /**
   * Verifies the attestations whose blobs were not read yet, if they are asked for: last, since whatever they cost must
   * not keep a signature from being read.
   */
  async verifyAttestations(): Promise<void> {
    if (!this.#case.attested) return;
    const { blob, keySet } = this.#case;
    const verifying = this.#entries.map((entry) => {
      const { named } = entry;
      if (!(named instanceof Attestation)) return Promise.resolve();
      return this.#turns.run(async () => {
        if (this.#noteSpent()) return;
        await this.#attest(entry, async () => {
          named.checkSize();
          return named.open(await fetchBlob(blob, named, "attestation"), keySet.certificates !== undefined);
        });
      });
    });
    await allOf(verifying);
  }

  /** Says that no more may be spent, if that is so. */
  #noteSpent(): boolean {
    try {
      this.#checkBudget();
      return false;
    } catch (error) {
      this.#aside.push(problemOf(error));
      return true;
    }
  }

  /** Verifies an attestation, if that is asked for. @param open gives what its blob holds */
  async #attest(entry: Entry, open: () => Promise<Attested>): Promise<void> {
    const { attestation } = entry;
    const { attested, keySet } = this.#case;
    if (!attested || !attestation) return;
    const outcome = await checkAttested(open, attestation.predicateType, this.#case);
    const predicateType = outcome.predicateType;
    const facts = { predicateType, from: attestation.from, digest: attestation.digest };
    if (!("stopped" in outcome)) {
      const checked = stepsBefore(outcome.repositoryBound ? undefined : "repository", keySet);
      entry.attestation = { ...facts, verified: true, checked, ...outcome };
      return;
    }
    const { stopped, reason, problem } = outcome;
    entry.problem = problem;
    const checked = stepsBefore(stopped, keySet);
    entry.attestation = problem ? facts : { ...facts, verified: false, checked, failed: stopped, reason };
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
      this.#checkBudget();
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

  /** What could not be read of attestations, each once. @param unread the places that could not be read */
  #problemsAside(unread: readonly VerificationProblem[]): VerificationProblem[] {
    const ofTag = unread.filter(({ from }) => from === "attestation-tag");
    const found = this.#entries.flatMap(({ problem, signature }) => (signature ? [] : (problem ?? [])));
    const all = [...ofTag, ...this.#aside, ...found];
    return [...new Map(all.map((problem) => [problem.message, problem])).values()];
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
    const attestations = this.#entries.flatMap(({ attestation }) => attestation ?? []);
    const found = this.#entries.flatMap(({ problem, signature }) => (signature && problem) ?? []);
    const ofSignatures = unread.filter(({ from }) => from !== "attestation-tag");
    const problems = [...ofSignatures, ...found, ...(this.#isWhole ? [] : [tooMany])];
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
    const { attested } = this.#case;
    const isRequired = attested !== undefined && attested.required.length > 0;
    const there = { attestations, signatures, threshold };
    const asked = {
      ...(isRequired && { required: requiredAmong(attested, there) }),
      ...(identity && { identity: identity.told }),
      ...(trust && { trust: trust.told }),
    };
    const what = { reference, digest, threshold, keys: agreed, signatures, attestations };
    const all = [...problems, ...this.#problemsAside(unread)];
    const facts = { ...what, problems: all, ...unusual, ...asked, reason };
    // A verdict of `verified` has at least one key, which the type of a list does not say.
    return { state, ...facts } as Verification;
  }
}

/** Takes one signature through the steps. */
async function check(
  candidate: Candidate | Fault,
  about: Case,
  tellsApart: boolean,
): Promise<Good | Bad | Attested> {
  if (candidate instanceof Fault) return { stopped: "manifest", reason: candidate.message };
  const { blob, keySet } = about;
  const way = new Way();
  return way.end(async () => {
    const bytes = await fetchBlob(blob, candidate, "signature");
    const untrusted = await candidate.open(bytes, tellsApart, keySet.certificates !== undefined);
    if ("predicateType" in untrusted) return untrusted;
    const { says: signedAs, ...good } = await proved(untrusted, about, way);
    const asked = good.repositoryBound ? undefined : whoAsksForRepository(about);
    if (asked === undefined) return { ...good, ...(signedAs !== undefined && { signedAs }) };
    way.step = "repository";
    return refuse(`The signature names no repository, and ${asked} asks for one.`);
  });
}

/** Takes one attestation through the same steps. @param named as what its manifest calls it */
async function checkAttested(
  open: () => Promise<Attested>,
  named: string | null,
  about: Case,
): Promise<(Omit<Good, "signedAs"> & { readonly predicateType: string }) | (Bad & Claimed)> {
  let claimed: Claimed = { predicateType: named };
  const way = new Way();
  const outcome = await way.end(async () => {
    const attested = await open();
    claimed = { predicateType: attested.predicateType };
    const { says, ...good } = await proved(attested.signed(), about, way);
    const { predicateType, namesRepository: repositoryBound } = says;
    const asked = repositoryBound ? undefined : whoAsksForRepository(about);
    if (asked === undefined) return { ...good, predicateType, repositoryBound };
    way.step = "repository";
    return refuse(`The attestation does not name the image's repository, and ${asked} asks for it.`);
  });
  return "stopped" in outcome ? { ...outcome, ...claimed } : outcome;
}

/** What asks for signatures that name the repository, if anything does. */
function whoAsksForRepository({ requireRepository, keySet: { trust } }: Case): string | undefined {
  if (requireRepository) return "requireRepository";
  return trust?.requireRepository ? `the ${trust.quoted}` : undefined;
}

/** What an attestation calls itself, whoever wrote it. */
interface Claimed {
  readonly predicateType: string | null;
}

/** The steps that one signature passes, up to the one at which it stops. What its manifest says was read before. */
class Way {
  step: VerificationStep = "blob";

  async end<Outcome>(walk: () => Promise<Outcome>): Promise<Outcome | Bad> {
    try {
      return await walk();
    } catch (error) {
      if (error instanceof UncountedKey) return { stopped: "key", reason: error.message };
      if (error instanceof Fault) return { stopped: this.step, reason: error.message };
      return unknown(error, this.step);
    }
  }
}

/** Whose signature it is, and what it says of the image. */
async function proved<Says>(
  untrusted: Untrusted<Says>,
  { image, identity, keySet }: Case,
  way: Way,
): Promise<Good & { readonly says: Says }> {
  const { certificates, trust } = keySet;
  way.step = certificates ? "certificate" : "signature";
  const vouched = await certificates?.keyOf(untrusted.certificates);
  const keys = vouched ? certifiedAmong(vouched.key, keySet.keys) : keySet.keys;
  way.step = "signature";
  const { verified, key } = await firstKey(untrusted, keys, vouched ? notItsKey : noKey, trust);
  way.step = "content";
  const says = verified.checkAbout(identity?.image ?? image);
  const { hash, repositoryBound } = verified;
  const certificate = vouched && { certificate: vouched.certificate };
  return { key: key.fingerprint, hash, repositoryBound, ...certificate, says };
}

/** The key of a certificate, which has to be one of those that were given, if any were. */
function certifiedAmong(key: Key, given: readonly Key[]): readonly Key[] {
  if (given.length === 0 || given.some(({ fingerprint }) => fingerprint === key.fingerprint)) return [key];
  throw new Fault("The certificate is of another key than the given ones.");
}

async function firstKey<Says>(
  untrusted: Untrusted<Says>,
  keys: readonly Key[],
  otherwise: string,
  trust: ImageRule | undefined,
): Promise<{ verified: Verified<Says>; key: Key }> {
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
async function mistakeIn(untrusted: Untrusted<unknown>, keys: readonly Key[]): Promise<Fault | undefined> {
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
async function fetchBlob(
  blob: Case["blob"],
  { digest, size }: Candidate | Attestation,
  what: "signature" | "attestation",
): Promise<Uint8Array<ArrayBuffer>> {
  const given = await blob(digest, size);
  const bytes = bytesOf(given, size);
  if (bytes) return bytes;
  if (Number(fieldOf(given, "byteLength")) > size) {
    throw new Fault(`The ${what}'s blob is larger than its manifest says.`);
  }
  throw notBytes("What blob() gave");
}

/** What is no blob makes a signature invalid; a mistake or a wish of the caller's is no finding. */
function unknown(error: unknown, stopped: VerificationStep): Bad {
  const isFinding = error instanceof OcisignError && error.code !== "bad-input" && error.code !== "aborted";
  if (!isFinding) throw error;
  const { code, message, fix } = error;
  if (isNoBlob(error)) return { stopped, reason: message };
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

function damaged({ message }: Fault, from: AttestationPlace): VerificationProblem {
  return { from, code: "bad-reply", message, fix: "Look at what was pushed there." };
}

/** Only of a candidate: whatever is damaged has no blob. */
function digestOf(named: Candidate | Fault): Digest {
  return (named as Candidate).digest;
}

/** Writes down what came of a signature. */
function reportOf(
  candidate: Candidate | Fault,
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
