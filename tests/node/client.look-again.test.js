// Right after status 16, a registry may not show the signature yet: an absence is looked at again, and the last answer is
// told. What cannot mend itself is told at once.
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { SigningClient, verifyImage, verifySigning, waitAndVerify } from "ocisign";
import { fakeRegistry } from "../support/fake-registry.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const rsa = keyPair("rsa");
const other = keyPair("rsa");
const repository = "team/app";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const quick = { intervalMs: 1, maxIntervalMs: 4 };

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {string} */
let digest;
/** @type {string} */
let tag;
/** @type {(() => void)[]} */
const closing = [];
after(() => {
  for (const close of closing) close();
});

beforeEach(async () => {
  registry = await fakeRegistry();
  closing.push(registry.close);
  digest = registry.manifest(repository, manifestOf({ digest: "the image itself" }));
  tag = `${digest.replace(":", "-")}.sig`;
});

const image = () => `${registry.domain}/${repository}@${digest}`;

/** A manifest with a signature of the image. */
function signed(key = rsa) {
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest })),
  );
  registry.blob(repository, bytes);
  return manifestOf(simpleLayer(key.privateKey, bytes));
}

/** @typedef {import("../support/fake-registry.js").Handler} Handler */
/** @type {Handler} */
const absent = (_, reply) =>
  reply
    .writeHead(404, { "content-type": "application/json" })
    .end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
/** @param {Uint8Array} bytes @returns {Handler} */
const shown = (bytes) => (_, reply) => reply.writeHead(200, { "content-type": manifestType }).end(bytes);
/** @param {number} code @returns {Handler} */
const status = (code) => (_, reply) => reply.writeHead(code).end();

/** Answers a route by one after the other, the last for ever; tells how often it was asked. @param {...Handler} answers */
function inTurn(answers, what = tag) {
  let asked = 0;
  registry.answer(`GET /v2/${repository}/manifests/${what}`, (request, reply) => {
    asked++;
    return (answers.length > 1 ? answers.shift() : answers[0])(request, reply);
  });
  return () => asked;
}

/** A client of a service that says that the image is signed. */
function client() {
  const spki = rsa.publicKey.export({ type: "spki", format: "der" });
  const token = { publicKey: spki.toString("base64") };
  const product = { id: "p", productOperations: [{ id: "o", operationType: "SignOCI", token }] };
  const artifactURI = Buffer.from(image()).toString("base64");
  const signing = {
    id: "r1",
    status: 16,
    productId: "p",
    idProductOperation: "o",
    payload: { optionalParameters: [{ artifactURI }] },
  };
  const fetch = async (/** @type {any} */ url) =>
    new Response(JSON.stringify(url.includes("/products/") ? product : signing));
  return new SigningClient({ baseUrl: "https://service.example/acme/api/v1", token: "t", fetch });
}

const verify = async (/** @type {object} */ options = {}) => {
  const { verification } = await verifySigning(client(), "r1", { ...quick, ...options });
  return verification;
};

test("a signature that shows itself at the fourth look is verified", async () => {
  const asked = inTurn([absent, absent, absent, shown(signed())]);
  const { state, reason } = await verify();
  assert.deepEqual([state, asked()], ["verified", 4], reason);
});

test("waitAndVerify, and a request that was read before, look again, too", async () => {
  for (const given of ["r1", await client().signing("r1")]) {
    const asked = inTurn([absent, absent, shown(signed())]);
    const { verification } = await verifySigning(client(), given, quick);
    assert.deepEqual([verification?.state, asked()], ["verified", 3]);
  }
  inTurn([absent, shown(signed())]);
  const { verification } = await waitAndVerify(client(), "r1", quick);
  assert.equal(verification?.state, "verified");
});

for (const [name, answers] of /** @type {[string, () => Handler[]][]} */ ([
  ["a passing failure of the registry", () => [...Array(3).fill(status(503)), shown(signed())]],
  ["too many requests", () => [status(429), shown(signed())]],
  ["a connection that broke", () => [(request) => request.socket.destroy(), shown(signed())]],
  ["only the signature of the key before", () => [shown(signed(other)), shown(signed())]],
  [
    "the three in a row",
    () => [absent, shown(signed(other)), ...Array(3).fill(status(502)), shown(signed())],
  ],
])) {
  test(`${name} is looked at again`, async () => {
    inTurn(answers());
    const { state, reason } = await verify();
    assert.equal(state, "verified", reason);
  });
}

test("when the time is over, the last answer is told", async () => {
  const asked = inTurn([absent, absent, shown(signed(other))]);
  const { state } = await verify({ lookAgainMs: 60 });
  assert.equal(state, "invalid");
  assert.ok(asked() > 3, `${asked()}`);
});

test("the caller's time is what limits it", async () => {
  const asked = inTurn([absent]);
  const { state } = await verify({ timeoutMs: 60 });
  assert.equal(state, "unsigned");
  assert.ok(asked() > 1, `${asked()}`);
});

test("0 looks once, and so does verifyImage", async () => {
  const asked = inTurn([absent]);
  assert.equal((await verify({ lookAgainMs: 0 })).state, "unsigned");
  assert.equal((await verifyImage(image(), { publicKey: rsa.pem })).state, "unsigned");
  assert.equal(asked(), 2);
});

for (const [name, answer, state] of /** @type {const} */ ([
  ["a refusal", status(403), "unreachable"],
  [
    "a sign-in page",
    (_, reply) => reply.writeHead(200, { "content-type": "text/html" }).end(),
    "unreachable",
  ],
  ["a signature of another image", "another", "invalid"],
])) {
  test(`${name} does not mend itself, and is told at once`, async () => {
    const wrong = Buffer.from(JSON.stringify(payloadFor({ repository: "registry.example/other", digest })));
    registry.blob(repository, wrong);
    const asked = inTurn([
      answer === "another" ? shown(manifestOf(simpleLayer(rsa.privateKey, wrong))) : answer,
    ]);
    assert.equal((await verify()).state, state);
    assert.equal(asked(), 1);
  });
}

test("a signal ends it in a pause, and during a look", async () => {
  const inPause = new AbortController();
  inTurn([absent]);
  const long = verify({ intervalMs: 60_000, maxIntervalMs: 60_000, signal: inPause.signal });
  // The first look ends with the question for the fallback tag.
  registry.answer(`GET /v2/${repository}/manifests/${digest.replace(":", "-")}`, (request, reply) => {
    absent(request, reply);
    setImmediate(() => inPause.abort());
  });
  await assert.rejects(long, { code: "aborted" });

  const inLook = new AbortController();
  inTurn([absent, () => inLook.abort()]);
  await assert.rejects(verify({ signal: inLook.signal }), { code: "aborted" });
});

test("what is no time is refused before anything is asked", async () => {
  for (const lookAgainMs of [-1, "5", Number.NaN, null]) {
    await assert.rejects(verify({ lookAgainMs }), { code: "bad-input", message: /lookAgainMs/ });
  }
  assert.equal(registry.requests.length, 0);
});
