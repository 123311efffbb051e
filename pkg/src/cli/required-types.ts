// `--require`: what the library would refuse is told before anything is read, as a mistake of the command line, with the
// name that was probably meant.
import { nearest } from "../nearest.ts";
import {
  attestationKinds,
  isPredicateType,
  mostTypes,
  signaturesType,
} from "../signature/attestation-types.ts";
import { quoted } from "../strict/fault.ts";
import { usage } from "./problem.ts";

const names = attestationKinds.map(({ name }) => name);

/** Throws for what is neither a short name nor the type of an attestation. @throws {Problem} `usage` */
export function checkRequiredTypes(types: readonly string[] = []): void {
  if (types.length > mostTypes) {
    throw usage(`--require is given more than ${mostTypes} times.`, "Ask for fewer types.");
  }
  for (const type of types) {
    if (type === signaturesType) {
      const what = "--require names the type of signatures, which are no attestations.";
      throw usage(what, "Leave it out: signatures have to hold anyway.");
    }
    if (names.includes(type) || isPredicateType(type)) continue;
    const near = nearest(type, names, (name) => Math.ceil(name.length / 4));
    const known = `${names.join(", ")}, or a URL such as https://slsa.dev/provenance/v1`;
    const fix = near === undefined ? `Use one of ${known}.` : `Did you mean ${near}?`;
    throw usage(`--require names an unknown type of attestation, ${quoted(type)}.`, fix);
  }
}
