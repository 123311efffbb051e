// From a request, or its id, to what the registry proves of it: verifySigning waits if it has to, finds the key, and
// verifies.
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { publicKey, SigningClient, verifySigning, waitAndVerify } from "ocisign";
import { fakeRegistry } from "../support/fake-registry.js";
import { bundleLayer, keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const rsa = keyPair("rsa");
const other = keyPair("P-256");
const repository = "team/app";
const quick = { intervalMs: 1, maxIntervalMs: 1 };
/** @type {import("ocisign").Profile} */
const profile = { statuses: { 2: "waiting", 32: "rejected", 64: "failed" } };

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {string} */
let digest;
/** @type {string} */
let image;
/** @type {(() => void)[]} */
const closing = [];
after(() => {
  for (const close of closing) close();
});

beforeEach(async () => {
  registry = await fakeRegistry();
  closing.push(registry.close);
  digest = registry.manifest(repository, manifestOf({ digest: "the image itself" }));
  image = `${registry.domain}/${repository}@${digest}`;
});

/** Puts a signature of the image under its tag. */
function sign(key = rsa) {
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest })),
  );
  registry.blob(repository, bytes);
  const manifest = manifestOf(simpleLayer(key.privateKey, bytes));
  registry.manifest(repository, manifest, `${digest.replace(":", "-")}.sig`);
}

/** A product with a key, as the service shows it. @returns {any} */
function productWith(key = rsa, changes = {}) {
  const spki = key.publicKey.export({ type: "spki", format: "der" });
  return {
    id: "p",
    enabled: true,
    productOperations: [{ id: "o", operationType: "SignOCI", token: { publicKey: spki.toString("base64") } }],
    productConfigItems: [{ name: "RegistryURL", value: registry.domain }],
    ...changes,
  };
}

/** A request for an image, as the service shows it. @param {number} status @param {object} [changes] @returns {any} */
function request(status, changes) {
  const artifactURI = Buffer.from(image).toString("base64");
  return {
    id: "r1",
    status,
    productId: "p",
    idProductOperation: "o",
    payload: { optionalParameters: [{ artifactURI }] },
    ...changes,
  };
}

/**
 * A client of a service that shows the request like this, the last for ever, and the product; and what was asked.
 *
 * @param {unknown[]} shown @param {unknown} [product]
 */
