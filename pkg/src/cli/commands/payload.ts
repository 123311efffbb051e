// `ocisign payload`: what a signer elsewhere has to sign of an image. It asks nobody.
import type { BytesToSign } from "ocisign";
import { command, required } from "../command.ts";
import { formatOption, formatsOf } from "../digest/formats.ts";
import { type HashName, hashes, hashNamed } from "../digest/hashes.ts";
import { readImage } from "../image.ts";
import { choice } from "../options.ts";
import { usage } from "../problem.ts";
import * as sample from "../samples.ts";

/** What was asked for, and in which form. */
interface Outcome {
  readonly reference: string;
  readonly payload: BytesToSign;
  readonly digest: HashName | undefined;
  readonly encoding: string | undefined;
}

export const payload = command({
  name: "payload",
  summary: "Print what a signer elsewhere has to sign of an image.",
  isRare: true,
  argument: required("image", "registry/repository@sha256:…"),
  options: {
    format: formatOption,
    digest: choice("--digest <hash>", "print the digest, for a signer that takes one", hashes),
    encoding: choice("--encoding <encoding>", "of the digest (default: hex)", [
      ...(["hex", "base64", "raw"] as const),
    ]),
  },
  examples: [
    [
      "Sign with a key that ocisign does not hold, and attach the signature.",
      `ocisign payload ${sample.image} > payload`,
      "openssl dgst -sha256 -sign private.pem -out payload.sig payload",
      `ocisign attach ${sample.image} --signature payload.sig --key public.pem`,
    ],
  ],
  notes: `Each format signs bytes of its own: simple-signing cosign's payload, bundle
DSSE's pre-authentication encoding of the statement that cosign 3 writes.`,
  async run(_session, { format, digest, encoding }, text): Promise<Outcome> {
    if (format === "both") {
      throw usage(
        "Each format has a payload of its own.",
        "Give --format simple-signing or --format bundle.",
      );
    }
    if (encoding !== undefined && digest === undefined) {
      throw usage("--encoding is that of a digest.", "Add --digest sha256, or leave --encoding out.");
    }
    const { signingPayload } = await import("ocisign");
    const image = await readImage(text);
    const [wanted = "simple-signing"] = formatsOf(format);
    const hash = hashNamed(digest);
    return {
      reference: image.canonical,
      payload: await signingPayload(image, wanted),
      digest: hash,
      encoding,
    };
  },
  text({ payload: { bytes, ...hex }, digest, encoding }, output) {
    if (!digest) output.printBytes(bytes);
    else if (encoding === "raw") output.printBytes(Buffer.from(hex[digest], "hex"));
    else return encoding === "base64" ? Buffer.from(hex[digest], "hex").toString("base64") : hex[digest];
    return undefined;
  },
  json({ reference, payload: { format, bytes, sha256, sha384, sha512 } }) {
    return { reference, format, bytes: Buffer.from(bytes).toString("base64"), sha256, sha384, sha512 };
  },
});
