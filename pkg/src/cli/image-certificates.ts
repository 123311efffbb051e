// Which certificates of signatures count, as options say it. Their files are read here, where the message can name them;
// the library judges what is in them.
import type { CertificateOptions } from "ocisign";
import { certificatesIn } from "./certificates.ts";
import { text, texts } from "./options.ts";
import { readPem } from "./pem-file.ts";
import { usage } from "./problem.ts";
import { instantIn } from "./watch/since.ts";

export const certificateOptions = {
  certificateRoot: texts(
    "--certificate-root <file>",
    "CA below which code-signing certificates count; may be repeated",
  ),
  certificateIntermediate: texts(
    "--certificate-intermediate <file>",
    "CA below it that signatures do not carry, as bundles cannot; may be repeated",
  ),
  certificateIdentity: texts(
    "--certificate-identity <name>",
    "mail address, URL or host that the certificate has to be for, exactly; of several, any one",
  ),
  certificateSubject: text(
    "--certificate-subject <name>",
    "subject that it has to have, exactly, as in CN=Release,O=Example",
  ),
  certificateTime: text(
    "--certificate-time <time>",
    "when certificates have to be valid, as in 2026-11-29 (default: now)",
  ),
};

/** Their flags: the help of a command leaves them to the topic. */
export const certificateFlags: readonly string[] = Object.values(certificateOptions).map(
  ({ make }) => make().long ?? "",
);

/** What these options give. */
export interface GivenCertificates {
  readonly certificateRoot: readonly string[] | undefined;
  readonly certificateIntermediate: readonly string[] | undefined;
  readonly certificateIdentity: readonly string[] | undefined;
  readonly certificateSubject: string | undefined;
  readonly certificateTime: string | undefined;
}

/** Undefined where no certificate is asked for. */
export function readTrustedCertificates(given: GivenCertificates): CertificateOptions | undefined {
  const { certificateRoot, certificateIntermediate = [], certificateIdentity, certificateSubject } = given;
  if (!certificateRoot) {
    const names = Object.keys(certificateOptions) as (keyof typeof certificateOptions)[];
    const alone = names.find((name) => given[name] !== undefined);
    if (!alone) return undefined;
    const option = certificateOptions[alone].make().long;
    throw usage(`${option} needs --certificate-root.`, "Name the file of the CA that you trust.");
  }
  return {
    roots: certificateRoot.map((file) => readCertificateFile(file, "--certificate-root")),
    intermediates: certificateIntermediate.map((file) =>
      readCertificateFile(file, "--certificate-intermediate"),
    ),
    identity: certificateIdentity,
    subject: certificateSubject,
    at: timeOf(given.certificateTime),
  };
}

/** The certificates of a file in PEM, and nothing else that it holds, such as the key beside one. */
export function readCertificateFile(value: string, from: string): string {
  const place = { value, from, isFlag: true };
  return certificatesIn(readPem(place), place).map(String).join("");
}

function timeOf(given: string | undefined): Date | undefined {
  if (given === undefined) return undefined;
  const at = instantIn(given);
  if (at !== undefined) return new Date(at);
  throw usage(
    "--certificate-time is neither a time nor a date.",
    "Write it as in 2026-11-29 or 2026-11-29T08:00:00Z.",
  );
}
