// Texts that reach the module in a buffer of its own: what does not fit into it, what is not ASCII, and what happens to
// the buffer between two calls.
import assert from "node:assert/strict";
import { test } from "node:test";
import { exported, ocisign } from "../support/noted-instance.js";

const { buildSigningRequest, checkRegistry, decodeArtifactUri, encodeArtifactUri } = ocisign;
const { parseReference, scanReferences } = ocisign;
const digest = `sha256:${"3f".repeat(32)}`;
const image = `registry.example/team/app:1.0@${digest}`;
const canonical = `registry.example/team/app@${digest}`;
/** How many bytes the module's buffer has (pkg/src/texts.ts). */
const room = 1 << 14;

/** @param {() => unknown} call @param {object} error */
const refused = (call, error) => assert.throws(call, { name: "OcisignError", ...error });

test("a reference has its fields in this order, frozen, and no others", () => {
  const read = parseReference(`656666598317.dkr.ecr.eu-west-1.amazonaws.com/app:1@${digest}`);
  assert.deepEqual(Object.entries(read), [
    ["registry", "656666598317.dkr.ecr.eu-west-1.amazonaws.com"],
    ["repository", "app"],
    ["tag", "1"],
    ["digest", digest],
    ["canonical", `656666598317.dkr.ecr.eu-west-1.amazonaws.com/app@${digest}`],
    ["ecr", { account: "656666598317", region: "eu-west-1" }],
  ]);
  assert.ok(Object.isFrozen(read));
  assert.deepEqual(Object.keys(parseReference(canonical)), ["registry", "repository", "digest", "canonical"]);
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
});

test("a registry in another spelling gets its only one, alone and in a list", () => {
  for (const [text, name] of [
    ["Registry.Example:5000/a", "registry.example:5000/a"],
    ["docker.io/nginx", "docker.io/library/nginx"],
    ["index.docker.io/nginx", "docker.io/library/nginx"],
    ["Registry-1.Docker.io/a/b", "docker.io/a/b"],
    ["DOCKER.IO/library/nginx", "docker.io/library/nginx"],
    ["[FE80::1]:5000/a", "[fe80::1]:5000/a"],
    ["656666598317.DKR.ecr.eu-west-1.amazonaws.com/a", "656666598317.dkr.ecr.eu-west-1.amazonaws.com/a"],
  ]) {
    const read = parseReference(`${text}:1.0@${digest}`);
    assert.deepEqual([`${read.registry}/${read.repository}`, read.tag, read.digest], [name, "1.0", digest]);
    assert.equal(read.canonical, `${name}@${digest}`);
    assert.equal(read.ecr?.region, text.includes("ecr") ? "eu-west-1" : undefined);
    const { references } = scanReferences(`${image}\n${text}@${digest}\n${image}`);
    assert.deepEqual(references[1], { line: 2, canonical: read.canonical });
    assert.deepEqual(references[2], { line: 3, canonical });
  }
});

test("half a character is a character outside ASCII, and is shown as none", () => {
  for (const half of ["\ud800", "\udc00"]) {
    const text = `a.b/c${half}@${digest}`;
    const error = { code: "not-ascii", offset: 5, message: /^The character `\\u\{fffd\}` at byte 5/ };
    refused(() => parseReference(text), error);
    const [wrong] = scanReferences(`# é\n${text}`).errors;
    assert.deepEqual([wrong?.line, wrong?.code, wrong?.offset], [2, "not-ascii", 5]);
    assert.equal(wrong?.text, `a.b/c\ufffd@${digest}`);
    refused(() => decodeArtifactUri(`YWI${half}`), { code: "bad-base64", offset: 3 });
  }
});

test("texts about as long as the buffer, and much longer, are judged as others are", () => {
  for (const length of [room - 2, room - 1, room, room + 1, room + 2, 3 * room, 1_000_000]) {
    const long = "a".repeat(length - 10);
    refused(() => parseReference(`b.example/${long}`), { code: "repository-too-long", offset: 10 });
    refused(() => parseReference(`b.example/${long}%`), { code: "percent-sign", offset: length });
    refused(() => parseReference(`b.example/${long}é`), { code: "not-ascii", offset: length });
    const encoded = Buffer.from(long).toString("base64").slice(0, length);
    assert.equal(decodeArtifactUri(encoded.slice(0, length - (length % 4))).length > 1000, true);
    refused(() => decodeArtifactUri(`${"YWFh".repeat(length)}*`), { code: "bad-base64", offset: 4 * length });
    refused(() => decodeArtifactUri(Buffer.from("é".repeat(length)).subarray(0, -1).toString("base64")), {
      code: "bad-utf8",
      offset: 2 * length - 2,
    });
  }
});

