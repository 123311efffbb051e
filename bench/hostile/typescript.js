// The readers in TypeScript, each with texts that would be slow if it went back, searched again or copied.
import { growing, numbered, repeated } from "../lib/growing.js";

/**
 * @typedef {(bytes: number) => string} Text
 *
 * @typedef {object} Hostile
 * @property {string} what the reader, and what the text is made of
 * @property {(bytes: number) => unknown} make
 * @property {(given: any) => unknown} read may throw: most of this is refused
 */

/** The cases of the bench. */
export async function readersInTypeScript() {
  return (await hostileTexts()).map(({ what, make, read }) => growing(what, make, read));
}

/** @returns {Promise<Hostile[]>} */
export async function hostileTexts() {
  const read = await import("../../tests/support/readers.js");
  return [...json(read), ...proofs(read), ...headers(read), ...files(read), ...secrets(read.secretLooking)];
}

/** @typedef {typeof import("../../tests/support/readers.js")} Readers */

/** @param {Readers} readers */
function json({ parseStrictly, manifestAt, shapes, candidatesIn, readConfig, layoutEntries }) {
  const strictly = (/** @type {Uint8Array} */ bytes) =>
    parseStrictly(bytes, "The text", shapes.manifestShape);
  const layer = `{"mediaType":"a","digest":"sha256:${"0".repeat(64)}","size":1},`;
  return [
    ...each("strict JSON", strictly, {
      names: numbered('"name #":1,', "{", '"x":1}'),
      "the same name": repeated('"name":1,', "{", '"x":1}'),
      backslashes: repeated("\\\\", '"', '"'),
      "escaped quotes": repeated('\\"', '"', '"'),
      "escaped names": numbered('"\\u0061#":1,', "{", '"x":1}'),
      "open brackets": repeated("["),
      "open braces": repeated('{"a":', "", "1"),
      "one number": repeated("9"),
      "white space": repeated(" ", "[", "1]"),
    }),
    ...each("a manifest", (bytes) => manifestAt(bytes, "The manifest", "manifest"), {
      layers: repeated(layer, '{"layers":[', `${layer.slice(0, -1)}]}`),
    }),
    ...each("a signature manifest", (bytes) => candidatesIn(bytes, { isReferrer: true, isGiven: false }), {
      layers: repeated(layer, '{"layers":[', `${layer.slice(0, -1)}]}`),
    }),
    ...each("a config", readConfig, { variables: numbered('"A#=1",', '{"config":{"Env":[', '"A=1"]}}') }),
    ...each("a layout's index", layoutEntries.entriesIn, {
      manifests: repeated(layer, '{"schemaVersion":2,"manifests":[', `${layer.slice(0, -1)}]}`),
    }),
  ];
}

/** @param {Readers} readers */
function proofs(readers) {
  const image = readers.parseReference(`registry.example/team/app@sha256:${"0".repeat(64)}`);
  const envelope =
    '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":{"payloadType":"application/vnd.in-toto+json","payload":"';
  const named = '{"critical":{"identity":{"docker-reference":"';
  const rest = `"},"image":{"docker-manifest-digest":"sha256:${"0".repeat(64)}"},"type":"cosign container image signature"},"optional":null}`;
  return [
    ...each("a payload", (bytes) => readers.checkPayload(bytes, image), {
      "a long name": repeated("a/", named, rest),
      "a name of colons": repeated(":", named, rest),
    }),
    ...each("a bundle", (bytes) => readers.openBundle(bytes, true, true), {
      "a long payload": repeated("AAAA", envelope, '","signatures":[{"sig":"AAAA"}]}}'),
      signatures: repeated('{"sig":"AAAA"},', `${envelope}AAAA","signatures":[`, '{"sig":"AAAA"}]}}'),
    }),
    ...each("a statement", (bytes) => readers.checkStatement(bytes, image), {
      subjects: repeated(
        '{"digest":{}},',
        '{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://sigstore.dev/cosign/sign/v1","subject":[',
        "{}]}",
      ),
    }),
    {
      what: "an ECDSA signature: zeros",
      make: (/** @type {number} */ bytes) => new Uint8Array(bytes).fill(0x30, 0, 1),
      read: (/** @type {Uint8Array} */ der) => readers.fixedLength(der, "P-521"),
    },
    ...eachText("a given signature", readers.readings, {
      blanks: repeated(" "),
      hexadecimal: repeated("0f"),
    }),
    ...eachText("base64", readers.base64.signatureFrom, { "line breaks": repeated("AAAA\r\n") }),
    ...each("a proof file", readers.readProof, {
      blobs: repeated(
        "{},",
        '{"mediaType":"application/vnd.ocisign.proof+json","version":1,"blobs":[',
        "{}]}",
      ),
    }),
  ];
}

