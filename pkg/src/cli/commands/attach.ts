// `ocisign attach`: pushes a signature that was made elsewhere. What does not verify is not pushed.
import type { AttachedSignature, SignatureFormat } from "ocisign";
import { visible } from "../../shown/visible.ts";
import { command, required } from "../command.ts";
import { attachedText } from "../digest/attached-text.ts";
import { formatOption } from "../digest/formats.ts";
import { readSignature } from "../digest/signature-file.ts";
import { readImage } from "../image.ts";
import { readCertificateFile } from "../image-certificates.ts";
import { readKeyIn } from "../key-file.ts";
import { requiredText, text } from "../options.ts";
import { usage } from "../problem.ts";
import { registryOptions } from "../registry-options.ts";
import * as sample from "../samples.ts";
import * as settings from "../settings.ts";

interface Outcome extends AttachedSignature {
  readonly reference: string;
}

export const attach = command({
  name: "attach",
  summary: "Attach a signature that was made elsewhere to an image.",
  isRare: true,
  argument: required("image", "registry/repository@sha256:…"),
  options: {
    signature: text("--signature <file>", "signature over `ocisign payload`; - is standard input"),
    signatureBundle: text("--signature-bundle <file>", "signature over `ocisign payload --format bundle`"),
    key: requiredText("--key <file>", "public key of the signer, PEM or DER"),
    certificate: text("--certificate <file>", "code-signing certificate of that key, kept beside"),
    chain: text("--chain <file>", "the CAs above the certificate, in their order"),
    format: formatOption,
  },
  settings: settings.registry,
  examples: [
    [
      "Attach what openssl, an HSM or a KMS signed.",
      `ocisign attach ${sample.image} --signature payload.sig --key public.pem`,
    ],
  ],
  notes: `A signature is bytes, base64, base64url or hexadecimal; of ECDSA DER, or r and s
side by side. It is verified first, and signatures that are there stay.`,
  async run(session, options, name): Promise<Outcome> {
    const { signature, signatureBundle, key: file, format } = options;
    const files = filesOf({ signature, signatureBundle, format });
    const { attachSignature } = await import("ocisign");
    const { output, signal, callTimeoutMs: timeoutMs } = session;
    const image = await readImage(name);
    const certified = certificatesOf(options);
    const key = await readKeyIn(file);
    const signatures = new Map<SignatureFormat, string | Uint8Array>();
    for (const [its, from, path] of files) signatures.set(its, await readSignature(path, from));
    const registry = await registryOptions(session, image);
    output.progress(`attaching to ${image.canonical}`);
    const reach = { publicKey: key, ...certified, registry, signal, timeoutMs };
    const [simple, bundle] = [signatures.get("simple-signing"), signatures.get("bundle")];
    const attached =
      simple && bundle
        ? await attachSignature(image, {
            ...reach,
            format: "both",
            signature: { "simple-signing": simple, bundle },
          })
        : await attachSignature(image, {
            ...reach,
            format: bundle ? "bundle" : "simple-signing",
            signature: simple ?? bundle ?? "",
          });
    output.settle();
    return { reference: image.canonical, ...attached };
  },
  text: ({ reference, formats }) => attachedText(reference, formats),
  beside({ reference }, { output }) {
    output.hint(`Next: verify it with \`ocisign verify ${visible(reference)} --key FILE\`.`);
  },
});

/** The certificates that are to be kept beside the signature. */
function certificatesOf({
  certificate,
  chain,
}: {
  certificate: string | undefined;
  chain: string | undefined;
}) {
  if (certificate === undefined) {
    if (chain === undefined) return {};
    throw usage("--chain needs --certificate.", "Give --certificate FILE, with the one of the key.");
  }
  return {
    certificate: readCertificateFile(certificate, "--certificate"),
    chain: chain === undefined ? undefined : readCertificateFile(chain, "--chain"),
  };
}

interface GivenFiles {
  readonly signature: string | undefined;
  readonly signatureBundle: string | undefined;
  readonly format: string | undefined;
}

/** Which file holds the signature in which format. One alone is in the format that is named. */
function filesOf({ signature, signatureBundle, format }: GivenFiles) {
  const both = signature !== undefined && signatureBundle !== undefined;
  const file = signature ?? signatureBundle;
  if (file === undefined) {
    throw usage("No signature is given.", "Give --signature FILE, with what signed `ocisign payload`.");
  }
  const simple = ["simple-signing", "--signature", signature ?? ""] as const;
  const bundle = ["bundle", "--signature-bundle", signatureBundle ?? ""] as const;
  if (both) {
    if (format === undefined || format === "both") return [simple, bundle];
    const fix = "Give --format both, or leave one of the files out.";
    throw usage(`--signature and --signature-bundle are two formats, and --format is ${format}.`, fix);
  }
  if (format === "both") {
    const missing = signature === undefined ? "--signature" : "--signature-bundle";
    const fix = `Give ${missing} FILE, too: each format signs bytes of its own.`;
    throw usage(`--format both needs a signature in each format; ${missing} is missing.`, fix);
  }
  if (signature === undefined) {
    if (format === undefined || format === "bundle") return [bundle];
    throw usage("--signature-bundle is in the format bundle.", "Give --signature, or --format bundle.");
  }
  return format === "bundle" ? [["bundle", "--signature", signature] as const] : [simple];
}
