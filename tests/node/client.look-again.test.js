// Right after status 16, a registry may not show the signature yet: an absence is looked at again, and the last answer is
// told. What cannot mend itself is told at once.
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { SigningClient, verifyImage, verifySigning, waitAndVerify } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { bundleLayer, keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const rsa = keyPair("rsa");
const other = keyPair("rsa");
const repository = "team/app";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
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

/**
 * Answers for the signatures' tag by one after the other, the last for ever; tells how often it was asked.
 *
 * @param {Handler[]} answers
 */
function inTurn(answers) {
  let asked = 0;
  registry.answer(`GET /v2/${repository}/manifests/${tag}`, (request, reply) => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    return answer?.(request, reply);
  });
  return () => asked;
}

/**
 * The same answers by a clock of which each look takes ten seconds.
 *
 * @param {import("node:test").TestContext} t @param {Handler[]} answers
 */
function slowly(t, answers) {
  // Whole milliseconds: three times 10,000 of them are then exactly 30,000 later.
  let now = Math.ceil(performance.now());
  t.mock.method(performance, "now", () => now);
  return answers.map((answer) => {
    /** @type {Handler} */
    const slow = (request, reply) => {
      now += 10_000;
      return answer(request, reply);
    };
    return slow;
  });
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

/** @param {any} [options] right or wrong ones */
async function verify(options = {}) {
  const { verification } = await verifySigning(client(), "r1", { ...quick, ...options });
  assert.ok(verification);
  return verification;
}

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

test("a registry that hangs once is looked at again", async () => {
  const asked = inTurn([() => {}, shown(signed())]);
  const { state, reason } = await verify({ callTimeoutMs: 300 });
  assert.deepEqual([state, asked()], ["verified", 2], reason);
});

test("a blob that is away for a while is looked at again", async () => {
  inTurn([shown(signed())]);
  const bytes = Buffer.from(
    JSON.stringify(payloadFor({ repository: `${registry.domain}/${repository}`, digest })),
  );
  let asked = 0;
  registry.answer(`GET /v2/${repository}/blobs/${digestOf(bytes)}`, (_, reply) =>
    asked++ < 5 ? reply.writeHead(503).end() : reply.writeHead(200).end(bytes),
  );
  const { state, reason } = await verify();
  assert.deepEqual([state, asked], ["verified", 6], reason);
});

test("a referrer that one replica lists, and another one does not have yet, is looked at again", async () => {
  const { layer, bytes } = bundleLayer(rsa.privateKey, { digest });
  registry.blob(repository, bytes);
  const manifest = manifestOf(layer);
  const listed = { mediaType: manifestType, digest: digestOf(manifest), size: manifest.length };
  registry.referrers(repository, digest, { schemaVersion: 2, mediaType: indexType, manifests: [listed] });
  let asked = 0;
  registry.answer(`GET /v2/${repository}/manifests/${listed.digest}`, (request, reply) =>
    (asked++ < 2 ? absent : shown(manifest))(request, reply),
  );
  const { state, reason } = await verify();
  assert.deepEqual([state, asked], ["verified", 3], reason);
});

/** The image becomes an index of what it was, signed by our key, with more layers in the manifest of its signatures. */
function becomeIndex(members = [digest], ...more) {
  const manifests = members.map((it) => ({ mediaType: manifestType, digest: it, size: 1 }));
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  digest = registry.manifest(repository, index, undefined, indexType);
  const { layers } = JSON.parse(String(signed()));
  registry.manifest(repository, manifestOf(...layers, ...more), `${digest.replace(":", "-")}.sig`);
}

test("of an index, the part that is not signed yet is looked at again, and the whole with it", async () => {
  const asked = inTurn([absent, absent, shown(signed())]);
  // Beside the signature that the whole needs, a wrong one changes nothing.
  const wrong = Buffer.from(JSON.stringify(payloadFor({ repository: "registry.example/other", digest })));
  registry.blob(repository, wrong);
  becomeIndex([digest], simpleLayer(rsa.privateKey, wrong));
  const { state, reason, manifests: parts } = await verify({ recursive: true });
  assert.deepEqual([state, parts?.length, asked()], ["verified", 1, 3], reason);
});

test("of an index, one part that does not mend itself is told at once, whatever the others may do", async () => {
  const asked = inTurn([absent]);
  const second = registry.manifest(repository, manifestOf({ digest: "another platform" }));
  registry.answer(`GET /v2/${repository}/manifests/${second.replace(":", "-")}.sig`, status(403));
  becomeIndex([digest, second]);
  assert.equal((await verify({ recursive: true })).state, "unreachable");
  assert.equal(asked(), 1);
});

test("with a trust file, what its keys may still sign is looked at again, and else it is told at once", async () => {
  const keys = { current: { publicKey: rsa.pem }, next: { publicKey: other.pem } };
  const retired = {
    ...keys,
    next: { ...keys.next, retired: { at: "2020-01-01T00:00:00Z", reason: "lost" } },
  };
  const trusting = (/** @type {object} */ keys, /** @type {object} */ rule) => ({
    trust: {
      version: 1,
      keys,
      rules: [{ name: "team", images: [`${registry.domain}/**`], keys: ["current"], ...rule }],
    },
  });
  for (const [answers, trust, state, looks] of /** @type {[Handler[], object, string, number][]} */ ([
    [[absent, shown(signed())], trusting(keys, {}), "verified", 2],
    // By a key that the rule does not name.
    [[shown(signed(other)), shown(signed())], trusting(keys, {}), "verified", 2],
    [[absent], trusting(retired, { keys: ["current", "next"], threshold: 2 }), "unsigned", 1],
  ])) {
    const asked = inTurn(answers);
    const { state: told, reason } = await verify(trust);
    assert.deepEqual([told, asked()], [state, looks], reason);
  }
});

test("when the time is over, the last answer is told", async (t) => {
  const old = shown(signed(other));
  const asked = inTurn(slowly(t, [absent, absent, old]));
  assert.equal((await verify({ lookAgainMs: 25_000 })).state, "invalid");
  assert.equal(asked(), 3);
});

test("the caller's time is what limits it, from the beginning of the wait", async (t) => {
  const asked = inTurn(slowly(t, [absent]));
  assert.equal((await verify({ timeoutMs: 95_000 })).state, "unsigned");
  assert.equal(asked(), 10);
});

test("the time for looking again goes before that of the wait", async (t) => {
  const asked = inTurn(slowly(t, [absent]));
  assert.equal((await verify({ timeoutMs: 95_000, lookAgainMs: 25_000 })).state, "unsigned");
  assert.equal(asked(), 3);
});

test("without a limit, it is half a minute", async (t) => {
  const asked = inTurn(slowly(t, [absent]));
  assert.equal((await verify()).state, "unsigned");
  assert.equal(asked(), 3);
});

test("0 looks once, and so does verifyImage", async () => {
  const asked = inTurn([absent]);
  assert.equal((await verify({ lookAgainMs: 0 })).state, "unsigned");
  assert.equal((await verifyImage(image(), { publicKey: rsa.pem })).state, "unsigned");
  assert.equal(asked(), 2);
});

for (const [name, answer, state] of /** @type {[string, Handler | "another" | "no image", string][]} */ ([
  ["a refusal", status(403), "unreachable"],
  [
    "a sign-in page",
    (_, reply) => reply.writeHead(200, { "content-type": "text/html" }).end(),
    "unreachable",
  ],
  ["a signature of another image", "another", "invalid"],
  ["an image that is not there", "no image", "unreachable"],
])) {
  test(`${name} does not mend itself, and is told at once`, async () => {
    const wrong = Buffer.from(JSON.stringify(payloadFor({ repository: "registry.example/other", digest })));
    registry.blob(repository, wrong);
    if (answer === "no image") registry.answer(`GET /v2/${repository}/manifests/${digest}`, absent);
    const other = answer === "another" ? shown(manifestOf(simpleLayer(rsa.privateKey, wrong))) : answer;
    const asked = inTurn([other === "no image" ? absent : other]);
    assert.equal((await verify()).state, state);
    assert.equal(asked(), 1);
  });
}

test("the pauses grow", async (t) => {
  const expected = [640, 960, 1440, 2160, 2560, 2560];
  /** @type {number[]} */
  const pauses = [];
  const real = globalThis.setTimeout;
  t.mock.method(
    globalThis,
    "setTimeout",
    (/** @type {any} */ act, /** @type {number} */ ms, /** @type {any[]} */ ...more) => {
      // Others have timers, too, and none of just these.
      const isPause = expected.includes(ms);
      if (isPause) pauses.push(ms);
      return real(act, isPause ? 1 : ms, ...more);
    },
  );
  inTurn([...Array(10).fill(absent), shown(signed())]);
  assert.equal(
    (await verify({ intervalMs: 640, maxIntervalMs: 2560, lookAgainMs: 600_000 })).state,
    "verified",
  );
  assert.deepEqual(pauses.slice(0, expected.length), expected);
});

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
