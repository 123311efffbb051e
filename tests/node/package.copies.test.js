// What a caller changes after a call changes nothing: each function copies what it is given before it waits.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { test } from "node:test";
import {
  attachSignature,
  describeImage,
  publicKey,
  SigningClient,
  simpleSigningPayload,
  verifyImage,
  verifySignatures,
  verifySigning,
} from "ocisign";
import {
  digest,
  reference as image,
  registry,
  repository,
  rsa,
  signByTag,
} from "../support/image-in-registry.js";
import { payloadFor, simpleLayer } from "../support/signatures.js";

/** Everything in it becomes something else, at once and all the way down. @param {any} value @param {Set<object>} [seen] */
function spoil(value, seen = new Set()) {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof URL) {
    value.href = "http://127.0.0.1:1/elsewhere";
    return;
  }
  if (value instanceof Uint8Array) return void value.fill(7);
  if (Object.isFrozen(value)) return;
  for (const [key, field] of Object.entries(value)) {
    spoil(field, seen);
    if (typeof field !== "object" && typeof field !== "function") value[key] = `spoiled ${key}`;
    else if (typeof field === "function") value[key] = () => assert.fail(`${key} was called late`);
  }
  if (Array.isArray(value)) value.splice(0, value.length, "spoiled");
  else value.added = "spoiled";
}

const profile = () => ({ statuses: { 2: "waiting", 4: "approved" } });

const product = () => ({
  id: "p",
  enabled: true,
  productOperations: [
    {
      id: "o",
      operationType: "SignOCI",
      token: { publicKey: rsa.publicKey.export({ type: "spki", format: "der" }).toString("base64") },
    },
  ],
  productConfigItems: [{ name: "RegistryURL", value: registry.domain }],
});

const request = (status = 2) => ({
  id: "r1",
  status,
  ...{ code: status, state: status === 16 ? "signed" : "waiting", final: status === 16 },
  productId: "p",
  idProductOperation: "o",
  payload: { optionalParameters: [{ artifactURI: Buffer.from(image).toString("base64") }] },
});

/** A client of a service that shows the request waiting first, then signed; and the bodies of its POSTs. */
function service() {
  /** @type {any[]} */
  const bodies = [];
  let reads = 0;
  const fetch = async (/** @type {any} */ url, /** @type {any} */ { body }) => {
    if (body) bodies.push(JSON.parse(body));
    if (body || !String(url).includes("imagesignings")) return json(body ? request(16) : product());
    reads += 1;
    return json(reads > 1 && !String(url).endsWith("look") ? request(16) : request());
  };
  const options = { baseUrl: "https://service.example/api/v1", token: "t", fetch, profile: profile() };
  const client = new SigningClient(/** @type {any} */ (options));
  spoil(options);
  return { client, bodies };
}

const json = (/** @type {unknown} */ value) => new Response(JSON.stringify(value));

const key = () => publicKey(/** @type {any} */ (product()), "o");
const access = () => ({ url: new URL(`http://${registry.domain}`), repository, fetch: globalThis.fetch });

/**
 * By name: what makes the arguments, and what calls with them and says what came of it.
 *
 * @type {Record<string, { given: () => any[], call: (...given: any[]) => Promise<unknown> }>}
 */
