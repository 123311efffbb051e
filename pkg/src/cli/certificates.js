// Client certificates and private CAs. What is wrong with them is found here, where it can be said which file it
// is; a TLS handshake would only fail.
import { createPrivateKey, X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import { rootCertificates } from "node:tls";
import { readText, unreadable } from "./files.js";
import { usage } from "./problem.js";
import { keepSecret } from "./secrets.js";

const certificateBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const keyBlock = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;

/** @typedef {{ cert: string, key: string, passphrase?: string }} ClientCertificate */

/**
 * @param {import("./settings.js").Settings} settings @param {NodeJS.ProcessEnv} env
 * @returns {ClientCertificate | undefined}
 */
export function readClientCertificate({ cert, tlsKey }, env) {
  if (!cert && !tlsKey) return undefined;
  if (!cert) throw usage(`${tlsKey?.from} is given without a certificate.`, "Give --cert, too.");
  const pem = readText(cert.value, cert.from);
  const [certificate] = certificatesIn(pem, cert);
  if (!tlsKey && !keyBlock.test(pem)) {
    throw usage(`${cert.from} is given without its key.`, "Give --tls-key, or a file that holds both.");
  }
  const place = tlsKey ?? cert;
  const key = tlsKey ? readText(tlsKey.value, tlsKey.from) : pem;
  const passphrase = env.OCISIGN_TLS_PASSPHRASE;
  if (passphrase) keepSecret(passphrase);
  if (!certificate.checkPrivateKey(readPrivateKey(key, passphrase, place))) {
    const what = `it is not the key of the certificate in ${cert.value}`;
    throw unreadable(place.value, place.from, what, "Give the two that belong together.");
  }
  return { cert: pem, key, passphrase };
}

/** Those that are trusted anyway, and these. @param {import("./settings.js").Setting | undefined} cacert */
export function readCertificateAuthorities(cacert) {
  if (!cacert) return undefined;
  const own = certificatesIn(readText(cacert.value, cacert.from), cacert);
  return [...usualAuthorities(), ...own.map(String)];
}

/** What Node trusts when it is not told otherwise, which is forgotten as soon as one `ca` is given. */
function usualAuthorities() {
  const { getCACertificates } = /** @type {{ getCACertificates?: (type: "default") => string[] }} */ (tls);
  if (getCACertificates) return getCACertificates("default");
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  return [...rootCertificates, ...(extra ? [readText(extra, "NODE_EXTRA_CA_CERTS")] : [])];
}

/** @param {string} pem @param {import("./settings.js").Setting} place */
function certificatesIn(pem, { value, from }) {
  const blocks = pem.match(certificateBlock);
  if (!blocks) throw unreadable(value, from, "it holds no PEM certificate", "Give a file in PEM.");
  return blocks.map((block) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw unreadable(value, from, "a certificate in it is damaged", "Export it again.");
    }
  });
}

/** @param {string} key @param {string | undefined} passphrase @param {import("./settings.js").Setting} place */
function readPrivateKey(key, passphrase, { value, from }) {
  try {
    return createPrivateKey({ key, passphrase });
  } catch {
    // OpenSSL has many codes for these two, from version to version.
    if (/ENCRYPTED/.test(key) && !passphrase) {
      throw unreadable(value, from, "the key is encrypted", "Set OCISIGN_TLS_PASSPHRASE.");
    }
    if (/ENCRYPTED/.test(key)) {
      throw unreadable(value, from, "OCISIGN_TLS_PASSPHRASE does not open it", "Set the right one.");
    }
    throw unreadable(value, from, "it holds no private key that can be read", "Give a PEM private key.");
  }
}
