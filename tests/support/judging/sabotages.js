// Rules of the package that are broken on purpose, one at a time: the second judge has to notice each.
import assert from "node:assert/strict";
import { importLibrary } from "../source.js";

/**
 * @typedef {object} Sabotage
 * @property {string} rule that does not hold any more
 * @property {string} file
 * @property {string} from what stands there once
 * @property {string} to what stands there then
 */

/** @type {readonly (readonly [rule: string, file: string, from: string, to: string])[]} */
const list = [
  [
    "SHA-1 does not count",
    "signature/proof/algorithms.ts",
    '["SHA-256", "SHA-384", "SHA-512"]',
    '["SHA-256", "SHA-384", "SHA-512", "SHA-1" as Hash]',
  ],
  [
    "SHA-384 and SHA-512 count",
    "signature/proof/algorithms.ts",
    '["SHA-256", "SHA-384", "SHA-512"]',
    '["SHA-256"]',
  ],
  [
    "RSA-PSS does not count",
    "signature/ready-keys.ts",
    "const checks = algorithmsOf[keyType].map(checkWith);",
    "const checks = [...algorithmsOf[keyType], ...(mistakesOf(keyType) as AcceptedAlgorithm[])].map(checkWith);",
  ],
  [
    "nothing follows an ECDSA signature",
    "signature/proof/ecdsa.ts",
    "if (after.length || end.length) refuse(form);",
    "if (end.length) refuse(form);",
  ],
  [
    "nothing follows the numbers in it",
    "signature/proof/ecdsa.ts",
    "if (after.length || end.length) refuse(form);",
    "if (after.length) refuse(form);",
  ],
  [
    "its numbers are as short as they can be",
    "signature/proof/ecdsa.ts",
    "if (!isPadded && !isShortest) refuse(form);",
    "",
  ],
  [
    "its lengths are as short as they can be",
    "signature/proof/ecdsa.ts",
    "first === 0x81 && second >= 0x80",
    "first === 0x81",
  ],
  [
    "s may be high",
    "signature/proof/ecdsa.ts",
    "  return fixed;",
    "  if ((fixed[size] ?? 0) >= 0x80) refuse(form);\n  return fixed;",
  ],
  ["base64 is canonical", "strict/base64.ts", "btoa(binary) === text", "true"],
  ["only line breaks stand in base64", "strict/base64.ts", "/[\\r\\n]/g", "/\\s/g"],
  ["no name stands twice", "strict/json.ts", "if (names.has(string)) refuse(", "if (false) refuse("],
  [
    "a name that is spelled in escapes is the same",
    "strict/json.ts",
    "const string = stringIn(text, at, end, what);",
    "stringIn(text, at, end, what); const string = text.slice(at + 1, end);",
  ],
  ["no surrogate stands alone", "strict/json.ts", "if (/\\p{Surrogate}/u.test(string))", "if (false)"],
  ["there is no byte order mark", "strict/json.ts", "fatal: true, ignoreBOM: true", "fatal: true"],
  [
    "a key in DER is that key",
    "signature/key-blocks.ts",
    'if (typeof given !== "string" && isDer(given)) return [given];',
    "",
  ],
  ["texts are UTF-8", "strict/json.ts", "fatal: true, ignoreBOM: true", "ignoreBOM: true"],
  ["nesting has a limit", "strict/json.ts", "const deepest = 32;", "const deepest = 33;"],
  ["no field differs by case", "strict/json.ts", "if (meant !== name) {", "if (false) {"],
  [
    "nor by a letter that folds",
    "strict/json.ts",
    "return name.toUpperCase().toLowerCase();",
    "return name.toLowerCase();",
  ],
  ["a payload has no unknown field", "strict/fields.ts", "onlyFields(value, place, exactly);\n", ""],
  [
    "`optional` is an object or null",
    "signature/proof/simple-signing.ts",
    'if (whole.optional !== null) objectAt(whole.optional, "payload.optional");',
    "",
  ],
  [
    "a payload is of its type",
    "signature/proof/simple-signing.ts",
    "if (kind !== type) refuse(",
    "if (false) refuse(",
  ],
  [
    "a payload names the image's digest",
    "signature/proof/simple-signing.ts",
    "if (digest !== image.digest) refuse(",
    "if (false) refuse(",
  ],
  [
    "a payload names the image's registry",
    "signature/proof/simple-signing.ts",
    "named.registry !== registry || ",
    "",
  ],
  [
    "a payload names the image's repository",
    "signature/proof/simple-signing.ts",
    " || named.repository !== repository",
    "",
  ],
  [
    "a digest in a name is the image's",
    "signature/proof/simple-signing.ts",
    "if (named.digest !== digest) refuse(",
    "if (false) refuse(",
  ],
  [
    "a statement is of its type",
    "signature/proof/statement.ts",
    "if (type !== statementType) refuse(",
    "if (false) refuse(",
  ],
  [
    "a statement says that the image was signed",
    "signature/proof/statement.ts",
    "if (predicate !== predicateType) {",
    "if (false) {",
  ],
  [
    "a statement has one subject",
    "signature/proof/statement.ts",
    "if (subjects.length !== 1)",
    "if (subjects.length < 1)",
  ],
  ["a subject has one digest", "signature/proof/statement.ts", "if (!only || more)", "if (!only)"],
  [
    "a statement names the image's digest",
    "signature/proof/statement.ts",
    "if (digest !== image.digest) refuse(",
    "if (false) refuse(",
  ],
  [
    "a statement has no unknown field",
    "signature/proof/statement.ts",
    'onlyFields(statement, "statement", [',
    "void ([",
  ],
  [
    "an envelope holds a statement",
    "signature/proof/envelope.ts",
    "if (holds !== payloadType) refuse(",
    "if (false) refuse(",
  ],
  [
    "an envelope has one signature",
    "signature/proof/envelope.ts",
    "if (signatures.length !== 1) {",
    "if (signatures.length < 1) {",
  ],
  [
    "a bundle is of version 0.3",
    "signature/proof/bundle.ts",
    "if (found !== version) refuse(",
    "if (false) refuse(",
  ],
  [
    "an attestation is no signature",
    "signature/proof/bundle.ts",
    "tellsApart && isAttestation(said)",
    "false && isAttestation(said)",
  ],
  ["a blob has its size", "signature/proof/candidate.ts", "if (blob.length !== size) {", "if (false) {"],
  [
    "a blob has its digest",
    "signature/proof/candidate.ts",
    "if (!(await hasDigest(blob, digest)))",
    "if (false)",
  ],
  [
    "a manifest is no index, too",
    "strict/manifest.ts",
    "if (other === undefined) return manifest;",
    "return manifest;",
  ],
  [
    "a manifest of signatures is of its type",
    "signature/proof/manifest.ts",
    "if (type !== undefined && !imageTypes",
    "if (false && !imageTypes",
  ],
  [
    "what is damaged is no absence",
    "signature/proof/manifest.ts",
    "return isCalledOther ? [] : [error];",
    "return [];",
  ],
  [
    "a manifest under the tag names a signature",
    "signature/proof/manifest.ts",
    "return found.length || isReferrer ? found",
    "return true ? found",
  ],
  [
    "a signature has a limit",
    "signature/proof/manifest.ts",
    "const longestSignature = 4096;",
    "const longestSignature = 4097;",
  ],
  [
    "the image has its digest",
    "registry/content.ts",
    "if (await hasDigest(bytes, digest)) return bytes;",
    "return bytes;",
  ],
  [
    "different keys have to agree",
    "signature/judge.ts",
    "return [...new Set(this.#entries.flatMap(({ signature }) => signature?.key ?? []))];",
    "return this.#entries.flatMap(({ signature }) => signature?.key ?? []);",
  ],
  ["a threshold is met", "signature/proof/verdict.ts", "keys >= Math.max(threshold, 1)", "keys >= 1"],
  [
    "a bundle names no repository",
    "signature/judge.ts",
    'if (requireRepository) return "requireRepository";',
    "",
  ],
  [
    "what could not be read is no absence",
    "signature/proof/verdict.ts",
    'if (!allSeen) return "unreachable";',
    "",
  ],
  ["what a list calls something else is read, too", "signature/find.ts", "await search.readOthers();", ""],
];

/** @type {readonly Sabotage[]} */
export const sabotages = list.map(([rule, file, from, to]) => ({ rule, file: `pkg/src/${file}`, from, to }));

/**
 * The package with a rule that does not hold.
 *
 * @param {Sabotage} sabotage @returns {Promise<import("./ours.js").Library>}
 */
export function brokenLibrary({ rule, file, from, to }) {
  const change = (/** @type {string} */ text) => {
    assert.equal(text.split(from).length, 2, `${file} has not once what is to be replaced: ${rule}`);
    return text.replace(from, () => to);
  };
  return importLibrary(["pkg/src/signature/verify.ts", "pkg/src/error.ts"], { file, change });
}
