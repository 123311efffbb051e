// `ocisign bundle`: verifies an image, and writes what proves it into a file that needs no registry.
import type { CreatedProof, DescribeOptions } from "ocisign";
import { command, required } from "../command.ts";
import { layoutOption, openLayout } from "../layout/open.ts";
import { count, duration, flag, text, texts } from "../options.ts";
import { registryOptions } from "../registry-options.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import { readSignedAs, signedAsOption } from "../signed-as.ts";
import { imageToVerify } from "../tagged-image.ts";
import { trusted } from "../trusted-keys.ts";
import { exitForVerification, verificationText } from "../verification-text.ts";
import { checkNew, writeNew } from "../write-new.ts";

export const bundle = command({
  name: "bundle",
  summary: "Write a proof file, to verify without a network.",
  argument: required("image", "registry/repository@sha256:…, or a tag that is resolved"),
  options: {
    key: texts("--key <file>", "public key to trust, PEM or DER; may be repeated"),
    threshold: count("--threshold <count>", "how many keys must have signed (default: 1)"),
    recursive: flag("--recursive", "prove every image in an index, too"),
    requireRepository: flag("--require-repository", "refuse signatures that name no repository"),
    signedAs: signedAsOption,
    layout: layoutOption,
    output: text("--output <file>", "write it into this new file, and not to standard output"),
    totalTimeout: duration("--total-timeout <time>", "stop reading the registry after it (default: 5m)"),
  },
  settings: [...settings.product, ...settings.trust, ...settings.registry],
  examples: [
    [
      "Carry it where there is no network, and verify it there.",
      `ocisign bundle ${sample.image} --key ocisign.pem > proof.json`,
      `ocisign verify ${sample.image} --key ocisign.pem --proof proof.json`,
    ],
  ],
  notes: "Exit codes: 0 verified and written, 5 unsigned or not valid, 1 not readable.",
  async run(session, options, image): Promise<CreatedProof> {
    if (options.output !== undefined) checkNew(options.output);
    const created = await withSource(session, options.layout, (source) =>
      create(session, options, image, source),
    );
    if (options.output !== undefined && created.proof !== undefined) writeNew(options.output, created.proof);
    return { ...created, ...(options.output !== undefined && { proof: "" }) };
  },
  text: ({ proof }) => proof?.trimEnd() || undefined,
  json: ({ verification, proof }) => (proof ? JSON.parse(proof) : verification),
  beside({ verification }, { output }) {
    output.note(verificationText(verification, output));
  },
  exit: ({ verification }) => exitForVerification(verification),
});

type Source = Pick<DescribeOptions, "layout">;

async function withSource<T>(
  { signal }: Session,
  path: string | undefined,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  if (path === undefined) return work({});
  const layout = await openLayout(path, signal);
  try {
    return await work({ layout });
  } finally {
    await layout.close();
  }
}

interface BundleOptions {
  readonly key: readonly string[] | undefined;
  readonly threshold: number | undefined;
  readonly recursive: boolean;
  readonly requireRepository: boolean;
  readonly signedAs: readonly string[] | undefined;
  readonly totalTimeout: number | undefined;
}

async function create(
  session: Session,
  options: BundleOptions,
  text: string,
  { layout }: Source,
): Promise<CreatedProof> {
  const { createProof } = await import("ocisign");
  const { recursive, requireRepository } = options;
  const signedAs = readSignedAs(options.signedAs);
  const image = await imageToVerify(session, text, layout && { layout });
  const trusting = await trusted(session, undefined, options.key, options.threshold);
  const place = layout ? { layout } : { registry: await registryOptions(session, image) };
  session.output.progress(`verifying ${image.canonical}`);
  const created = await createProof(image, {
    ...{ ...trusting, recursive, requireRepository, signedAs, ...place },
    signal: session.signal,
    timeoutMs: session.callTimeoutMs,
    totalTimeoutMs: options.totalTimeout,
  });
  session.output.settle();
  return created;
}