function serviceOf(shown, product = productWith()) {
  /** @type {string[]} */
  const asked = [];
  const left = [...shown];
  const fetch = async (/** @type {any} */ url, /** @type {any} */ { method }) => {
    const what = url.replace(/^.*\/api\/v1\//, "");
    asked.push(`${method} ${what}`);
    const reply = what.startsWith("products/") ? product : left.length > 1 ? left.shift() : left[0];
    return new Response(JSON.stringify(reply));
  };
  const baseUrl = "https://service.example/acme/api/v1";
  return { client: new SigningClient({ baseUrl, token: "t", fetch, profile }), asked };
}

const readsOfRequest = (/** @type {string[]} */ asked) => asked.filter((it) => it === "GET imagesignings/r1");
const readsOfProduct = (/** @type {string[]} */ asked) => asked.filter((it) => it === "GET products/p");

test("a request that is signed, with its product: the service is asked nothing", async () => {
  sign();
  const product = productWith();
  const { client, asked } = serviceOf([request(16)]);
  const signed = await client.signing("r1");
  asked.length = 0;
  const { signing, publicKey: key, verification } = await verifySigning(client, signed, { product });
  assert.deepEqual(signing, signed);
  assert.deepEqual(key, publicKey(product, "o", client.profile));
  assert.equal(verification?.state, "verified", verification?.reason);
  assert.deepEqual(verification?.keys, [key?.fingerprint]);
  assert.deepEqual(asked, []);
});

test("a request that is signed, without its product: the product is read, once, and the request is not", async () => {
  sign();
  const { client, asked } = serviceOf([request(16)]);
  const signed = await client.signing("r1");
  asked.length = 0;
  const { verification } = await verifySigning(client, signed);
  assert.equal(verification?.state, "verified", verification?.reason);
  assert.deepEqual(asked, ["GET products/p"]);
});

test("with a trust file, its rules decide, and the product is not read", async () => {
  sign();
  const { client, asked } = serviceOf([request(16)]);
  /** @param {string} images @param {object} [more] */
  const fileFor = (images, more) => ({
    version: 1,
    keys: { rsa: { publicKey: rsa.pem, ...more } },
    rules: [{ name: "team", images: [images], keys: ["rsa"] }],
  });
  const trust = fileFor(`${registry.domain}/team/**`);
  const outcome = await verifySigning(client, "r1", { trust });
  assert.equal(outcome.verification?.state, "verified");
  assert.match(outcome.verification?.reason ?? "", /as the rule "team" asks/);
  assert.deepEqual([outcome.key, readsOfProduct(asked)], [undefined, []]);
  const revoked = fileFor(`${registry.domain}/team/**`, { revoked: { reason: "stolen" } });
  // No look again helps a key that is revoked: the default patience would end this test.
  const refused = await waitAndVerify(client, "r1", { trust: revoked });
  assert.equal(refused.verification?.state, "invalid");
  asked.length = 0;
  const none = verifySigning(client, "r1", { trust: fileFor("registry.example/**"), reference: image });
  await assert.rejects(none, { code: "no-trust-rule" });
  for (const [more, message] of /** @type {const} */ ([
    [{ trust, publicKey: rsa.pem }, "trust and publicKey are both given."],
    [{ trust, product: productWith() }, "trust and product are both given."],
    [{ trustAt: "2026-01-01T00:00:00Z", product: productWith() }, "trust and product are both given."],
    [{ trustAt: "2026-01-01T00:00:00Z" }, "trustAt is given without trust."],
    [{ trust, trustAt: "tomorrow" }, "trustAt is no time."],
  ])) {
    const both = verifySigning(client, "r1", /** @type {any} */ (more));
    await assert.rejects(both, { code: "bad-input", message });
  }
  assert.deepEqual(asked, [], "it is said before the service is asked");
});

test("an id: the request is read", async () => {
  sign();
  const { client, asked } = serviceOf([request(16)]);
  const { signing, verification } = await verifySigning(client, "r1");
  assert.deepEqual([signing.id, signing.state, verification?.state], ["r1", "signed", "verified"]);
  assert.deepEqual([readsOfRequest(asked).length, readsOfProduct(asked).length], [1, 1]);
});

test("it waits when the request is not final, by id and by request, and tells each status once", async () => {
  sign();
  for (const byId of [true, false]) {
    const { client, asked } = serviceOf([request(2), request(2), request(8), request(16)]);
    const given = byId ? "r1" : await client.signing("r1");
    /** @type {number[]} */
    const seen = [];
    const onStatus = (/** @type {{ code: number }} */ { code }) => {
      seen.push(code);
    };
    const outcome = await verifySigning(client, given, { ...quick, onStatus });
    assert.deepEqual([outcome.signing.state, outcome.verification?.state], ["signed", "verified"]);
    assert.deepEqual(seen, [2, 8, 16]);
    assert.deepEqual([readsOfRequest(asked).length, readsOfProduct(asked).length], [4, 1]);
  }
});

test("a wait that takes too long is a timeout; nothing is verified", async () => {
  const { client, asked } = serviceOf([request(2)]);
  const limits = { intervalMs: 1, maxIntervalMs: 1, timeoutMs: 5 };
  await assert.rejects(verifySigning(client, "r1", limits), { code: "timeout", taken: "no" });
  assert.deepEqual(registry.requests, []);
  assert.equal(readsOfProduct(asked).length, 0);
});

test("what was rejected or failed has nothing to verify", async () => {
  for (const [status, state] of /** @type {const} */ ([
    [32, "rejected"],
    [64, "failed"],
  ])) {
    const { client, asked } = serviceOf([request(status)]);
    const signing = await client.signing("r1");
    for (const given of ["r1", signing]) {
      const outcome = await verifySigning(client, given, { product: productWith() });
      assert.deepEqual(
        [outcome.signing.state, outcome.publicKey, outcome.verification],
        [state, undefined, undefined],
      );
    }
    assert.equal(readsOfProduct(asked).length, 0);
  }
  assert.deepEqual(registry.requests, []);
});

test("what the registry holds is told as it is: nothing, another key's, or out of reach", async () => {
  const { client } = serviceOf([request(16)]);
  const once = { lookAgainMs: 0 };
  const stateNow = async () => (await verifySigning(client, "r1", once)).verification?.state;
  assert.equal(await stateNow(), "unsigned");
  sign(other);
  assert.equal(await stateNow(), "invalid");
  registry.answer(`GET /v2/${repository}/manifests/${digest}`, (_, reply) => reply.writeHead(403).end());
  registry.answer(`GET /v2/${repository}/manifests/${digest.replace(":", "-")}.sig`, (_, reply) =>
    reply.writeHead(403).end(),
  );
  assert.equal(await stateNow(), "unreachable");
});

test("another image than the one that was requested is refused before anything is verified", async () => {
  sign();
  for (const wanted of [
    image.replace(repository, "team/other"),
    image.replace(/[0-9a-f]{4}$/, "0000"),
    image.replace(registry.domain, "registry.example"),
  ]) {
    const { client, asked } = serviceOf([request(16)]);
    await assert.rejects(verifySigning(client, "r1", { reference: wanted }), {
      code: "bad-reply",
      message: /another image/,
    });
    assert.equal(readsOfProduct(asked).length, 0);
  }
  assert.deepEqual(registry.requests, []);
  const { client } = serviceOf([request(16)]);
  assert.equal((await verifySigning(client, "r1", { reference: image })).verification?.state, "verified");
});

test("a request that names no image, or several, needs the reference or is refused", async () => {
  sign();
  const artifactURI = Buffer.from(image).toString("base64");
  const none = request(16, { payload: {} });
  const several = request(16, { payload: { optionalParameters: [{ artifactURI }, { artifactURI }] } });
  for (const shown of [none, several]) {
    await assert.rejects(verifySigning(serviceOf([shown]).client, "r1"), {
      code: "bad-reply",
      message: /which one image/,
    });
  }
  const { client } = serviceOf([none]);
  const told = await verifySigning(client, "r1", { reference: image });
  assert.equal(told.verification?.state, "verified", told.verification?.reason);
  await assert.rejects(verifySigning(serviceOf([several]).client, "r1", { reference: image }), {
    code: "bad-reply",
  });
});

test("an image that cannot be read is an error with its own reason", async () => {
  for (const [artifactURI, code] of [
    ["!", "bad-base64"],
    [Buffer.from("nginx").toString("base64"), "registry-missing"],
  ]) {
    const shown = request(16, { payload: { optionalParameters: [{ artifactURI }] } });
    await assert.rejects(verifySigning(serviceOf([shown]).client, "r1"), { name: "OcisignError", code });
  }
  assert.deepEqual(registry.requests, []);
});

test("the key is the product's that was given, of the request's own operation", async () => {
  sign(other);
  const { client, asked } = serviceOf([request(16, { idProductOperation: "second" })]);
  const key = (/** @type {typeof rsa} */ of) =>
    of.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const product = productWith(rsa, {
    productOperations: [
      { id: "first", operationType: "SignOCI", token: { publicKey: key(rsa) } },
      { id: "second", operationType: "SignOCI", token: { publicKey: key(other) } },
    ],
  });
  const { publicKey: used, verification } = await verifySigning(client, "r1", { product });
  assert.equal(verification?.state, "verified", verification?.reason);
  assert.equal(used?.keyType, "secp256r1");
  assert.equal(readsOfProduct(asked).length, 0);
});

test("a product without a key is a bad-public-key, and nothing is verified", async () => {
  const product = productWith(rsa, { productOperations: [{ id: "o", operationType: "SignOCI" }] });
  const { client } = serviceOf([request(16)]);
  await assert.rejects(verifySigning(client, "r1", { product }), { code: "bad-public-key" });
  assert.deepEqual(registry.requests, []);
});

test("options of the verification reach it", async () => {
  const { layer, bytes } = bundleLayer(rsa.privateKey, { digest });
  registry.blob(repository, bytes);
  const manifest = registry.manifest(repository, manifestOf(layer));
  const type = "application/vnd.oci.image.index.v1+json";
  const artifactType = "application/vnd.dev.sigstore.bundle.v0.3+json";
  const manifests = [
    { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: manifest, size: 1, artifactType },
  ];
  registry.referrers(repository, digest, { schemaVersion: 2, mediaType: type, manifests });
  const { client } = serviceOf([request(16)]);
  const stateWith = async (/** @type {object} */ options) =>
    (await verifySigning(client, "r1", options)).verification?.state;
  assert.equal(await stateWith({}), "verified");
  assert.equal(await stateWith({ requireRepository: true }), "invalid");
  assert.equal(await stateWith({ registry: { repository: "team/elsewhere" } }), "unreachable");
  assert.equal(await stateWith({ totalBytes: 10 }), "unreachable");
});

test("a signal ends it: before, while it waits, and while it verifies", async () => {
  sign();
  const { client, asked } = serviceOf([request(16)]);
  await assert.rejects(verifySigning(client, "r1", { signal: AbortSignal.abort() }), { code: "aborted" });
  assert.deepEqual(asked, []);

  const waiting = new AbortController();
  const onStatus = () => waiting.abort();
  const pending = verifySigning(serviceOf([request(2)]).client, "r1", {
    ...quick,
    onStatus,
    signal: waiting.signal,
  });
  await assert.rejects(pending, { code: "aborted", taken: "no" });

  const reading = new AbortController();
  const fetch = async (/** @type {any} */ url, /** @type {any} */ { signal }) => {
    if (!url.includes("/products/")) return new Response(JSON.stringify(request(16)));
    setImmediate(() => reading.abort());
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const hanging = new SigningClient({
    baseUrl: "https://service.example/a/api/v1",
    token: "t",
    fetch,
    profile,
  });
  await assert.rejects(verifySigning(hanging, "r1", { signal: reading.signal }), { code: "aborted" });

  const verifying = new AbortController();
  registry.answer(`GET /v2/${repository}/manifests/${digest.replace(":", "-")}.sig`, () => verifying.abort());
  await assert.rejects(verifySigning(client, "r1", { signal: verifying.signal }), { code: "aborted" });
});

test("of several keys in one text, none is the one that is expected", async () => {
  const { client, asked } = serviceOf([request(16)]);
  for (const key of [rsa.pem + other.pem, other.pem.repeat(2)]) {
    const verifying = verifySigning(client, "r1", { publicKey: key });
    await assert.rejects(verifying, { code: "bad-input", message: /Several keys are given where one is/ });
  }
  assert.deepEqual(asked, []);
});

test("what is no client, no request and no option is refused before anything is asked", async () => {
  const { client, asked } = serviceOf([request(16)]);
  const verify = /** @type {any} */ (verifySigning);
  for (const call of [
    () => verify(undefined, "r1"),
    () => verify({ signing: () => request(16) }, "r1"),
    () => verify(client),
    () => verify(client, ""),
    () => verify(client, ".."),
    () => verify(client, 7),
    () => verify(client, {}),
    () => verify(client, null),
    () => verify(client, "r1", null),
    () => verify(client, "r1", { referense: image }),
    () => verify(client, "r1", { timeoutMs: 0 }),
  ]) {
    await assert.rejects(call(), { name: "OcisignError", code: "bad-input" }, String(call));
  }
  assert.deepEqual([asked, registry.requests], [[], []]);
});

test("waitAndVerify says the same", async () => {
  sign();
  const shown = () => serviceOf([request(2), request(16)]).client;
  const one = await waitAndVerify(shown(), "r1", { ...quick, reference: image });
  const two = await verifySigning(shown(), "r1", { ...quick, reference: image });
  assert.deepEqual(one, two);
});

test("an outage while the product is read is waited out within the time, and told", async () => {
  sign();
  const { client: steady, asked } = serviceOf([request(16)]);
  const signed = await steady.signing("r1");
  const outage = [503, 429, 502];
  let reads = 0;
  const fetch = async () => {
    const status = outage[reads];
    reads += 1;
    return new Response(JSON.stringify(status ? {} : productWith()), { status: status ?? 200 });
  };
  const retry = { attempts: 1 };
  const baseUrl = "https://service.example/acme/api/v1";
  const client = new SigningClient({ baseUrl, token: "t", fetch, profile, retry });
  await assert.rejects(verifySigning(client, signed), { code: "server-error" });
  reads = 0;
  /** @type {unknown[]} */
  const told = [];
  const { verification } = await verifySigning(client, signed, {
    ...{ timeoutMs: 60_000, intervalMs: 1, maxIntervalMs: 2 },
    onOutage: ({ error, attempts, over }) => void told.push([error.code, attempts, over]),
  });
  assert.equal(verification?.state, "verified", verification?.reason);
  assert.deepEqual(told, [
    ["server-error", 1, false],
    ["rate-limited", 2, false],
    ["server-error", 3, false],
    ["server-error", 3, true],
  ]);
  assert.equal(asked.length, 1);
});
