// Keys, manifests and blobs as a caller hands them in: right, wrong, changed meanwhile, or hostile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { OcisignError, verifySignatures } from "ocisign";
import { good, goodLayer, other, payload, refused, rsa, text, verify } from "../support/proving.js";
import { bundleLayer, manifestOf, reference, simpleLayer } from "../support/signatures.js";

test("bytes that cannot be used are refused, whatever is wrong with them, and the module lives on", async () => {
  const layer = simpleLayer(rsa.privateKey, good);
  const detached = new Uint8Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  for (const options of [
    { publicKey: detached },
    { manifest: detached },
    { keys: [rsa.pem, revoked.proxy], publicKey: undefined },
    { blob: () => 10n },
    { blob: () => Symbol("x") },
    { blob: () => "text" },
    { blob: () => undefined },
    { blob: () => detached },
  ]) {
    const outcome = await verify(layer, good, options).then(
      ({ state }) => state,
      ({ code }) => code,
    );
    assert.ok(["bad-input", "bad-public-key", "invalid"].includes(outcome), outcome);
  }
  await assert.rejects(
    verify(layer, good, { blob: () => Promise.reject(new TypeError("my bug")) }),
    /my bug/,
  );
  const large = await verify(layer, good, { blob: () => new Uint8Array(1 << 28) });
  assert.deepEqual([large.state, large.signatures[0].failed], ["invalid", "blob"]);
  const otherWindow = runInNewContext("new Uint8Array(bytes)", { bytes: [...good] });
  assert.equal((await verify(layer, otherWindow, { blob: () => otherWindow })).state, "verified");
});

test("what the caller changes after the call changes nothing", async () => {
  const der = new Uint8Array(rsa.publicKey.export({ type: "spki", format: "der" }));
  const another = new Uint8Array(other.publicKey.export({ type: "spki", format: "der" }));
  const forged = payload((it) => {
    it.optional = "forged";
  });
  /** Calls with some bytes, puts others in their place, and tells what came out. */
  const swapped = async (before, later) => {
    const held = {
      manifest: new Uint8Array(2000),
      blob: new Uint8Array(400),
      publicKey: new Uint8Array(294),
    };
    const put = (bytes) => {
      for (const [name, value] of Object.entries(bytes)) held[name].fill(0x20).set(value);
    };
    put(before);
    const options = { ...held, reference, requireRepository: true };
    const verification = verifySignatures(options);
    put(later);
    Object.assign(options, { requireRepository: false, threshold: 2, reference: "nonsense" });
    return (await verification).state;
  };
  const padded = Buffer.from(text.padEnd(400));
  const right = { blob: padded, manifest: manifestOf(simpleLayer(rsa.privateKey, padded)), publicKey: der };
  const wrong = { blob: Buffer.from(forged), manifest: manifestOf(), publicKey: another };
  assert.equal(await swapped(right, wrong), "verified");
  for (const name of Object.keys(wrong)) {
    assert.equal(await swapped({ ...right, [name]: wrong[name] }, right), "invalid", name);
  }
});

test("bytes that others can change, and fields that change, are read once", async () => {
  const shared = (bytes) => {
    const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
    view.set(bytes);
    return view;
  };
  const der = rsa.publicKey.export({ type: "spki", format: "der" });
  const manifest = manifestOf(goodLayer);
  for (const blob of [shared(good), () => shared(good), async () => shared(good)]) {
    const options = { reference, publicKey: shared(der), manifest: shared(manifest), blob };
    assert.equal((await verifySignatures(options)).state, "verified");
  }
  const lying = Object.defineProperty(new Uint8Array([...good, 0x20]), "byteLength", { value: good.length });
  await refused(verify(goodLayer, good, { blob: () => lying }), "blob", /bytes/);

  const { layer, bytes } = bundleLayer(rsa.privateKey);
  /** An option that is the one value when first read, and the other from then on. */
  const changing = (options, name, values) =>
    Object.defineProperty(options, name, { enumerable: true, get: () => values.shift() ?? values.last });
  const strictly = { reference, publicKey: rsa.pem, manifest: manifestOf(layer), blob: bytes };
  const once = changing(strictly, "requireRepository", Object.assign([true], { last: false }));
  assert.equal((await verifySignatures(once)).state, "invalid");
  const two = { reference, keys: [rsa.pem, other.pem], manifest, blob: good };
  const needed = changing(two, "threshold", Object.assign([2], { last: 1 }));
  assert.equal((await verifySignatures(needed)).state, "invalid");
});

test("whatever blob() throws or gives, nothing is proved by it", async () => {
  const { proxy, revoke } = Proxy.revocable(new Uint8Array(good), {});
  revoke();
  const thrower = new Proxy(
    {},
    {
      get: () => {
        throw new RangeError("touched");
      },
    },
  );
  for (const odd of [
    undefined,
    null,
    0,
    "",
    "text",
    Symbol("x"),
    1n,
    {},
    [],
    thrower,
    proxy,
    good.buffer,
    new Uint16Array(4),
    new DataView(good.buffer),
  ]) {
    for (const blob of [
      () => odd,
      async () => odd,
      () => {
        throw odd;
      },
      () => Promise.reject(odd),
    ]) {
      const [settled] = await Promise.allSettled([verify(goodLayer, good, { blob })]);
      const state = settled.status === "rejected" ? "rejected" : settled.value.state;
      assert.ok(["rejected", "invalid"].includes(state), state);
    }
  }
  for (const [code, expected] of /** @type {const} */ ([
    ["not-found", "invalid"],
    ["bad-reply", "unreachable"],
    ["network", "unreachable"],
    ["bad-signature", "unreachable"],
    ["no-crypto", "unreachable"],
    ["aborted", "aborted"],
    ["bad-input", "bad-input"],
  ])) {
    const blob = () => Promise.reject(new OcisignError(code, "Said so.", "Do so."));
    const outcome = await verify(goodLayer, good, { blob }).then(
      ({ state }) => state,
      (error) => error.code,
    );
    assert.equal(outcome, expected, code);
  }
});
