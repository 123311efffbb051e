// `--require`: a short name that is mistyped is told before anything is read, with the name that was probably meant.
import { nearest } from "../nearest.ts";
import { attestationKinds } from "../signature/attestation-types.ts";
import { quoted } from "../strict/fault.ts";
import { usage } from "./problem.ts";

const names = attestationKinds.map(({ name }) => name);

/** Throws for what is no short name and, without a colon, no URL either. @throws {Problem} `usage` */
export function checkRequiredTypes(types: readonly string[] = []): void {
  for (const type of types) {
    if (names.includes(type) || type.includes(":")) continue;
    const near = nearest(type, names, (name) => Math.ceil(name.length / 4));
    const known = `${names.join(", ")}, or a URL such as https://slsa.dev/provenance/v1`;
    const fix = near === undefined ? `Use one of ${known}.` : `Did you mean ${near}?`;
    throw usage(`--require names an unknown type of attestation, ${quoted(type)}.`, fix);
  }
}
