// The core's readers through the package, each with what would be slow if it went back, searched again or copied.
import {
  artifactOf,
  buildProduct,
  buildSigningRequest,
  checkRegistry,
  checkUrl,
  decodeArtifactUri,
  decodeStatus,
  isDigest,
  parseReference,
  publicKey,
  readPublicKey,
  SigningClient,
  scanReferences,
} from "ocisign";
import { growing, numbered, repeated } from "../lib/growing.js";

const digest = `sha256:${"0".repeat(64)}`;
const image = `a.example/b@${digest}`;
const group = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
const ids = { productId: "e1ec8ea5", operationId: "b4f4c9e4" };

export function readersInTheCore() {
  return [...references(), ...encodings(), ...products(), ...requests(), ...profiles(), ...replies()];
}

function references() {
  return [
    ...each("a reference", parseReference, {
      labels: repeated("a."),
      dashes: repeated("-", "a.example/b", `c@${digest}`),
      components: repeated("a/", "a.example/", `a@${digest}`),
      "at signs": repeated("@", "a.example/b"),
      colons: repeated(":", "a.example/b"),
      brackets: repeated("[::1]"),
      "a password": repeated("a", "user:", "@a.example/b"),
      "schemes everywhere": repeated("://"),
    }),
    ...each("a list", scanReferences, {
      images: repeated(`${image}\n`),
      "short lines": repeated("a.example/b\n"),
      "empty lines": repeated("\r\n"),
      "one line": repeated("a"),
      "one comment": repeated("#"),
      "lines without an end": repeated(`${"a".repeat(1000)}/\n`),
    }),
    ...each("a digest", isDigest, { digits: repeated("0", "sha256:"), colons: repeated(":") }),
    ...each("a URL", (text) => checkUrl(text, "The URL"), {
      segments: repeated("/a", "https://a.example"),
      "encoded dots": repeated("/%2e", "https://a.example"),
      labels: repeated("a.", "https://", "a"),
      slashes: repeated("/", "https://a.example"),
    }),
  ];
}

function encodings() {
  return [
    ...each("an artifact URI", decodeArtifactUri, {
      "one line": repeated("YWFh"),
      "line breaks": repeated("Y\n"),
      padding: repeated("=", "YQ"),
      "a fault at the end": repeated("YW\nFh", "", "?"),
    }),
    ...each("a public key", readPublicKey, {
      dashes: repeated("-"),
      blocks: repeated("-----BEGIN A-----\n"),
      "one block": repeated("MFkw", "-----BEGIN PUBLIC KEY-----\n", "\n-----END PUBLIC KEY-----"),
      blanks: repeated(" "),
      backslashes: repeated("\\n"),
    }),
    growing("a public key: sequences in DER", (bytes) => new Uint8Array(bytes).fill(0x30), readPublicKey),
    growing("a public key: zeros", (bytes) => new Uint8Array(bytes), readPublicKey),
  ];
}

function products() {
  const operation = '{"id":"#","name":"#","operationType":"SignOCI"},';
  const registry = '{"name":"RegistryURL","value":"a.example"},';
  const made = { name: "p", registry: "a.example", allowedGroups: [group] };
  return [
    ...eachValue("a product's key", (product) => publicKey(product, "another"), {
      operations: numbered(operation, '{"productOperations":[', "null]}"),
      "lists in lists": repeated("[],", '{"productOperations":[', "[]]}"),
      fields: numbered('"field #":1,', "{", '"x":1}'),
      "escaped names": numbered('"\\n#":1,', "{", '"x":1}'),
      "one text": repeated("\\\\", '{"id":"', '"}'),
    }),
    ...eachValue("a product's registry", (product) => checkRegistry(image, product), {
      registries: repeated(registry, '{"productConfigItems":[', "null]}"),
    }),
    ...eachValue("a new product", (groups) => buildProduct({ ...made, allowedGroups: groups }), {
      groups: repeated(`"${group}",`, "[", `"${group}"]`),
      "no groups": repeated('"a",', "[", '"a"]'),
    }),
  ];
}

function requests() {
  const parameters = (/** @type {string} */ unit) =>
    repeated(unit, '{"payload":{"optionalParameters":[', "null]}}");
  return [
    ...eachValue("a request to show", artifactOf, {
      parameters: parameters('{"artifactURI":"YQ=="},'),
      numbers: parameters("0,"),
      "a list in place of an object": repeated("0,", '{"payload":[', "0]}"),
      "one artifact": repeated("YWFh", '{"payload":{"optionalParameters":[{"artifactURI":"', '"}]}}'),
    }),
    ...eachValue("a request to send", (more) => buildSigningRequest({ ...ids, artifact: image, ...more }), {
      metadata: numbered('{"name":"#","value":"#"},', '{"metadata":[', '{"name":"a","value":"a"}]}'),
      "a description": repeated("a\\n", '{"description":"', '"}'),
      "unknown fields": numbered('"field #":1,', "{", '"x":1}'),
    }),
  ];
}

function profiles() {
  return eachValue("a profile", (profile) => decodeStatus(16, profile), {
    statuses: numbered('"1#":"waiting",', '{"statuses":{', '"16":"signed"}}'),
    "a long path": repeated("a.", '{"publicKeyPath":"', '"}'),
    "a long route": repeated("{id}", '{"routes":{"signing":"', '"}}'),
    "unknown fields": numbered('"field #":1,', "{", '"x":1}'),
  });
}

function replies() {
  /** @param {string} words */
  const refused = async (words) => {
    const reply = async () => Response.json({ error: words }, { status: 403 });
    await new SigningClient({ baseUrl: "https://a.example", token: "t", fetch: reply }).products();
  };
  return each("what a service says", refused, {
    "one word": repeated("aB1"),
    words: repeated("a "),
    blanks: repeated(" "),
    addresses: repeated("https://a:b@c/?d "),
    "at signs": repeated("@"),
    "hidden characters": repeated("\u202e"),
  });
}

/** @typedef {(bytes: number) => string} Text */

/** @param {string} reader @param {(text: any) => unknown} read @param {Record<string, Text>} texts */
function each(reader, read, texts) {
  return Object.entries(texts).map(([what, make]) => growing(`${reader}: ${what}`, make, read));
}

/** The same of what stands in a text as JSON. @param {string} reader @param {(value: any) => unknown} read @param {Record<string, Text>} texts */
function eachValue(reader, read, texts) {
  return Object.entries(texts).map(([what, make]) =>
    growing(`${reader}: ${what}`, (bytes) => JSON.parse(make(bytes)), read),
  );
}
