// A caller whose own recursion runs out of stack within a call, and calls again: the module must work as before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { checkRegistry, checkUrl, parseReference, publicKey } from "ocisign";
import { sized } from "../support/large.js";

// A worker of little stack is exhausted soon. It counts what each kind of call came to.
const program = `
const { parentPort, workerData: { calls, times } } = require("node:worker_threads");
const ocisign = require("ocisign");
const image = "registry.example/team/app@sha256:" + "3f".repeat(32);
const product = {
  id: "p",
  productOperations: [{ id: "o", operationType: "SignOCI" }],
  productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
};
const definition = {
  name: "P", registry: "registry.example", allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
};
const refused = (call) => {
  try {
    return call();
  } catch (error) {
    if (error.name !== "OcisignError") throw error;
    return error.code;
  }
};
const reenter = (inner) => ({ ...product, get name() { inner(); return "name"; } });
const all = {
  reference: () => ocisign.parseReference(image).canonical,
  refusal: () => refused(() => ocisign.parseReference("a b")),
  request: () => ocisign.buildSigningRequest({ product, artifact: image }).productId,
  definition: () => ocisign.buildProduct(definition).name,
  list: () => ocisign.scanReferences(image + "\\na b\\n").errors.length,
  uri: () => ocisign.decodeArtifactUri(ocisign.encodeArtifactUri(image)),
  url: () => ocisign.checkUrl("https://a.example", "it"),
  reentrant: () => ocisign.checkRegistry(image, reenter(() => ocisign.parseReference(image))) ?? "done",
};
const outcome = {};
for (const name of calls) {
  const call = all[name];
  const good = call();
  const seen = new Set();
  for (let i = 0; i < times; i++) {
    let hasRoom = false;
    // Down until the stack is full; on the way up, calls until one has room. Each time they begin at another place.
    (function down(level) {
      try { down(level + 1); } catch (error) { if (!(error instanceof RangeError)) throw error; }
      if (hasRoom || level % 8 !== i % 8) return;
      try {
        hasRoom = call() === good;
        if (!hasRoom) seen.add("no error");
      } catch (error) {
        seen.add(error.name + " " + (error.code ?? ""));
      }
    })(0);
  }
  outcome[name] = { works: call() === good, others: Object.values(all).every((it) => it()), seen: [...seen].sort() };
}
parentPort.postMessage(outcome);
`;

/** @param {string[]} calls @returns {Promise<Record<string, { works: boolean, others: boolean, seen: string[] }>>} */
function exhaust(calls, times) {
  const worker = new Worker(program, {
    eval: true,
    workerData: { calls, times },
    resourceLimits: { stackSizeMb: 0.5 },
  });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

for (const name of ["reference", "refusal", "request", "definition", "list", "uri", "url", "reentrant"]) {
  test(`${name}: hundreds of stack overflows within the call change nothing`, async () => {
    const { works, others, seen } = (await exhaust([name], sized(1000, 5000)))[name];
    assert.ok(works && others);
    // What has no JSON form for want of stack is told as such.
    const allowed = ["RangeError ", "OcisignError bad-input", "OcisignError module-broken"];
    assert.deepEqual(
      seen.filter((it) => !allowed.includes(it)),
      [],
    );
    assert.ok(seen.includes("RangeError "), "the stack did overflow");
  });
}

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const product = { productConfigItems: [{ name: "RegistryURL", value: "registry.example" }] };

/** Calls with less and less stack, until there is none. @param {() => unknown} call */
function overflowWithin(call) {
  try {
    call();
    overflowWithin(call);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

test("where the platform gives no new instance, that is said by name, until it gives one", () => {
  const { Instance } = WebAssembly;
  const refusal = new RangeError("WebAssembly.Instance is disallowed on the main thread");
  WebAssembly.Instance = /** @type {any} */ (
    class {
      constructor() {
        throw refusal;
      }
    }
  );
  try {
    assert.throws(
      () => {
        // One whose deepest part is within the module.
        for (let i = 0; i < 50; i++) overflowWithin(() => checkUrl("https://a.example", "it"));
      },
      (/** @type {any} */ error) => {
        assert.deepEqual([error.name, error.code, error.cause], ["OcisignError", "module-broken", refusal]);
        assert.match(error.fix, /^Try again; .* reload/);
        return true;
      },
    );
  } finally {
    WebAssembly.Instance = Instance;
  }
  assert.equal(parseReference(image).canonical, image);
});

test("a getter that throws or calls again in the middle of a call harms neither call", () => {
  const throwing = {
    get name() {
      throw new Error("not for you");
    },
  };
  const calling = {
    ...product,
    get name() {
      assert.throws(() => publicKey(/** @type {any} */ (throwing)), { code: "bad-input" });
      return parseReference(image).registry;
    },
  };
  for (let i = 0; i < 1000; i++) {
    checkRegistry(image, /** @type {any} */ (calling));
    assert.throws(() => checkRegistry(image, /** @type {any} */ (throwing)), { code: "bad-input" });
    const elsewhere = { ...calling, productConfigItems: [] };
    assert.throws(() => checkRegistry(image, /** @type {any} */ (elsewhere)), { code: "product-registry" });
  }
});
