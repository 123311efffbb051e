// What may be asked of signatures beside the key, which `ocisign help verifying` explains: more than a command's own
// help has room for.

import { layoutOption } from "./layout/open.ts";
import { duration, flag, text, texts } from "./options.ts";
import { signedAsOption } from "./signed-as.ts";

export const verifyingOptions = {
  layout: layoutOption,
  platform: text("--platform <os/arch>", "with --layout: the image of an index for this platform"),
  proof: text(
    "--proof <file>",
    "verify what `ocisign bundle` wrote, and ask no registry; - is standard input",
  ),
  coveredBy: text(
    "--covered-by <index>",
    "an index whose signature counts, too, if it lists the image, which is not signed itself",
  ),
  require: texts(
    "--require <type>",
    "an attestation that has to be there, such as slsaprovenance, spdx or a URL; may be repeated",
  ),
  attestations: flag("--attestations", "verify the attestations that are there, too"),
  requireRepository: flag("--require-repository", "refuse signatures that name no repository"),
  signedAs: signedAsOption,
  trustTime: text("--trust-time <time>", "with --trust: when keys have to count, as in 2026-11-29"),
  signaturesIn: text("--signatures-in <repository>", "repository of the signatures, if another"),
  totalTimeout: duration("--total-timeout <time>", "stop reading the registry after it (default: 5m)"),
};

/** Their flags: the help of a command leaves them to the topic. */
export const verifyingFlags: readonly string[] = Object.values(verifyingOptions).map(
  ({ make }) => make().long ?? "",
);