test("lines about as long as the buffer, and much longer, stand in a list as they were given", () => {
  for (const length of [room - 2, room - 1, room, room + 1, room + 2, 3 * room]) {
    for (const [lineBreak, given] of [
      ["\n", "x".repeat(length)],
      ["\r\n", "x".repeat(length)],
      ["\n", `${"x".repeat(length)}é`],
      ["\n", `b.example/${"x".repeat(length)}`],
    ]) {
      const comment = `#${"é".repeat(length)}`;
      const text = `${image}${lineBreak}${given}${lineBreak}${comment}\n${image}`;
      const { references, errors } = scanReferences(text);
      assert.deepEqual(
        references,
        [1, 4].map((line) => ({ line, canonical })),
      );
      assert.equal(errors.length, 1);
      assert.deepEqual([errors[0]?.line, errors[0]?.text === given], [2, true]);
      refused(() => parseReference(given), { code: errors[0]?.code, offset: errors[0]?.offset });
      assert.equal(scanReferences(given).errors[0]?.text, given);
    }
  }
});

test("more short lines than there are numbers in the buffer", () => {
  const many = 2 * room;
  const { references, errors } = scanReferences(`x\n\n#\r\n`.repeat(many) + image);
  assert.equal(errors.length, many);
  assert.deepEqual([errors[0]?.line, errors[many - 1]?.line], [1, 3 * many - 2]);
  assert.deepEqual(references, [{ line: 3 * many + 1, canonical }]);
});

test("a memory that has grown since the last call, and within one", () => {
  parseReference(image);
  exported.memory.grow(1);
  assert.equal(parseReference(image).canonical, canonical);
  exported.memory.grow(1);
  assert.equal(scanReferences(`${image}\nx`).references.length, 1);
  exported.memory.grow(1);
  refused(() => parseReference("a b"), { code: "white-space", offset: 1 });
  exported.memory.grow(1);
  refused(() => parseReference(""), {
    code: "empty-reference",
    offset: 0,
    message: "The reference is empty.",
  });
  exported.memory.grow(1);
  assert.equal(decodeArtifactUri(encodeArtifactUri(image)), canonical);
  // All that is free is taken, so that whatever needs memory makes it grow.
  const taken = [];
  for (const size of [1 << 16, 1 << 12, 256, 32, 8]) {
    const before = exported.memory.buffer.byteLength;
    while (exported.memory.buffer.byteLength === before) taken.push(exported.__wbindgen_malloc(size, 1));
  }
  refused(() => parseReference(`a.b/${"C".repeat(9000)}`), { code: "repository-uppercase", offset: 4 });
  assert.equal(parseReference(image).canonical, canonical);
});

test("a caller's value that calls again in the middle of a call harms neither", () => {
  const again = () => {
    assert.equal(parseReference(image).canonical, canonical);
    refused(() => parseReference("x y"), { code: "white-space" });
    assert.equal(scanReferences(`${image}\nx\n`).errors.length, 1);
    assert.equal(decodeArtifactUri(encodeArtifactUri(image)), canonical);
    return canonical;
  };
  const reference = {
    get canonical() {
      return again();
    },
  };
  const product = {
    get name() {
      return again();
    },
    productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
  };
  for (let times = 0; times < 100; times += 1) {
    assert.equal(encodeArtifactUri(/** @type {any} */ (reference)), btoa(canonical));
    checkRegistry(/** @type {any} */ (reference), /** @type {any} */ (product));
    const input = { productId: "p", operationId: "o", artifact: /** @type {any} */ (reference) };
    assert.equal(buildSigningRequest(input).payload.optionalParameters[0]?.artifactURI, btoa(canonical));
  }
});

test("what is no text is refused by name", () => {
  for (const value of [undefined, null, 16, 16n, Symbol("a"), {}, [image], new String(image), () => image]) {
    const wrong = /** @type {any} */ (value);
    refused(() => parseReference(wrong), { code: "bad-input", message: "reference is not a string." });
    refused(() => scanReferences(wrong), { code: "bad-input", message: "list is not a string." });
    refused(() => decodeArtifactUri(wrong), { code: "bad-input", message: "artifact URI is not a string." });
  }
});

test("only what was read is known again: no copy of it, and no proxy", () => {
  const read = parseReference(image);
  for (const other of [{ ...read }, structuredClone(read), new Proxy(read, {})]) {
    const forged = Object.assign(Object.create(null), { ...read, registry: "evil.example" });
    checkRegistry(
      other,
      /** @type {any} */ ({ productConfigItems: [{ name: "RegistryURL", value: read.registry }] }),
    );
    assert.equal(encodeArtifactUri(other), btoa(canonical));
    // Its registry is read anew, from its canonical form.
    checkRegistry(
      forged,
      /** @type {any} */ ({ productConfigItems: [{ name: "RegistryURL", value: read.registry }] }),
    );
  }
});
