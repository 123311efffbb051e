// Which attestations a caller asks for, and whether they are there. An attestation is no signature: what is asked here
// comes on top of the signatures, and never in their place.
import { fail } from "../error.ts";
import { copyOfList, isText } from "../foreign.ts";
import type { Given } from "../options.ts";
import { quoted } from "../strict/fault.ts";
import {
  attestationKinds,
  isOfKind,
  isPredicateType,
  mostTypes,
  signaturesType,
} from "./attestation-types.ts";
import type { Fingerprint } from "./public-key.ts";
import type {
  AttestationReport,
  RequiredAttestation,
  SignatureReport,
  Verification,
} from "./verification.ts";

/** A type of attestation that has to be there. */
export interface RequiredType {
  /** As it was asked for. */
  readonly asked: string;
  readonly predicateTypes: readonly string[];
  readonly hasVersions?: true;
}

/** Attestations are verified, and those of these types have to hold. */
export interface AttestationDemand {
  readonly required: readonly RequiredType[];
}

/** The options that say what is asked of attestations. */
export const attestationOptions = ["attestations", "require"] as const;

/** Reads them; undefined where attestations are only listed. */
export function readAttestationDemand({
  attestations,
  require,
}: Given<(typeof attestationOptions)[number]>): AttestationDemand | undefined {
  if (attestations !== undefined && attestations !== "list" && attestations !== "verify") {
    throw fail("bad-input", "attestations is neither `list` nor `verify`.", "Pass one of the two.");
  }
  const required = require === undefined ? [] : typesIn(require);
  if (required.length > 0 && attestations === "list") {
    const fix = "Leave attestations out, or pass `verify`.";
    throw fail("bad-input", "require asks for attestations that `list` does not verify.", fix);
  }
  return required.length > 0 || attestations === "verify" ? { required } : undefined;
}

function typesIn(value: unknown): readonly RequiredType[] {
  const given = copyOfList(value, mostTypes);
  if (!given?.every(isText)) {
    const fix = `Pass a list of short names or predicate types: ${someNames}.`;
    throw fail("bad-input", `require is not a list of at most ${mostTypes} texts.`, fix);
  }
  return [...new Set(given)].map(typeOf);
}

const names = attestationKinds.map(({ name }) => name);
const someNames = `${names.join(", ")}, or a URL such as https://slsa.dev/provenance/v1`;

function typeOf(asked: string): RequiredType {
  const kind = attestationKinds.find(({ name }) => name === asked);
  if (kind) {
    const { predicateTypes, hasVersions } = kind;
    return { asked, predicateTypes, ...(hasVersions && { hasVersions }) };
  }
  if (asked === signaturesType) {
    const message = "require names the type of signatures, which are no attestations.";
    throw fail("bad-input", message, "Leave it out: signatures have to hold anyway.");
  }
  if (isPredicateType(asked)) return { asked, predicateTypes: [asked] };
  const message = `require names an unknown type of attestation, ${quoted(asked)}.`;
  throw fail("bad-input", message, `Use one of ${someNames}.`);
}

/** What was found, for a requirement to be judged by. */
interface Found {
  readonly attestations: readonly AttestationReport[];
  readonly signatures: readonly SignatureReport[];
  readonly threshold: number;
}

/** What came of each type that was asked for. */
export function requiredAmong(demand: AttestationDemand, found: Found): readonly RequiredAttestation[] {
  return demand.required.map((type) => {
    const { asked, predicateTypes } = type;
    const ofType = found.attestations.filter(
      ({ predicateType }) => predicateType !== null && isOfKind(predicateType, type),
    );
    const keys = [...new Set(ofType.flatMap((one) => (one.verified ? [one.key] : [])))];
    const met = keys.length >= found.threshold;
    const reason = met ? {} : { reason: whyNot(type, keys, ofType, found) };
    return { type: asked, predicateTypes, met, keys, ...reason };
  });
}

function whyNot(
  type: RequiredType,
  keys: readonly Fingerprint[],
  ofType: readonly AttestationReport[],
  { attestations, signatures, threshold }: Found,
): string {
  const called = calledOf(type);
  if (keys.length > 0) {
    return `The attestation of type ${called} is signed by only ${keys.length} of the ${threshold} required keys.`;
  }
  // One that does not say what it is may be the one that is meant.
  const bad = [...ofType, ...attestations.filter(({ predicateType }) => predicateType === null)].find(
    ({ verified }) => verified === false,
  );
  if (bad?.verified === false) return `The attestation of type ${called} does not count: ${bad.reason}`;
  // What could not even be opened says nothing of what it is.
  const unopened = signatures.find(({ format, failed }) => format === "bundle" && failed === "blob");
  const perhaps = unopened ? ` A bundle could not be opened, and may be one: ${unopened.reason}` : "";
  return `No attestation of type ${called} was found.${perhaps}`;
}

function calledOf({ asked, predicateTypes }: RequiredType): string {
  return predicateTypes.includes(asked) ? quoted(asked) : `${asked} (${predicateTypes.join(" or ")})`;
}

/**
 * The outcome, once what is required on top of signatures is considered. Where something could not be read, that an
 * attestation is not there is not known.
 */
export function asRequired(verification: Verification): Verification {
  const { state, required = [], problems, reason } = verification;
  if (state !== "verified" || required.length === 0) return verification;
  const unmet = required.find(({ met }) => !met);
  if (!unmet) {
    const types = required.map(({ type }) => type).join(", ");
    return { ...verification, reason: `${reason} Attested as required: ${types}.` };
  }
  // What does not count is covered by nothing.
  const { coveredBy: _, ...facts } = verification;
  const [problem] = problems;
  const because = problem ? `${unmet.reason} Something could not be read: ${problem.message}` : unmet.reason;
  return {
    ...facts,
    state: problem ? "unreachable" : "invalid",
    reason: `${because} The signatures are not in question: ${reason}`,
  };
}
