// SARIF 2.1.0 (OASIS), as code scanning takes it: a result for each image that is not verified. One that is verified has
// none, since readers show every result as something to mend.
import { createHash } from "node:crypto";
import { version } from "../../../package.json";
import { visible } from "../../shown/visible.ts";
import { type ReportEntry, whyOf } from "./entry.ts";
import type { Verified } from "./printing.ts";

/** What can be wrong, by the id that stays the same from version to version. */
const rules = {
  unsigned: ["Unsigned", "The image is not signed.", "Sign it, and verify it again."],
  invalid: [
    "SignatureInvalid",
    "The image has signatures, and not enough of them hold.",
    "Compare the keys, and look at the reason of each signature.",
  ],
  "attestation-missing": [
    "AttestationMissing",
    "The image is signed, and an attestation that is required does not hold.",
    "Attest the image with the key that is trusted.",
  ],
  unreachable: [
    "NotVerifiable",
    "The image could not be verified, since something could not be read. Nothing is said of its signatures.",
    "Make the registry readable, and verify again.",
  ],
  "no-trust-rule": [
    "NoTrustRule",
    "The trust file has no rule for the image.",
    "Add its repository to a rule, if its images are to be trusted.",
  ],
  failed: ["NotAnImage", "What is listed could not be verified at all.", "Correct the list."],
} as const satisfies Record<string, readonly [name: string, means: string, help: string]>;

type RuleId = keyof typeof rules;

const ids = Object.keys(rules) as RuleId[];
const home = "https://github.com/ocisign/ocisign";

export function sarif(
  entries: readonly ReportEntry[],
  { list, isWhole }: Pick<Verified, "list" | "isWhole">,
): string {
  const results = entries.filter(({ state }) => state !== "verified").map((entry) => resultOf(entry, list));
  const driver = { name: "ocisign", informationUri: home, semanticVersion: version, rules: ids.map(ruleOf) };
  // A tool that ran to its end was successful, whatever it found.
  const invocations = [{ executionSuccessful: isWhole }];
  const run = { tool: { driver }, invocations, columnKind: "utf16CodeUnits", results };
  const log = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return JSON.stringify(log, null, 2);
}

function ruleOf(id: RuleId) {
  const [name, means, help] = rules[id];
  return {
    ...{ id, name, shortDescription: { text: means }, help: { text: help } },
    defaultConfiguration: { level: "error" },
    helpUri: `${home}/blob/main/docs/verify.md`,
  };
}

function resultOf(entry: ReportEntry, list: string | undefined) {
  const { reference, line } = entry;
  const ruleId = ruleFor(entry);
  const { message, fix } = whyOf(entry);
  const text = visible([`${reference}: ${message}`, fix].filter(Boolean).join(" "));
  const logicalLocations = [{ fullyQualifiedName: reference, kind: "resource" }];
  const physicalLocation = {
    artifactLocation: { uri: list === undefined ? `oci://${encodeURI(reference)}` : relativeUri(list) },
    ...(list !== undefined && line !== undefined && { region: { startLine: line } }),
  };
  return {
    ...{ ruleId, ruleIndex: ids.indexOf(ruleId), level: "error", message: { text } },
    locations: [{ physicalLocation, logicalLocations }],
    // The same finding of the same image stays one, wherever it stands in a list.
    partialFingerprints: { "image/v1": sha256(`${ruleId} ${reference}`) },
  };
}

function ruleFor({ state, verification, error }: ReportEntry): RuleId {
  if (error?.code === "no-trust-rule") return error.code;
  if (state === "invalid" && verification && isUnattested(verification)) return "attestation-missing";
  return ids.find((id) => id === state) ?? "failed";
}

/** Do its signatures hold, and something that is required does not? */
export function isUnattested({ keys, threshold, required = [] }: NonNullable<ReportEntry["verification"]>) {
  return keys.length >= threshold && required.some(({ met }) => !met);
}

/** Each part of a path encoded; a first part with a colon would be taken for a scheme. */
function relativeUri(path: string): string {
  const encoded = path.split(/[\\/]/).map(encodeURIComponent).join("/");
  return encoded.startsWith("/") ? `file://${encoded}` : encoded;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
