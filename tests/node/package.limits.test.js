// Values that are too long or too deep: refused by name and at once, whichever function they are passed to.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as ocisign from "ocisign";
import { productOf } from "../support/fake-service.js";
import { circular, revokedProxy, throwingProxy } from "../support/hostile-values.js";
import { rsa } from "../support/proving.js";
import { reference as artifact } from "../support/signatures.js";

const product = productOf("registry.example");

/** @param {number} levels @returns {any} */
function deep(levels) {
  let value = {};
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value };
  return value;
}

const deepText = (/** @type {number} */ levels) => "[".repeat(levels) + "]".repeat(levels);

/** @param {string} text what the service answers */
const clientThat = (text) =>
  new ocisign.SigningClient({
    baseUrl: "https://service.example",
    token: "token",
    retry: { attempts: 1 },
    fetch: async () => new Response(text),
  });

/** @param {() => unknown} call */
async function refusal(call) {
  try {
    await call();
  } catch (/** @type {any} */ error) {
    assert.equal(error.name, "OcisignError", error.stack);
    assert.ok(error.message && error.fix);
    return error.code;
  }
  return undefined;
}

for (const levels of [150, 5000, 20_000, 500_000]) {
  test(`a reply that is ${levels} levels deep makes no sense, wherever the depth stands`, async () => {
    const text = deepText(levels);
    const request = `{"id":"r","status":16,"payload":{"metadata":${text}}}`;
    /** @type {[string, (client: import("ocisign").SigningClient) => unknown][]} */
    const calls = [
      [request, (client) => client.signing("r")],
      [`[${request}]`, (client) => client.signings()],
      [text, (client) => client.signings()],
      [request, (client) => client.waitForSignature("r")],
      [request, (client) => client.approve("r")],
      [request, (client) => client.product("r")],
      [`[${request}]`, (client) => client.products()],
    ];
    for (const [reply, call] of calls) {
      const code = await refusal(() => call(clientThat(reply)));
      assert.ok(code === "bad-reply", `${call}: ${code}`);
    }
  });

  test(`a value that is ${levels} levels deep is no riddle to any function`, async () => {
    const value = deep(levels);
    const client = clientThat("{}");
    const holding = { ...product, more: value };
    for (const call of [
      () => ocisign.parseReference(value),
      () => ocisign.encodeArtifactUri(value),
      () => ocisign.buildProduct(value),
      () => ocisign.buildSigningRequest(value),
      () => ocisign.buildSigningRequest({ product: holding, artifact: value }),
      () => ocisign.decodeStatus(16, value),
      () => ocisign.publicKey(holding, undefined, value),
      () => ocisign.readPublicKey(value),
      () => ocisign.checkRegistry(value, product),
      () => new ocisign.SigningClient({ baseUrl: "https://a.example", token: "t", profile: value }),
      () => client.requestSigning(value),
      () => client.createProduct({ ...value, name: 1 }),
      () => ocisign.verifySignatures({ reference: artifact, publicKey: value, manifest: "{}", blob: "" }),
    ]) {
      assert.ok(await refusal(call), String(call));
    }
    for (const call of [
      () => ocisign.artifactOf({ payload: { optionalParameters: [{ artifactURI: value }, value] } }),
      () => ocisign.signingOperations(holding),
      () => ocisign.registriesOf(holding),
    ]) {
      call();
    }
  });
}

test("a profile may be long, but not longer than anyone needs", async () => {
  const statuses = (/** @type {number} */ count) =>
    /** @type {Record<string, "waiting">} */ (
      Object.fromEntries(Array.from({ length: count }, (_, code) => [String(code + 100), "waiting"]))
    );
  assert.equal(ocisign.decodeStatus(1099, { statuses: statuses(1000) }).state, "waiting");
  const path = (/** @type {number} */ steps) => Array.from({ length: steps }, () => "a[]").join(".");
  for (const profile of [
    { statuses: statuses(1001) },
    { statuses: statuses(100_000) },
    { keyTypes: statuses(100_000) },
    { publicKeyPath: path(251) },
    { publicKeyPath: path(500_000) },
    { publicKeyPath: ".".repeat(1 << 20) },
  ]) {
    const wrong = /** @type {any} */ (profile);
    const refused = { code: "bad-profile", message: /^profile\.\w+ is too long\.$/, fix: /^Give at most/ };
    assert.throws(() => ocisign.decodeStatus(16, wrong), refused);
    assert.throws(() => ocisign.publicKey(product, undefined, wrong), refused);
    assert.throws(
      () => new ocisign.SigningClient({ baseUrl: "https://a.example", token: "t", profile: wrong }),
      refused,
    );
  }
});

test("a product may show its key a hundred thousand times, but not two keys", () => {
  const shown = (/** @type {any[]} */ keys) => ({
    productOperations: [{ operationType: "SignOCI" }],
    keys: keys.map((publicKey) => ({ publicKey })),
  });
  const profile = { publicKeyPath: "keys[].publicKey" };
  const { pem } = rsa;
  const many = /** @type {any} */ (shown(Array.from({ length: 10_000 }, () => pem)));
  assert.equal(ocisign.publicKey(many, undefined, profile).pem, pem);
  const different = /** @type {any} */ (shown(Array.from({ length: 100_000 }, (_, at) => `key ${at}`)));
  assert.throws(() => ocisign.publicKey(different, undefined, profile), { code: "bad-public-key" });
});

test("lists that throw, contain themselves or never end are no lists of keys, manifests or blobs", async () => {
  const { proxy: revokedList, revoke } = Proxy.revocable([], {});
  revoke();
  const endless = new Array(2 ** 32 - 1);
  const given = { reference: artifact, publicKey: rsa.pem, manifest: "{}", blob: "" };
  for (const list of [endless, revokedList, revokedProxy(), throwingProxy([]), circular(), [circular()]]) {
    const wrong = /** @type {any} */ (list);
    for (const options of [
      { ...given, publicKey: undefined, keys: wrong },
      { ...given, manifest: wrong },
      { ...given, blob: wrong },
    ]) {
      assert.equal(await refusal(() => ocisign.verifySignatures(/** @type {any} */ (options))), "bad-input");
    }
  }
});

test("bytes whose buffer was handed to a worker are none any more", async () => {
  const bytes = new Uint8Array(64);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  assert.ok(["bad-input", "bad-public-key"].includes(await refusal(() => ocisign.readPublicKey(bytes))));
  assert.equal(ocisign.parseReference(artifact).canonical, artifact);
});
