// A PKI for code signing, made by openssl: CAs of any depth, and certificates with whatever extensions a test wants.
import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { element, elementsIn, pem, sequence } from "./judging/der.js";

/** As `generateKeyPairSync` takes them. */
const kinds = /** @type {const} */ ({
  "P-256": ["ec", { namedCurve: "P-256" }],
  "P-384": ["ec", { namedCurve: "P-384" }],
  "P-521": ["ec", { namedCurve: "P-521" }],
  rsa: ["rsa", { modulusLength: 2048 }],
  "rsa-1024": ["rsa", { modulusLength: 1024 }],
  ed25519: ["ed25519", {}],
});

/** Extensions as openssl's configuration writes them. */
export const ca = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];
export const signing = [
  "basicConstraints=critical,CA:FALSE",
  "keyUsage=critical,digitalSignature",
  "extendedKeyUsage=codeSigning",
];

/**
 * A certificate with something else in it, signed anew by its issuer, which has a key of P-256.
 *
 * @param {Certificate} certificate @param {Certificate} issuer
 * @param {(parts: Buffer[]) => Buffer[]} change of what is signed: version, number, algorithm, issuer, validity, subject, …
 * @returns {Certificate}
 */
export function changed(certificate, issuer, change) {
  const [signed = certificate.der, algorithm = certificate.der] = elementsIn(certificate.der);
  const own = sequence(...change(elementsIn(signed)));
  const signature = element(3, Buffer.from([0]), sign("sha256", own, issuer.privateKey));
  const der = sequence(own, algorithm, signature);
  return { ...certificate, der, pem: pem(der, "CERTIFICATE") };
}

/** The middle of the time in which certificates are valid if a test says nothing else. */
export const now = "2026-06-15T12:00:00Z";

/**
 * @typedef {object} Certificate
 * @property {string} name of its files
 * @property {string} pem
 * @property {Buffer} der
 * @property {string} keyPem its private key
 * @property {import("node:crypto").KeyObject} privateKey
 * @property {string} publicKey in PEM
 * @property {string} file its path
 */

/** Of certificates that are valid whenever a test runs. */
export const lasting = { from: "20200101000000Z", until: "20991231235959Z" };

/** A folder of certificates, which {@link Pki.close} removes. */
export class Pki {
  #folder = mkdtempSync(join(tmpdir(), "ocisign-pki-"));
  #count = 0;

  get folder() {
    return this.#folder;
  }

  /** @param {...string} args */
  openssl(...args) {
    return execFileSync("openssl", args, { cwd: this.#folder, stdio: ["ignore", "pipe", "pipe"] });
  }

  /**
   * A certificate, issued by itself or by another one.
   *
   * @param {string} subject such as `/CN=Release signing/O=Example`
   * @param {{ issuer?: Certificate, extensions?: string[], kind?: keyof typeof kinds, from?: string, until?: string,
   *   key?: Pick<Certificate, "keyPem">, digest?: string, more?: string[] }} [options] times as `20260101000000Z`; `key` is another
   *   one whose key it gets
   * @returns {Certificate}
   */
  issue(subject, options = {}) {
    const { issuer, extensions = issuer ? signing : ca, kind = "P-256", key, digest, more = [] } = options;
    const { from = "20260101000000Z", until = "20270101000000Z" } = options;
    const name = `c${++this.#count}`;
    writeFileSync(this.#path(`${name}.key`), key?.keyPem ?? newKey(kind));
    writeFileSync(
      this.#path(`${name}.cnf`),
      [
        "[ca]\ndefault_ca=own\n[own]\ndatabase=index\nnew_certs_dir=.\npolicy=any\nunique_subject=no",
        "rand_serial=yes\nemail_in_dn=yes\n[any]\n",
        ...["C", "ST", "O", "OU", "CN", "emailAddress"].map((it) => `${it}=optional`),
        "[req]\ndistinguished_name=dn\n[dn]\n[ext]",
        ...extensions,
        ...more,
      ].join("\n"),
    );
    writeFileSync(this.#path("index"), "");
    const config = ["-config", `${name}.cnf`];
    this.openssl(
      "req",
      "-new",
      ...config,
      "-utf8",
      "-key",
      `${name}.key`,
      "-subj",
      subject,
      "-out",
      `${name}.csr`,
    );
    // Not `openssl x509`: this one can write any time.
    const way = kindOf(issuer ?? { keyPem: readFileSync(this.#path(`${name}.key`), "utf8") });
    const by = issuer
      ? ["-cert", `${issuer.name}.pem`, "-keyfile", `${issuer.name}.key`]
      : ["-selfsign", "-keyfile", `${name}.key`];
    const extended = extensions.length > 0 ? ["-extensions", "ext"] : [];
    const hash = ["-md", way === "ed25519" ? "null" : (digest ?? "sha256")];
    const times = ["-startdate", from, "-enddate", until];
    this.openssl(
      "ca",
      ...config,
      "-batch",
      "-notext",
      "-preserveDN",
      ...by,
      ...extended,
      ...hash,
      ...times,
      "-in",
      `${name}.csr`,
      "-out",
      `${name}.pem`,
    );
    return this.#read(name);
  }

  /** @param {string} name @returns {Certificate} */
  #read(name) {
    const pem = readFileSync(this.#path(`${name}.pem`), "utf8");
    const keyPem = readFileSync(this.#path(`${name}.key`), "utf8");
    const privateKey = createPrivateKey(keyPem);
    const publicKey = String(createPublicKey(privateKey).export({ type: "spki", format: "pem" }));
    const file = this.#path(`${name}.pem`);
    return {
      name,
      pem,
      der: new X509Certificate(pem).raw,
      keyPem,
      privateKey,
      publicKey,
      file,
    };
  }

  /**
   * What openssl says of a chain: whether it leads to a root, and why not.
   *
   * @param {{ leaf: Certificate, chain?: Certificate[], root: Certificate, at?: string }} given
   */
  judge({ leaf, chain = [], root, at = now }) {
    const untrusted = this.#path("untrusted.pem");
    writeFileSync(untrusted, chain.map(({ pem }) => pem).join(""));
    const time = String(Date.parse(at) / 1000);
    const args = [
      "verify",
      "-x509_strict",
      "-attime",
      time,
      "-CAfile",
      root.file,
      ...(chain.length > 0 ? ["-untrusted", untrusted] : []),
      leaf.file,
    ];
    try {
      this.openssl(...args);
      return { holds: true, why: "" };
    } catch (error) {
      return { holds: false, why: String(/** @type {{ stderr?: Buffer }} */ (error).stderr) };
    }
  }

  /** @param {string} file */
  #path(file) {
    return join(this.#folder, file);
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** @param {keyof typeof kinds} kind */
function newKey(kind) {
  const [type, options] = kinds[kind];
  // Each pair of the table fits; the types want one at a time.
  const how = { ...options, privateKeyEncoding: { type: "pkcs8", format: "pem" } };
  return String(generateKeyPairSync(/** @type {any} */ (type), /** @type {any} */ (how)).privateKey);
}

/** @param {Pick<Certificate, "keyPem">} certificate */
function kindOf({ keyPem }) {
  return createPrivateKey(keyPem).asymmetricKeyType;
}
