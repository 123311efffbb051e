// `ocisign sign`: requests a signature, or one for each line of a file.

import type { Signing, Verification } from "ocisign";
import { type RequestDetails, request } from "../acting.ts";
import { command, optional } from "../command.ts";
import { chosenProduct } from "../find-product.ts";
import { type BatchOutcome, signFromFile } from "../from-file.ts";
import { readImage } from "../image.ts";
import { checkWait, flag, readMetadata, requestOptions, text, waitOptions } from "../options.ts";
import { exitCode, usage } from "../problem.ts";
import { registryOptions } from "../registry-options.ts";
import { exitFor, requestText } from "../request-text.ts";
import * as sample from "../samples.ts";
import type { Session } from "../session.ts";
import * as settings from "../settings.ts";
import { explainUnknown } from "../unexplained.ts";
import { exitForVerification, verificationText } from "../verification-text.ts";
import { explainNotFinal, waitFor } from "../wait.ts";

/** What came of one image. */
interface Outcome {
  readonly signing: Signing;
  readonly verification?: Verification | undefined;
  readonly waited: boolean;
  readonly timeout: number | undefined;
}

interface SignOptions {
  readonly wait: boolean;
  readonly verify: boolean;
  readonly timeout: number | undefined;
}

export const sign = command({
  name: "sign",
  summary: "Request the signature of an image.",
  argument: optional("image", "registry/repository@sha256:…"),
  options: {
    fromFile: text(
      "--from-file <file>",
      "request one signature for each line of a file; - is standard input, # begins a comment",
    ),
    ...requestOptions,
    ...waitOptions,
    verify: flag("--verify", "wait, then verify the signature in the registry with the product's key"),
  },
  settings: { "Product:": settings.product, "Registry (for --verify):": settings.registry },
  examples: [
    [
      "Request a signature. The approvers need the id that it prints.",
      `ocisign sign ${sample.image} --product "OCI SIGN" --description "Release 1.2" --metadata Version=1.2`,
    ],
    [
      "Wait for the approvals, and verify the signature in the registry.",
      `ocisign sign ${sample.image} --product "OCI SIGN" --verify --timeout 2h`,
    ],
    ["Sign many images, one a line.", 'ocisign sign --from-file images.txt --product "OCI SIGN" --json'],
  ],
  notes: `Exit codes: 0 requested. With --wait: 0 signed, 3 not final in time, 4 rejected or failed. With
--verify also: 5 no valid signature in the registry, 1 registry not readable.`,

  async run(session, options, image): Promise<Outcome | BatchOutcome> {
    if (image !== undefined && options.fromFile !== undefined) {
      throw usage("IMAGE and --from-file exclude each other.", "Leave one of them out.");
    }
    checkWait({ waits: options.wait || options.verify, timeout: options.timeout });
    const operation = session.settings.operation?.value;
    const { name, description } = options;
    const details = { name, description, metadata: readMetadata(options.metadata), operation };
    if (image !== undefined) return signOne(session, image, options, details);
    const { fromFile, wait, timeout } = options;
    if (fromFile === undefined) {
      throw usage("No image is given.", "Name one, as registry/repository@sha256:…, or give --from-file.");
    }
    if (options.verify) {
      const fix = "Use --wait, and `ocisign verify` for each image.";
      throw usage("--verify cannot be combined with --from-file.", fix);
    }
    return signFromFile(session, fromFile, { wait, timeout, details });
  },

  async text(outcome, output) {
    // Of a file, each line was told when it was requested.
    if ("requested" in outcome) return undefined;
    const { signing, verification } = outcome;
    const lines = await requestText(signing, output);
    return verification ? `${lines}\n${verificationText(verification, output)}` : lines;
  },

  json(outcome) {
    if ("requested" in outcome) return outcome.document;
    const { signing, verification } = outcome;
    return verification ? { ...signing, verification } : signing;
  },

  beside(outcome, session) {
    if ("requested" in outcome) return;
    explainUnknown(session, outcome.signing);
    if (outcome.waited) explainNotFinal(session, outcome.signing, outcome.timeout);
  },

  exit(outcome) {
    if ("requested" in outcome) return outcome.exit;
    const { signing, verification, waited } = outcome;
    if (verification) return exitForVerification(verification);
    return waited ? exitFor(signing) : exitCode.done;
  },
});

async function signOne(
  session: Session,
  text: string,
  { wait, verify, timeout }: SignOptions,
  details: RequestDetails,
): Promise<Outcome> {
  const { checkRegistry, verifySigning } = await import("ocisign");
  const { output, signal } = session;
  const image = await readImage(text);
  const registry = verify ? await registryOptions(session, image) : undefined;
  const product = await chosenProduct(session);
  checkRegistry(image, product);
  const requested = await request(session, product, image, details);
  const waited = wait || verify;
  if (!waited) return { signing: requested, waited, timeout };
  const end = await waitFor(session, requested.id, requested, timeout);
  if (!registry || end.state !== "signed") return { signing: end, waited, timeout };
  // Status 16 is the service's claim; this is the registry's.
  output.progress(`${end.id}: signed; verifying`);
  const client = await session.service();
  const proof = { reference: image, product, registry, signal };
  const { signing, verification } = await verifySigning(client, end, proof);
  output.settle();
  return { signing, verification, waited, timeout };
}
