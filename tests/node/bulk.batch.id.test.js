// The ids of batches and the keys of their requests: what is one, and what of foreign metadata is none?
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { importLibrary } from "../support/source.js";

const { batchEntry, batchOf, checkBatchId, newBatchId, requestEntry, requestKey, requestKeyOf } =
  await importLibrary(["pkg/src/bulk/batch-id.ts"]);

const canonical = `registry.example/team/app@sha256:${"ab".repeat(32)}`;

test("the names in metadata are fixed: requests of other versions bear them", () => {
  assert.deepEqual([batchEntry, requestEntry], ["ocisign-batch", "ocisign-request"]);
});

test("a new id is 16 characters of a-z and 0-9, another one each time", () => {
  const ids = Array.from({ length: 2_000 }, newBatchId);
  for (const id of ids) assert.match(id, /^[a-z0-9]{16}$/);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.equal(checkBatchId(id), id);
});

test("no character is more likely than another: a byte beyond the last whole round is drawn again", (t) => {
  const drawn = [Uint8Array.from({ length: 16 }, (_, index) => 240 + index), new Uint8Array(16).fill(35)];
  t.mock.method(crypto, "getRandomValues", (/** @type {Uint8Array} */ bytes) => {
    bytes.set(drawn.shift() ?? []);
    return bytes;
  });
  // 240 to 251 stand for the last twelve of a round of 36; 252 to 255 for nothing.
  assert.equal(newBatchId(), "yz01234567899999");
});

for (const id of ["a", "nightly-2026.11.29_1", "A".repeat(64), ".", "-"]) {
  test(`${id} may be given`, () => assert.equal(checkBatchId(id), id));
}

for (const id of [
  "",
  "a".repeat(65),
  "a b",
  "a/b",
  "a\n",
  "ä",
  "a\u200b",
  7,
  null,
  undefined,
  ["a"],
  { toString: () => "a" },
]) {
  test(`${JSON.stringify(id)} may not be given`, () => {
    assert.throws(() => checkBatchId(id), { code: "bad-input", fix: /^Use only / });
  });
}

const hash = createHash("sha256").update(canonical).digest("hex");

test("a request's key is the batch and the beginning of its image's hash", () => {
  assert.equal(requestKey("nightly", hash), `nightly/${hash.slice(0, 16)}`);
});

/** @param {unknown} metadata */
const withMetadata = (metadata) => ({ id: "a", status: 2, payload: { metadata } });

test("a request tells batch and key", () => {
  const key = requestKey("nightly", hash);
  const request = withMetadata([
    { name: "Version", value: "1" },
    { name: "ocisign-batch", value: "nightly" },
    { name: "ocisign-request", value: key, note: "what else a service adds" },
    null,
  ]);
  assert.equal(batchOf(request), "nightly");
  assert.equal(requestKeyOf(request), key);
});

const batch = { name: "ocisign-batch", value: "nightly" };
const key = { name: "ocisign-request", value: `nightly/${"0".repeat(16)}` };

for (const [what, request] of /** @type {[string, unknown][]} */ ([
  ["undefined", undefined],
  ["null", null],
  ["a text", "ocisign-batch"],
  ["no payload", { id: "a" }],
  ["a payload that is null", { payload: null }],
  ["a payload that is a list", { payload: [batch, key] }],
  ["no metadata", { payload: {} }],
  ["metadata that is an object", withMetadata(batch)],
  ["no entries", withMetadata([])],
  ["entries of other kinds", withMetadata([null, "ocisign-batch", 7, [batch], [key]])],
  [
    "another case",
    withMetadata([
      { ...batch, name: "Ocisign-Batch" },
      { ...key, name: "OCISIGN-REQUEST" },
    ]),
  ],
  ["the same entry twice", withMetadata([batch, batch, key, key])],
  ["two that differ", withMetadata([batch, { ...batch, value: "b" }, key, { ...key, value: 7 }])],
  [
    "a number",
    withMetadata([
      { ...batch, value: 7 },
      { ...key, value: 7 },
    ]),
  ],
  [
    "a list of one text",
    withMetadata([
      { ...batch, value: ["nightly"] },
      { ...key, value: [key.value] },
    ]),
  ],
  [
    "an empty value",
    withMetadata([
      { ...batch, value: "" },
      { ...key, value: "" },
    ]),
  ],
  [
    "white space",
    withMetadata([
      { ...batch, value: "nightly\n" },
      { ...key, value: `${key.value}\n` },
    ]),
  ],
  [
    "hidden characters",
    withMetadata([
      { ...batch, value: "night\u200bly" },
      { ...key, value: `\u200b${key.value}` },
    ]),
  ],
  [
    "too long a value",
    withMetadata([
      { ...batch, value: "a".repeat(65) },
      { ...key, value: `${key.value}0` },
    ]),
  ],
])) {
  test(`${what}: no batch and no key`, () => {
    assert.deepEqual([batchOf(request), requestKeyOf(request)], [undefined, undefined]);
  });
}
