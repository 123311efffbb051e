// What a text or bytes may mean as a signature, the likeliest first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importSource } from "../support/source.js";

/** @type {{ readings: (given: unknown) => readonly Uint8Array[] }} */
const { readings } = await importSource("pkg/src/signature/given-signature.ts");
const meant = (/** @type {unknown} */ given) => readings(given).map((it) => Buffer.from(it).toString("hex"));

for (const [name, text, expected] of /** @type {[string, string, string[]][]} */ ([
  ["base64", "+/+/", ["fbffbf"]],
  ["base64url", "-_-_", ["fbffbf"]],
  ["base64 without padding", "AQ", ["01"]],
  ["hexadecimal, which is base64 as well", "00ff00ff", ["d347df d347df", "00ff00ff"]],
  ["hexadecimal in capitals and lines", "00FF\r\n00ff ", ["d34145 d347df", "00ff00ff"]],
  ["an odd number of digits", "abc", ["69b7"]],
  ["digits behind something else", "zzab", ["cf369b"]],
  ["digits in front of something else", "abzz", ["69bcf3"]],
  ["neither", "a!", []],
  ["nothing", "", []],
  ["white space", " \n\t", []],
])) {
  test(`text: ${name}`, () => {
    assert.deepEqual(
      meant(text),
      expected.map((it) => it.replace(" ", "")),
    );
  });
}

test("a signature of 4096 bytes may be one, and a longer one is none", () => {
  const longest = Buffer.alloc(4096, 1);
  const longer = Buffer.alloc(4097, 1);
  assert.deepEqual(meant(longest), [longest.toString("hex")]);
  assert.deepEqual(meant(longest.toString("base64")), [longest.toString("hex")]);
  assert.ok(meant(longest.toString("hex")).includes(longest.toString("hex")));
  for (const given of [longer, longer.toString("base64"), longer.toString("hex"), "A".repeat(100_000)])
    assert.deepEqual(meant(given), []);
});

test("what is no bytes is no signature, whatever it throws", () => {
  const throwing = new Proxy(new Uint8Array(8), {
    get() {
      throw new Error("not for you");
    },
    getPrototypeOf() {
      throw new Error("not for you");
    },
  });
  const named = {
    get [Symbol.toStringTag]() {
      throw new Error("not for you");
    },
  };
  for (const given of [undefined, null, 7, {}, [1, 2], new Blob(["x"]), throwing, named])
    assert.deepEqual(meant(given), []);
});

// RFC 3279 §2.2.3 and X.690: numbers are as short as they can be, and positive.
for (const [name, r, s, der] of /** @type {[string, string, string, string][]} */ ([
  ["zeros", "00".repeat(32), "00".repeat(32), "3006020100020100"],
  ["ones", "01".padStart(64, "0"), "01".padStart(64, "0"), "3006020101020101"],
  ["numbers that would be negative", "ff".padStart(64, "0"), "80".padStart(64, "0"), "3008020200ff02020080"],
  ["numbers that are not", "7f".padStart(64, "0"), "7f00".padStart(64, "0"), "300702017f02027f00"],
  [
    "127 bytes of them, whose length takes one byte",
    "11".repeat(61).padStart(132, "0"),
    "11".repeat(62).padStart(132, "0"),
    `307f023d${"11".repeat(61)}023e${"11".repeat(62)}`,
  ],
  [
    "128 bytes of them, whose length takes two",
    "11".repeat(62).padStart(132, "0"),
    "11".repeat(62).padStart(132, "0"),
    `308180023e${"11".repeat(62)}023e${"11".repeat(62)}`,
  ],
])) {
  test(`r and s side by side: ${name}`, () => {
    const given = Buffer.from(r + s, "hex");
    assert.deepEqual(meant(new Uint8Array(given)), [given.toString("hex"), der]);
  });
}