/** @param {Readers} readers */
function headers({ parseChallenges, parseLinks, retryAfterSeconds, momentOf }) {
  return [
    ...eachText("WWW-Authenticate", parseChallenges, {
      words: repeated("a "),
      commas: repeated(","),
      parameters: numbered("a#=b,", "Bearer "),
      token68: repeated("a", "Basic ", "!"),
      "equals signs": repeated("a= ", "Basic "),
      quotes: repeated('\\"', 'Bearer realm="'),
    }),
    ...eachText("Link", parseLinks, {
      links: numbered('</#>; rel="next", '),
      "open brackets": repeated("<"),
      parameters: numbered(";a#=b", "</>"),
      relations: repeated("next ", '</>; rel="', '"'),
      quotes: repeated('\\"', '</>; rel="'),
    }),
    ...eachText("Retry-After", (text) => retryAfterSeconds(() => text), {
      blanks: repeated(" ", "", "x"),
      digits: repeated("1"),
    }),
    ...eachText("a time", momentOf, { digits: repeated("1", "2026-01-01T00:00:00.", "x") }),
  ];
}

/** @param {Readers} readers */
function files({ pem, keyBlocks, trust, signIns }) {
  const key = "-----BEGIN PUBLIC KEY-----\n";
  const registry = "registry.example";
  const keysOf = (/** @type {any} */ kept) => signIns.keysFor({ registry }, Object.keys(kept.auths));
  const start = `{"version":1,"keys":{"a":{"publicKey":${JSON.stringify(publicKey)}}},"rules":[`;
  return [
    ...eachText("certificates in PEM", (text) => pem.derIn(text, "The file"), {
      beginnings: repeated("-----BEGIN CERTIFICATE-----\n"),
      "empty blocks": repeated("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
      blocks: repeated("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
      dashes: repeated("-----"),
    }),
    ...eachText("keys in PEM", keyBlocks, {
      beginnings: repeated(key),
      blocks: repeated(`${key}AAAA\n-----END PUBLIC KEY-----\n`),
      "a JWK's blanks": repeated(" ", '{"kty"'),
    }),
    ...eachText("a registry's key in a file of sign-ins", (key) => signIns.keysFor({ registry }, [key]), {
      slashes: repeated("/", `${registry}/`, "x"),
    }),
    ...eachText("a file of sign-ins", (text) => keysOf(signIns.keptIn(text, "config.json")), {
      keys: numbered(`"https://${registry}/#":{},`, '{"auths":{', '"x":{}}}'),
      "open brackets": repeated("["),
    }),
    ...eachText("a trust file", trust.readTrust, {
      "open brackets": repeated("["),
      mistakes: repeated("x "),
      rules: numbered('{"name":"#","images":["r.example/a/#"],"keys":["a"]},', start, "{}]}"),
      "names of keys": numbered('"#",', `${start}{"name":"a","images":["r.example/a/b"],"keys":[`, "1]}]}"),
      "one long name": repeated("b", `${start}{"name":"a","images":["r.example/a/b"],"keys":["`, '"]}]}'),
      "one long field": repeated("b", '{"', '":1}'),
    }),
  ];
}

// As `openssl ec -pubout` wrote it.
const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEizv9hs9wZLIF4uGo+X4JDEJb3f96
GpuqIECBpPfSx0t/QPVfVnNtU1YSuk4EllZT2+1LL2QvotQYHftA+YqXHw==
-----END PUBLIC KEY-----
`;

/** @param {Readers["secretLooking"]} rule */
function secrets({ withoutSecrets, looksSecret }) {
  return [
    ...eachText("the rule for secrets", withoutSecrets, {
      "open quotes": repeated('TOKEN=\\"'),
      assignments: numbered("TOKEN=x# "),
      schemes: repeated("://"),
      users: repeated("://a:", "", "@"),
      options: repeated("-a '-b \" "),
      passwords: repeated(" -p"),
      logins: repeated("login -p "),
      "private keys": repeated("-----BEGIN PRIVATE KEY-----\n"),
      "one private key": repeated("A", "-----BEGIN PRIVATE KEY-----\n"),
      tokens: repeated("eyJaaaaaaaa."),
      arguments: repeated("a=b ", "|1 "),
      blanks: repeated(" "),
      "one word": repeated("a"),
      bearers: repeated("Bearer  "),
    }),
    ...eachText("does a value look secret?", (text) => looksSecret("NAME", text), {
      words: repeated("key: "),
    }),
  ];
}

/** @param {string} reader @param {(text: string) => unknown} read @param {Readonly<Record<string, Text>>} texts */
function eachText(reader, read, texts) {
  return Object.entries(texts).map(([name, make]) => ({ what: `${reader}: ${name}`, make, read }));
}

/** The same of a reader of bytes. @param {string} reader @param {(bytes: Uint8Array<ArrayBuffer>) => unknown} read @param {Readonly<Record<string, Text>>} texts */
function each(reader, read, texts) {
  return Object.entries(texts).map(([name, make]) => ({
    ...{ what: `${reader}: ${name}`, read },
    make: (/** @type {number} */ bytes) => new TextEncoder().encode(make(bytes)),
  }));
}
