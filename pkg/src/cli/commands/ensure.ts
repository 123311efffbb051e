// `ocisign ensure`: one command for a pipeline. The image is verified in the end, or the exit code says why not; however
// often it runs, it asks for one signature.
import type { Signing } from "ocisign";
import { command, required } from "../command.ts";
import { stateOf } from "../ensure/outcome.ts";
import type { Ensured } from "../ensure/run.ts";
import { Teller } from "../ensure/teller.ts";
import { readImage } from "../image.ts";
import { certificateOptions, readTrustedCertificates } from "../image-certificates.ts";
import { count, duration, flag, readMetadata, requestOptions, text, texts, unlisted } from "../options.ts";
import { exitCode } from "../problem.ts";
import { unreadProduct } from "../product-seen.ts";
import { exitFor, stateText } from "../request-text.ts";
import * as sample from "../samples.ts";
import * as settings from "../settings.ts";
import { trusted } from "../trusted-keys.ts";
import { explainUnknown } from "../unexplained.ts";
import { exitForVerification, verificationText } from "../verification-text.ts";
import { verifyingOptions } from "../verifying-options.ts";
import { explainNotFinal } from "../wait.ts";

export const ensure = command({
  name: "ensure",
  summary: "Have an image signed and verified; run it again, and it asks once.",
  argument: required("image", "registry/repository@sha256:…"),
  options: {
    key: texts("--key <file>", "public key to trust (default: the product's)"),
    threshold: count("--threshold <count>", "how many keys must have signed (default: 1)"),
    trustTime: verifyingOptions.trustTime,
    ...certificateOptions,
    requireRepository: verifyingOptions.requireRepository,
    ...requestOptions,
    timeout: duration("--timeout <time>", "stop waiting after this time; run it again to go on"),
    again: flag("--again", "request anew what was rejected, or failed"),
    outputs: text("--outputs <file>", "add NAME=value lines to it: image, request, state"),
    summary: text("--summary <file>", "add a summary in Markdown to it"),
    report: texts("--report <file>", "write what came of it: .xml (JUnit), .jsonl or .csv"),
    stateDir: unlisted(text("--state-dir <folder>", "where later runs learn what a killed one did")),
    unreadProduct,
  },
  settings: [...settings.product, ...settings.trust, ...settings.registry],
  examples: [["", `ocisign ensure ${sample.image} --product "OCI SIGN" --timeout 30m`]],
  async run(session, options, given): Promise<Outcome> {
    const image = await readImage(given);
    const { key, threshold, trustTime, timeout, metadata, name, description } = options;
    const mayBeUnread = options.unreadProduct;
    const operation = session.settings.operation?.value;
    const details = { name, description, metadata: readMetadata(metadata), operation };
    const certificates = readTrustedCertificates(options);
    const teller = new Teller(session, image, options);
    return teller.telling(async () => {
      const { ensured } = await import("../ensure/run.ts");
      const trust = await trusted(session, certificates, key, threshold, { trustTime, requests: true });
      const onRequest = (signing: Signing) => teller.requested(signing);
      const result = await ensured(session, image, { ...options, trust, details, mayBeUnread, onRequest });
      return { ...result, timeout };
    });
  },
  text({ image, signing, verification }, output) {
    const request = signing && `request ${signing.id}: ${stateText(signing)}`;
    const found = verification ? verificationText(verification, output) : `not signed  ${image.canonical}`;
    return request ? `${request}\n${found}` : found;
  },
  json(result) {
    const { image, signing, takenUp, verification } = result;
    const { canonical, digest } = image;
    return { state: stateOf(result), image: canonical, digest, takenUp, signing, verification };
  },
  beside({ signing, verification, timeout }, session) {
    if (!signing || verification) return;
    explainUnknown(session, signing);
    explainNotFinal(session, signing, timeout);
    if (!signing.final) session.output.note("Or run the same command again: it takes up this request.");
  },
  exit({ signing, verification }) {
    if (verification) return exitForVerification(verification);
    return signing ? exitFor(signing) : exitCode.error;
  },
});

interface Outcome extends Ensured {
  readonly timeout: number | undefined;
}