const calls = {
  verifyImage: {
    given: () => [image, { publicKey: key(), registry: access() }],
    call: async (...given) => (await /** @type {any} */ (verifyImage)(...given)).state,
  },
  "verifyImage with keys": {
    given: () => [image, { keys: [key(), Buffer.from(key().spki)], threshold: 1, registry: access() }],
    call: async (...given) => (await /** @type {any} */ (verifyImage)(...given)).state,
  },
  verifySignatures: {
    given: () => {
      const blob = Buffer.from(JSON.stringify(payloadFor({ repository: image.split("@")[0], digest })));
      const manifest = Buffer.from(
        JSON.stringify({ schemaVersion: 2, layers: [simpleLayer(rsa.privateKey, blob)] }),
      );
      return [{ reference: image, keys: [key()], manifest: [manifest], blob: [blob] }];
    },
    call: async (...given) => (await /** @type {any} */ (verifySignatures)(...given)).state,
  },
  verifySigning: {
    given: () => [service().client, request(), { product: product(), registry: access(), intervalMs: 1 }],
    call: async (client, ...given) =>
      (await /** @type {any} */ (verifySigning)(client, ...given)).verification.state,
  },
  "verifySigning of a final request": {
    given: () => [service().client, request(16), { product: product(), registry: access() }],
    call: async (client, ...given) =>
      (await /** @type {any} */ (verifySigning)(client, ...given)).verification.state,
  },
  describeImage: {
    given: () => [image, { registry: access() }],
    // The registry holds a manifest that is too simple to be described: it was asked, and it answered.
    call: (...given) => assert.rejects(/** @type {any} */ (describeImage)(...given), { code: "bad-reply" }),
  },
  attachSignature: {
    given: () => [
      image,
      {
        signature: sign("sha256", Buffer.from(simpleSigningPayload(image).text), rsa.privateKey),
        publicKey: key(),
        registry: access(),
      },
    ],
    call: async (...given) => (await /** @type {any} */ (attachSignature)(...given)).signatures,
  },
  requestSigning: {
    given: () => [{ product: product(), artifact: image, metadata: [{ name: "Version", value: "v1" }] }],
    call: posted((client, ...given) => client.requestSigning(...given)),
  },
  "requestSigning by id": {
    given: () => [{ productId: "p", artifact: image, metadata: [{ name: "Version", value: "v1" }] }],
    call: posted((client, ...given) => client.requestSigning(...given)),
  },
  createProduct: {
    given: () => [product()],
    call: posted((client, ...given) => client.createProduct(...given)),
  },
  approve: {
    given: () => [{ expect: request(), expectProduct: product(), comment: "as announced" }],
    call: posted((client, ...given) => client.approve("r1", ...given)),
  },
  reject: {
    given: () => [{ expect: request(), comment: "not this build" }],
    call: posted((client, ...given) => client.reject("r1", ...given)),
  },
  waitForSignature: {
    given: () => [{ timeoutMs: 60_000, intervalMs: 1 }],
    call: async (...given) => (await service().client.waitForSignature("r1", ...given)).state,
  },
};

/** @param {(client: any, ...given: any[]) => Promise<unknown>} act @returns {(...given: any[]) => Promise<unknown>} */
function posted(act) {
  return async (...given) => {
    const { client, bodies } = service();
    await act(client, ...given);
    return bodies;
  };
}

for (const [name, { given, call }] of Object.entries(calls)) {
  test(`${name}: what the caller changes after the call changes nothing`, async () => {
    signByTag();
    const expected = await call(...given());
    const passed = given();
    const outcome = call(...passed);
    spoil(passed);
    assert.deepEqual(await outcome, expected);
  });

  test(`${name}: a getter is asked once`, async () => {
    signByTag();
    const expected = await call(...given());
    /** @type {Map<string, number>} */
    const asked = new Map();
    const passed = given().map((it) => counted(it, "", asked));
    assert.deepEqual(await call(...passed), expected);
    const twice = [...asked].filter(([, times]) => times > 1);
    assert.deepEqual(twice, [], "a second answer could be another one");
  });
}

/**
 * Plain objects and lists behind getters that count.
 *
 * @param {any} value @param {string} path @param {Map<string, number>} asked @returns {any}
 */
function counted(value, path, asked) {
  if (Array.isArray(value)) return value.map((it, index) => counted(it, `${path}[${index}]`, asked));
  if (Object.prototype.toString.call(value) !== "[object Object]" || value instanceof SigningClient)
    return value;
  const copy = {};
  for (const [key, field] of Object.entries(value)) {
    const place = `${path}.${key}`;
    const inside = counted(field, place, asked);
    Object.defineProperty(copy, key, {
      enumerable: true,
      get: () => {
        asked.set(place, (asked.get(place) ?? 0) + 1);
        return inside;
      },
    });
  }
  return copy;
}
