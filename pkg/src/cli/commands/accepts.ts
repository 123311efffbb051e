// `ocisign accepts`: who else accepts an image, by what was measured of others.
import type { ImageReference, PublicKey, Verification } from "ocisign";
import { type Acceptance, whoAccepts } from "../../accepts/index.ts";
import { toolsIn } from "../../accepts/tools.ts";
import { nearest } from "../../nearest.ts";
import { visible } from "../../shown/visible.ts";
import { command, required } from "../command.ts";
import { duration, texts } from "../options.ts";
import type { Output, Tone } from "../output.ts";
import { exitCode, Problem, usage } from "../problem.ts";
import { registryOptions } from "../registry-options.ts";
import * as sample from "../samples.ts";
import * as settings from "../settings.ts";
import { imageToVerify } from "../tagged-image.ts";
import { givenTrust, type TrustFile } from "../trust-file.ts";
import { trustedKeys } from "../trusted-keys.ts";
import { verificationText } from "../verification-text.ts";

/** What was found, and what others make of it. */
interface Outcome {
  /** By the trust file, if there is one: what others do not know of it counts here. */
  readonly verification: Verification;
  /** By the keys alone, as others have them. */
  readonly byKeys: Verification;
  /** Of each tool that was asked for, or of all. */
  readonly tools: readonly Acceptance[];
  /** The tools that have to accept it. */
  readonly by: readonly string[] | undefined;
}

export const accepts = command({
  name: "accepts",
  summary: "Say who else accepts an image: cosign, Kyverno, podman and others.",
  isRare: true,
  argument: required("image", "registry/repository@sha256:…, or a tag that is resolved"),
  options: {
    key: texts("--key <file>", "public key that they have, PEM or DER; may be repeated"),
    by: texts("--by <tool>", "only this tool, and 5 unless it accepts; may be repeated"),
    totalTimeout: duration("--total-timeout <time>", "stop reading the registry after it (default: 5m)"),
  },
  settings: [...settings.product, ...settings.trust, ...settings.registry],
  examples: [
    [
      "All that is known, or whether some of them accept it.",
      `ocisign accepts ${sample.image} --key ocisign.pem`,
      `ocisign accepts ${sample.image} --product automatic --by cosign-3`,
    ],
  ],
  notes:
    "It asks the registry alone. What others do was measured with their programs.\n" +
    "Exit codes: 0 told, or all of --by accept; 5 one does not; 1 not readable.",
  async run(session, options, text): Promise<Outcome> {
    const by = options.by === undefined ? undefined : readTools(options.by);
    const { verifyImage } = await import("ocisign");
    const { output, signal, callTimeoutMs } = session;
    const image = await imageToVerify(session, text);
    const file = await givenTrust(session, { key: options.key, threshold: undefined });
    const keys = file ? await keysOf(file, image) : await trustedKeys(session, options.key);
    const registry = await registryOptions(session, image);
    output.progress(`reading what is beside ${image.canonical}`);
    const timeouts = { timeoutMs: callTimeoutMs, totalTimeoutMs: options.totalTimeout };
    const how = { registry, signal, ...timeouts };
    const byKeys = await verifyImage(image, { keys, ...how });
    const verification = file ? await verifyImage(image, { ...file, ...how }) : byKeys;
    output.settle();
    const all = whoAccepts(byKeys, { keys });
    return { verification, byKeys, tools: by ? all.filter(({ id }) => by.includes(id)) : all, by };
  },
  text: acceptsText,
  json({ tools, ...seen }) {
    const { reference, state, reason } = seen.verification;
    return { reference, state, reason, tools, problems: problemsIn(seen) };
  },
  exit({ tools, by, ...seen }) {
    if (problemsIn(seen).length > 0) return exitCode.error;
    if (!by) return exitCode.done;
    const isAccepted = by.every((id) => tools.some((one) => one.id === id && one.verdict === "accepts"));
    return isAccepted ? exitCode.done : exitCode.notVerified;
  },
});

/** What could not be read by either. */
function problemsIn({ verification, byKeys }: Pick<Outcome, "verification" | "byKeys">) {
  return verification.problems.length > 0 ? verification.problems : byKeys.problems;
}

/** The keys that others would be given: those of the file's rule for the image that count now. */
async function keysOf(file: TrustFile, image: ImageReference): Promise<readonly PublicKey[]> {
  const { readPublicKey } = await import("ocisign");
  const { countingKeys } = await import("ocisign/trust");
  const keys = countingKeys(file.trust, image).map(({ pem }) => readPublicKey(pem));
  if (keys.length > 0) return keys;
  const fix = `Run \`ocisign trust check --image ${image.canonical}\`, which says which keys count and why.`;
  throw new Problem("bad-trust", `${file.trust.called}: no key counts for ${image.canonical}.`, fix);
}

/** The ids of tools that were named, by their ids or by the name that several share. */
function readTools(named: readonly string[]): readonly string[] {
  return named.flatMap((text) => {
    const found = toolsIn(text);
    if (found.length > 0) return found.map(({ id }) => id);
    const ids = toolsIn().map(({ id }) => id);
    const near = nearest(text, ids, () => 3);
    const fix = near === undefined ? `Name one of ${ids.join(", ")}.` : `Did you mean ${near}?`;
    throw usage("--by names no tool that is known.", fix);
  });
}

const tones: Readonly<Record<Acceptance["verdict"], Tone>> = {
  accepts: "good",
  refuses: "bad",
  unknown: "unsure",
};

function acceptsText({ tools, ...seen }: Outcome, output: Output): string {
  const { verification, byKeys } = seen;
  const isReadable = problemsIn(seen).length === 0;
  const unread = verification.problems.length > 0 ? verification : byKeys;
  const head = isReadable
    ? [verification.reference, `  here: ${verification.state}. ${visible(verification.reason)}`]
    : [verificationText(unread, output)];
  const lines = [...head];
  let key: string | undefined;
  for (const tool of tools) {
    if (tool.key !== key) lines.push(`with the key ${tool.key}`);
    key = tool.key;
    lines.push(...toolText(tool, output));
  }
  return lines.join("\n");
}

function toolText(
  { id, name, usedBy, how, versions, verdict, why, mends }: Acceptance,
  output: Output,
): string[] {
  const of = usedBy === undefined ? "" : ` (${usedBy})`;
  const indent = " ".repeat(10);
  const word = output.paint(tones[verdict], verdict);
  const lines = [
    `${word}${" ".repeat(9 - verdict.length)} ${id}: ${name} ${versions.join(", ")}${of}, ${how}`,
    `${indent}${visible(why)}`,
  ];
  for (const { what, command } of mends) lines.push(`${indent}${what}`, `${indent}  ${command}`);
  return lines;
}
