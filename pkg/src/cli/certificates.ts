// Client certificates and private CAs. They are checked here, where the message can name the file; a TLS handshake
// would only fail.
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import { readText, systemCode, unreadable } from "./input.ts";
import { readPem } from "./pem-file.ts";
import { usage } from "./problem.ts";
import { keepSecret } from "./secrets.ts";
import type { Setting, Settings } from "./settings.ts";

const certificateBegins = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----/g;
const keyBlock = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;

/** As Node's TLS takes it: PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
  readonly passphrase: string | undefined;
}

export function readClientCertificate(
  { cert, tlsKey }: Settings,
  env: NodeJS.ProcessEnv,
): ClientCertificate | undefined {
  if (!cert && tlsKey) throw usage(`${tlsKey.from} is given without a certificate.`, "Give --cert, too.");
  if (!cert) return undefined;
  const pem = readPem(cert);
  const [certificate] = certificatesIn(pem, cert);
  if (!tlsKey && !keyBlock.test(pem)) {
    throw usage(`${cert.from} is given without its key.`, "Give --tls-key, or a file that holds both.");
  }
  const place = tlsKey ?? cert;
  const key = tlsKey ? readPem(tlsKey) : pem;
  const passphrase = env.OCISIGN_TLS_PASSPHRASE;
  if (passphrase) keepSecret(passphrase);
  if (!certificate.checkPrivateKey(readPrivateKey(key, passphrase, place))) {
    const what = `it is not the key of the certificate of ${cert.from}`;
    throw unreadable(place.value, place.from, what, "Give a certificate and its own key.");
  }
  return { cert: pem, key, passphrase };
}

/** The usual CAs, and those of the file. */
export function readCertificateAuthorities(cacert: Setting | undefined): string[] | undefined {
  if (!cacert) return undefined;
  const own = certificatesIn(readPem(cacert), cacert);
  return [...usualAuthorities(), ...own.map(String)];
}

/** Node trusts these by default, and forgets them as soon as one `ca` is given. */
function usualAuthorities(): readonly string[] {
  // Newer than the types of Node 20.
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  if (getCACertificates) return getCACertificates("default");
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return [...tls.rootCertificates, ...(extra ? [readText(extra, "NODE_EXTRA_CA_CERTS")] : [])];
}

/** The certificates of a file's text. */
export function certificatesIn(
  pem: string,
  { value, from }: Setting,
): [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = blocksIn(pem);
  if (first === undefined) {
    throw unreadable(value, from, "it holds no PEM certificate", "Give a certificate in PEM or DER.");
  }
  const read = (block: string) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw unreadable(value, from, "a certificate in it is damaged", "Export the certificate again.");
    }
  };
  return [read(first), ...others.map(read)];
}

/** The blocks of certificates, each from its beginning to the end of its name. */
function blocksIn(pem: string): string[] {
  const blocks: string[] = [];
  /** What has no end from here on: a file of beginnings is not searched again from each of them. */
  const endless = new Set<string>();
  let done = 0;
  for (const { index, 0: begin, 1: name } of pem.matchAll(certificateBegins)) {
    const end = `-----END ${name}-----`;
    if (index < done || endless.has(end)) continue;
    const at = pem.indexOf(end, index + begin.length);
    if (at < 0) {
      endless.add(end);
      continue;
    }
    done = at + end.length;
    blocks.push(pem.slice(index, done));
  }
  return blocks;
}

function readPrivateKey(key: string, passphrase: string | undefined, { value, from }: Setting): KeyObject {
  try {
    return createPrivateKey({ key, passphrase });
  } catch {
    // OpenSSL has many codes for these two, from version to version.
    if (/ENCRYPTED/.test(key) && !passphrase) {
      throw unreadable(value, from, "the key is encrypted", "Set OCISIGN_TLS_PASSPHRASE.");
    }
    if (/ENCRYPTED/.test(key)) {
      throw unreadable(value, from, "OCISIGN_TLS_PASSPHRASE does not open it", "Set the right passphrase.");
    }
    if (/OPENSSH PRIVATE KEY/.test(key)) {
      throw unreadable(
        value,
        from,
        "it holds a key of OpenSSH",
        "Write it as PEM: ssh-keygen -p -m pkcs8 -f FILE",
      );
    }
    throw unreadable(
      value,
      from,
      "it holds no private key that can be read",
      "Give a private key in PEM or DER.",
    );
  }
}

/** OpenSSL's results for a chain that ends in no trusted CA (openssl-verification-options(1)), as Node spells them. */
const unknownAuthority = new Set([
  ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ...["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "CERT_UNTRUSTED", "INVALID_CA"],
]);

/** Did a call fail because no trusted CA signed the server's certificate? */
export function isUnknownAuthority(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return unknownAuthority.has(systemCode(error)) || isUnknownAuthority(error.cause);
}
