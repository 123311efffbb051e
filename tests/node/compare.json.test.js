// Is a large text taken for JSON when, and only when, it is JSON?
import assert from "node:assert/strict";
import { test } from "node:test";
import { mutated, newSeed, randomNumbers } from "../support/random.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/compare/packages/json-parts.ts")} */
const { readParts } = await importSource("pkg/src/compare/packages/json-parts.ts");

/** What is taken at these paths. @param {Buffer} bytes @param {Record<string, "take" | "enter">} paths */
async function parts(bytes, paths) {
  /** @type {[string, unknown][]} */
  const taken = [];
  await readParts(bytes, "The text", { paths, take: (path, value) => taken.push([path, value]) });
  return taken;
}

test("parts are taken by their paths", async () => {
  const text = '\ufeff{"a":{"b":[1,{"c":"\\u00e4\\"]}"},[]],"x":[[[{}]]]},"b":[2],"c":null, "e": true}';
  const bytes = Buffer.from(text);
  assert.deepEqual(
    await parts(bytes, { a: "enter", "a/b": "enter", "a/b/*": "take", c: "take", e: "enter" }),
    [
      ["a/b/*", 1],
      ["a/b/*", { c: 'ä"]}' }],
      ["a/b/*", []],
      ["c", null],
    ],
  );
  assert.deepEqual(await parts(bytes, { a: "enter", b: "take", "a/x": "take" }), [
    ["a/x", [[[{}]]]],
    ["b", [2]],
  ]);
  assert.deepEqual(await parts(bytes, { "a/b/*": "take" }), []);
});

test("random damage: as the platform's own reader", async (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const whole = Buffer.from(
    JSON.stringify({
      packages: [{ name: "a", version: "1.0", n: [-1.5e10, 0, 12, true, false, null] }, {}, [], 'ä\\"\n'],
      other: { nested: [[[{ deep: "\u2028" }]]] },
    }),
  );
  let valid = 0;
  for (let round = 0; round < 5000; round++) {
    const bytes = mutated(whole, random);
    if (bytes[0] === 0xef) continue;
    const text = bytes.toString();
    // What is passed over may be something else than UTF-8: nobody reads it.
    if (!Buffer.from(text).equals(bytes)) continue;
    let expected = true;
    try {
      JSON.parse(text);
    } catch {
      expected = false;
    }
    const ours = await parts(bytes, { packages: "enter", "packages/*": "take" }).then(
      () => true,
      (error) => {
        assert.equal(error.name, "Fault", error.stack);
        return /twice/.test(error.message) ? expected : false;
      },
    );
    assert.equal(ours, expected, `${seed}: ${text}`);
    valid += Number(expected);
  }
  assert.ok(valid > 50);
});
