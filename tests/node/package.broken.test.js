// An instance of the module that breaks, by a trap anywhere or for want of memory, says so by name and is replaced. It
// never gives a second, wrong answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  callsOf,
  image,
  instances,
  outcomeOf,
  product,
  trap,
  trapInstances,
} from "../support/breaking-instance.js";
import { values } from "../support/hostile-values.js";

trapInstances();
const ocisign = await import("ocisign");
const calls = callsOf(ocisign);

const right = Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, outcomeOf(call)]));

/** Everything is as it was. */
function checkAll() {
  for (const [name, call] of Object.entries(calls)) assert.equal(outcomeOf(call), right[name], name);
}

for (const [name, call] of Object.entries(calls)) {
  for (const late of [false, true]) {
    test(`${name}: a trap ${late ? "after" : "before"} any call into the module is said by name, and the next call is right`, () => {
      let broken = 0;
      for (let after = 0; after < 40; after++) {
        Object.assign(trap, { after, late });
        const before = instances.made;
        const outcome = outcomeOf(call);
        const trapped = trap.after < 0;
        trap.after = Number.POSITIVE_INFINITY;
        if (outcome !== right[name]) {
          assert.match(
            outcome,
            /^OcisignError module-broken A call into the WebAssembly module broke off\.$/,
          );
          broken += 1;
        }
        checkAll();
        if (trapped) assert.ok(instances.made > before, "the instance was replaced");
        else break;
      }
      assert.ok(broken > 0, "it broke");
    });
  }
}

/** @returns {[string, any][]} */
const more = () => {
  const detached = new Uint8Array(8);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  // biome-ignore lint/suspicious/noSparseArray: a hostile caller's
  const holes = [, 1, , 2];
  return [
    ["-0", -0],
    ["infinity", Number.POSITIVE_INFINITY],
    ["lone surrogates", "\ud800\udfff\udc00"],
    ["a huge text", "a".repeat(4_000_000)],
    ["a deep text", "[".repeat(200_000)],
    ["shared bytes", new Uint8Array(new SharedArrayBuffer(8))],
    ["detached bytes", detached],
    ["an array with holes", holes],
    ["a list without end", new Proxy([], { get: (_, key) => (key === "length" ? 2 ** 32 - 1 : undefined) })],
    ["a length that lies", { length: -1, 0: "a" }],
    [
      "a text that throws",
      { toString: () => assert.fail("a getter's own"), valueOf: () => assert.fail("a getter's own") },
    ],
    ["a class", class A {}],
    ["a weak map", new WeakMap()],
    ["an error", new Error("x")],
  ];
};

test("no value of any type makes a function of the package trap", async () => {
  const before = instances.made;
  const good = [image, product, {}];
  for (const [name, it] of Object.entries(ocisign)) {
    if (typeof it !== "function" || name === "default" || /^[A-Z]/.test(name)) continue;
    for (const [what, value] of [...values(), ...more()]) {
      for (const given of [
        [value],
        [good[0], value],
        [value, value, value],
        [product, value],
        [image, product, value],
      ]) {
        try {
          const result = /** @type {any} */ (it)(...given);
          // A run over many begins when it is read.
          if (result && typeof result[Symbol.asyncIterator] === "function") await result.next();
          else if (typeof result?.then === "function" && result !== value)
            await Promise.race([result, Promise.resolve()]);
        } catch (error) {
          const { name: kind, code } = /** @type {any} */ (error);
          assert.equal(kind, "OcisignError", `${name}(${what}): ${error}`);
          assert.notEqual(code, "module-broken", `${name}(${what})`);
        }
      }
    }
    checkAll();
  }
  assert.equal(instances.made, before, "no instance broke");
});

test("a client that was made of anything refuses it by name", () => {
  for (const [what, value] of [...values(), ...more()]) {
    for (const given of [
      value,
      { baseUrl: value, token: "t" },
      { baseUrl: "https://a.example", token: value },
    ]) {
      try {
        new ocisign.SigningClient(given);
      } catch (error) {
        const { name, code } = /** @type {any} */ (error);
        assert.equal(name, "OcisignError", `${what}: ${error}`);
        assert.notEqual(code, "module-broken", what);
      }
    }
  }
  checkAll();
});

// Last, since the memory that it takes is the process's.
test("an instance whose memory cannot grow says so by name, or is right; what follows is right", () => {
  const most = `registry.example/${"a".repeat(200)}@sha256:${"3f".repeat(32)}`;
  const long = `${most}\nx y\n`.repeat(2000);
  const expected = outcomeOf(() => ocisign.scanReferences(long));
  const asked = outcomeOf(() =>
    ocisign.buildSigningRequest({
      productId: "p",
      operationId: "o",
      artifact: image,
      description: "d".repeat(100_000),
    }),
  );
  const { grow } = WebAssembly.Memory.prototype;
  // The engine has no more: `memory.grow` within the module cannot be replaced, so all there is is taken first.
  const { memory } = instances.exported;
  try {
    for (let pages = 32_768; pages >= 1; pages = Math.floor(pages / 2)) {
      for (;;) {
        try {
          grow.call(memory, pages);
        } catch {
          break;
        }
      }
    }
  } catch (error) {
    assert.ok(error instanceof RangeError);
  }
  for (let at = 0; at < 20; at++) {
    const outcome = outcomeOf(() => ocisign.scanReferences(long));
    if (outcome !== expected) assert.match(outcome, /module-broken|bad-input|RangeError/);
    const request = outcomeOf(() =>
      ocisign.buildSigningRequest({
        productId: "p",
        operationId: "o",
        artifact: image,
        description: "d".repeat(100_000),
      }),
    );
    if (request !== asked) assert.match(request, /module-broken|bad-input|RangeError/);
    checkAll();
  }
});
