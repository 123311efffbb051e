// `ocisign verify`: what the registry holds of an image or of each line of a file, judged with the keys that are trusted.

import type { Verification } from "ocisign";
import { givenOfList, verifyListOptions } from "../bulk/options.ts";
import type { VerifiedList } from "../bulk/verify-list.ts";
import { command, optional } from "../command.ts";
import { indexToCover } from "../covered-by.ts";
import { certificateOptions, readTrustedCertificates } from "../image-certificates.ts";
import { count, flag, text, texts } from "../options.ts";
import { usage } from "../problem.ts";
import { registryOptionsWith } from "../registry-options.ts";
import { outputOption, printingOf } from "../report/output-option.ts";
import { checkRequiredTypes } from "../required-types.ts";
import * as sample from "../samples.ts";
import * as settings from "../settings.ts";
import { signaturesPlace } from "../signatures-in.ts";
import { readSignedAs } from "../signed-as.ts";
import { imageToVerify } from "../tagged-image.ts";
import { trusted } from "../trusted-keys.ts";
import { exitForVerification, verificationText } from "../verification-text.ts";
import { attestationDemand, checkSource, verifyElsewhere } from "../verify-elsewhere.ts";
import { verifyingOptions } from "../verifying-options.ts";

export const verify = command({
  name: "verify",
  summary: "Verify the signatures of an image in its registry.",
  argument: optional("image", "registry/repository@sha256:…, or a tag that is resolved"),
  options: {
    fromFile: text("--from-file <file>", "verify each line of a list; - is standard input"),
    key: texts("--key <file>", "public key to trust, PEM or DER; may be repeated"),
    threshold: count("--threshold <count>", "how many keys must have signed (default: 1)"),
    ...certificateOptions,
    recursive: flag("--recursive", "verify every image in an index, too"),
    output: outputOption,
    ...verifyingOptions,
    ...verifyListOptions,
  },
  settings: [...settings.product, ...settings.trust, ...settings.registry],
  examples: [
    [
      "With a key, which asks no service, or with a product's.",
      `ocisign verify ${sample.image} --key ocisign.pem`,
      'ocisign verify --from-file images.txt --product "OCI SIGN"',
    ],
  ],
  notes: "Exit codes: 0 verified, 5 unsigned or not valid, 1 registry not readable.",
  async run(session, options, text): Promise<Verification | VerifiedList> {
    if (text !== undefined && options.fromFile !== undefined) {
      throw usage("IMAGE and --from-file exclude each other.", "Leave one of them out.");
    }
    checkRequiredTypes(options.require);
    // Wherever the signatures are read from, the same has to vouch for them.
    const certificates = readTrustedCertificates(options);
    const signedAs = readSignedAs(options.signedAs);
    session.printing = printingOf(session, { ...options, signedAs });
    const { printing } = session;
    const read = () => trusted(session, certificates, options.key, options.threshold, options);
    const trust = printing ? () => printing.noted(read()) : read;
    const ofList = givenOfList(options);
    if (options.fromFile === undefined && ofList !== undefined) {
      throw usage(`${ofList} needs --from-file.`, `Add --from-file, or leave ${ofList} out.`);
    }
    checkSource(options);
    if (options.fromFile !== undefined) {
      const { verifyList } = await import("../bulk/verify-list.ts");
      const { fromFile: file, signaturesIn, coveredBy } = options;
      if (coveredBy !== undefined) {
        const fix = "Leave one of them out: --covered-by is about one image.";
        throw usage("--covered-by and --from-file exclude each other.", fix);
      }
      if (signaturesIn !== undefined) await signaturesPlace(someImage, signaturesIn);
      return verifyList(session, { ...options, file, trust, signedAs });
    }
    if (options.coveredBy !== undefined && options.recursive) {
      const fix = "Leave one of them out: --recursive wants a signature of every image.";
      throw usage("--covered-by and --recursive exclude each other.", fix);
    }
    if (options.proof !== undefined || options.layout !== undefined) {
      return verifyElsewhere(session, text, { ...options, signedAs, trust });
    }
    if (text === undefined) {
      throw usage("No image is given.", "Name one, as registry/repository@sha256:…, or give --from-file.");
    }
    const { verifyImage } = await import("ocisign");
    const { output, signal, callTimeoutMs } = session;
    const image = await imageToVerify(session, text);
    const coveredBy = await indexToCover(session, image, options.coveredBy);
    const trusting = await trust();
    const registry = await registryOptionsWith(session, image, options.signaturesIn);
    output.progress(`verifying ${image.canonical}`);
    const { recursive, requireRepository } = options;
    const verification = await verifyImage(image, {
      ...{ ...trusting, recursive, requireRepository, signedAs, coveredBy },
      ...attestationDemand(options),
      registry,
      signal,
      timeoutMs: callTimeoutMs,
      totalTimeoutMs: options.totalTimeout,
    });
    output.settle();
    if (signedAs && !verification.identity) {
      output.note("no prefix of --signed-as fits the image, so that signatures have to say its own name");
    }
    return verification;
  },
  // Of a file, each line was told when it was verified.
  text(result, output, { printing }) {
    if ("exit" in result) return undefined;
    const { reference, state } = result;
    if (!printing) return verificationText(result, output);
    // Some forms have no room for what a person needs to know.
    if (state !== "verified") output.note(verificationText(result, output));
    return printing.text([{ index: 0, reference, state, verification: result }]);
  },
  json: (result) => ("exit" in result ? undefined : result),
  beside(result, { output }) {
    if ("exit" in result) return;
    const { state, reference } = result;
    if (state === "unsigned")
      output.hint(`Next: request a signature with \`ocisign sign ${reference} --product ID\`.`);
  },
  exit: (result) => ("exit" in result ? result.exit : exitForVerification(result)),
});

/** Where a repository is named without its registry, any will do to see whether that is a name. */
const someImage = { registry: "registry.example", digest: `sha256:${"0".repeat(64)}` } as const;
