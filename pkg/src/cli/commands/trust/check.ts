// `ocisign trust check`: reads a trust file, warns of what is allowed and seldom meant, and says what holds for images.
import type { TrustPolicy } from "ocisign";
import { command, optional } from "../../command.ts";
import { text, texts } from "../../options.ts";
import { usage } from "../../problem.ts";
import * as sample from "../../samples.ts";
import * as settings from "../../settings.ts";
import { type CheckedTrust, checkedTrust, checkedTrustText } from "../../trust/checked.ts";
import { readTrustFile, timeOf } from "../../trust-file.ts";

export const check = command({
  name: "check",
  summary: "Read a trust file, and tell what it says of images.",
  argument: optional("file", "the trust file (default: what --trust or OCISIGN_TRUST names)"),
  options: {
    image: texts("--image <image>", "an image: tell the rule and the keys that count; may be repeated"),
    fromFile: text("--from-file <file>", "the same of each line of a list; - is standard input"),
    trustTime: text("--trust-time <time>", "when keys have to count, as in 2026-11-29 (default: now)"),
  },
  settings: [...settings.trust],
  examples: [
    [
      "Who has to have signed this image?",
      `ocisign trust check trust.json --image ${sample.image}`,
      "ocisign trust check trust.json --from-file images.txt",
    ],
  ],
  notes: "Exit codes: 0 good, 1 a mistake in the file, 5 an image without rule or key.",
  async run(session, options, file): Promise<CheckedTrust> {
    const given = file === undefined ? session.settings.trust : { value: file, from: "FILE" };
    if (!given) throw usage("No trust file is given.", "Name one, or set OCISIGN_TRUST.");
    const policy: TrustPolicy = await readTrustFile(given.value, given.from);
    const { imagesOf } = await import("../../trust/images.ts");
    const images = await imagesOf(session, options);
    return checkedTrust(policy, images, timeOf(options.trustTime) ?? new Date());
  },
  text: checkedTrustText,
  exit: ({ exit }) => exit,
  json: ({ exit: _, ...document }) => document,
});
