// What a request is compared with: the service's list says where to look, and the registry decides.
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { lastSigned, OcisignError, SigningClient } from "ocisign";
import { fakeRegistry, ownHeader } from "../support/fake-registry.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const rsa = keyPair("rsa");
const other = keyPair("P-256");
const repository = "team/app";
/** @type {import("ocisign").Profile} */
const profile = { statuses: { 2: "waiting", 32: "rejected", 64: "failed" } };

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {(() => void)[]} */
const closing = [];
after(() => {
  for (const close of closing) close();
});
beforeEach(async () => {
  registry = await fakeRegistry();
  closing.push(registry.close);
});

/** An image, signed with a key or not at all; its reference. @param {string} text @param {typeof rsa} [key] */
function image(text, key, where = repository) {
  const digest = registry.manifest(where, manifestOf({ digest: text }));
  if (key) {
    const bytes = Buffer.from(
      JSON.stringify(payloadFor({ repository: `${registry.domain}/${where}`, digest })),
    );
    registry.blob(where, bytes);
    registry.manifest(
      where,
      manifestOf(simpleLayer(key.privateKey, bytes)),
      `${digest.replace(":", "-")}.sig`,
    );
  }
  return `${registry.domain}/${where}@${digest}`;
}

/** A request for an image, as the service shows it. @param {string} id @param {string} of @param {object} [changes] @returns {any} */
const request = (id, of, changes) => ({
  id,
  status: 16,
  productId: "p",
  idProductOperation: "o",
  payload: { optionalParameters: [{ artifactURI: Buffer.from(of).toString("base64") }] },
  ...changes,
});
/** @param {string} of @param {object} [changes] */
const waiting = (of, changes) => request("now", of, { status: 2, ...changes });
const day = (/** @type {number} */ date) => `2026-03-${String(date).padStart(2, "0")}T10:00:00.000Z`;
const at = (/** @type {number} */ date) => ({ createdAt: day(date) });

function product(key = rsa) {
  const spki = key.publicKey.export({ type: "spki", format: "der" });
  return {
    id: "p",
    enabled: true,
    productOperations: [{ id: "o", operationType: "SignOCI", token: { publicKey: spki.toString("base64") } }],
    productConfigItems: [{ name: "RegistryURL", value: registry.domain }],
  };
}

/**
 * A client of a service that lists these, and shows each by its id as it is in `whole`, or else in the list.
 *
 * @param {any[]} list @param {{ whole?: any[], answer?: (path: string) => any }} [more]
 */
function clientOf(list, { whole = [], answer = () => undefined } = {}) {
  /** @type {string[]} */
  const asked = [];
  const fetch = async (/** @type {string} */ url, /** @type {any} */ { method }) => {
    assert.equal(method, "GET");
    const path = url.replace(/^.*\/api\/v1\//, "");
    asked.push(path);
    const [, route, id] = /^(\w+)\/?(\w*)/.exec(path) ?? [];
    const found = answer(path) ?? (route === "products" ? product() : undefined);
    const body = found ?? (id ? [...whole, ...list].find((one) => one.id === id) : list);
    return body instanceof Response ? body : Response.json(body ?? null, { status: body ? 200 : 404 });
  };
  const options = { baseUrl: "https://a.b/api/v1", token: "t", profile, fetch, retry: { attempts: 1 } };
  return { client: new SigningClient(options), asked };
}

const told = (/** @type {any} */ last) => [
  last.state,
  last.signing?.id,
  last.passedOver.map((/** @type {any} */ one) => `${one.signing.id} ${one.verification.state}`).join(),
];

test("the newest request of the repository and the operation whose signature verifies", async () => {
  const [first, second, third] = ["1", "2", "3"].map((text) => image(text, rsa));
  const list = [
    request("b", second ?? "", at(2)),
    request("c", third ?? "", at(3)),
    request("a", first ?? "", at(1)),
    request("elsewhere", image("x", rsa, "team/other"), at(9)),
    request("operation", image("y", rsa), { ...at(9), idProductOperation: "another" }),
    request("product", image("z", rsa), { ...at(9), productId: "another" }),
    request("rejected", image("r", rsa), { ...at(9), status: 32 }),
    request("open", image("q", rsa), { ...at(9), status: 2 }),
    waiting(image("new"), at(9)),
  ];
  const { client } = clientOf(list);
  const now = await client.signing("now");
  const last = await lastSigned(client, now);
  assert.deepEqual(told(last), ["found", "c", ""]);
  assert.ok(last.state === "found");
  assert.deepEqual([last.reference, last.signedAt], [third, day(3)]);
  assert.equal(last.verification.state, "verified");
  assert.equal(last.key.from, "product");
  // The same by its id, and among requests that were read before.
  assert.deepEqual(told(await lastSigned(client, "now")), ["found", "c", ""]);
  const signings = await client.signings();
  const { client: blind, asked } = clientOf([]);
  assert.deepEqual(told(await lastSigned(blind, now, { signings, product: product() })), ["found", "c", ""]);
  assert.deepEqual(asked, []);
});

test("when it was signed: by its history, by its last approval, or by its beginning", async () => {
  const list = [
    request("created", image("1", rsa), at(20)),
    request("approved", image("2", rsa), { ...at(1), approvals: [{ at: day(24) }, { at: day(22) }] }),
    request("signed", image("3", rsa), {
      ...at(1),
      approvals: [{ at: day(2) }],
      history: [
        { status: 16, at: day(23) },
        { status: 2, at: day(28) },
      ],
    }),
    request("undated", image("4", rsa)),
    request("odd", image("5", rsa), { createdAt: 7, approvals: [null, { at: "x" }], history: "none" }),
    waiting(image("new")),
  ];
  /** @type {string[]} */
  const order = [];
  for (let left = list; left.length > 1; left = left.filter(({ id }) => !order.includes(id))) {
    const last = await lastSigned(clientOf(left).client, "now");
    assert.ok(last.state === "found");
    order.push(last.signing.id);
    const dates = { approved: day(24), signed: day(23), created: day(20) };
    assert.equal(last.signedAt, Object.entries(dates).find(([id]) => id === last.signing.id)?.[1]);
  }
  assert.deepEqual(order, ["approved", "signed", "created", "undated", "odd"]);
});

test("of a request that is signed itself, only what was signed before it", async () => {
  const list = [
    request("a", image("1", rsa), at(1)),
    request("b", image("2", rsa), at(2)),
    request("c", image("3", rsa), at(3)),
  ];
  const { client } = clientOf(list);
  assert.deepEqual(told(await lastSigned(client, "b")), ["found", "a", ""]);
  assert.deepEqual(told(await lastSigned(client, "a")), ["none", undefined, ""]);
});

test("status 16 is no proof: what does not verify is passed over, and told", async () => {
  const list = [
    request("good", image("1", rsa), at(1)),
    request("unsigned", image("2"), at(3)),
    request("other", image("3", other), at(2)),
    waiting(image("new")),
  ];
  const { client } = clientOf(list);
  assert.deepEqual(told(await lastSigned(client, "now")), [
    "found",
    "good",
    "unsigned unsigned,other invalid",
  ]);
  const { client: bad } = clientOf(list.filter(({ id }) => id !== "good"));
  assert.deepEqual(told(await lastSigned(bad, "now")), [
    "none",
    undefined,
    "unsigned unsigned,other invalid",
  ]);
  const { client: none } = clientOf([waiting(image("new"))]);
  assert.deepEqual(told(await lastSigned(none, "now")), ["none", undefined, ""]);
});

test("what cannot be read is unknown, and never none", async () => {
  const gone = image("gone", rsa);
  const digest = gone.split("@")[1];
  registry.answer(`GET /v2/${repository}/manifests/${digest}`, (_, reply) =>
    reply.writeHead(403, ownHeader).end(),
  );
  const list = [request("gone", gone, at(2)), waiting(image("new"))];
  const last = await lastSigned(clientOf(list).client, "now");
  assert.deepEqual(told(last), ["unknown", undefined, "gone unreachable"]);
  assert.ok(last.state === "unknown" && last.error instanceof OcisignError && last.error.fix);
  // An older one that verifies is found all the same.
  const older = [...list, request("old", image("1", rsa), at(1))];
  assert.deepEqual(told(await lastSigned(clientOf(older).client, "now")), [
    "found",
    "old",
    "gone unreachable",
  ]);
  // An element of the list that cannot be read may be the one.
  const { client } = clientOf([{ id: "x" }, waiting(image("new"))]);
  assert.deepEqual(told(await lastSigned(client, "now")), ["unknown", undefined, ""]);
  // The list, the product, the request itself.
  for (const [path, code] of /** @type {const} */ ([
    ["signings", "forbidden"],
    ["products/p", "forbidden"],
    ["signings/now", "forbidden"],
  ])) {
    const answer = (/** @type {string} */ asked) =>
      asked === route(path) ? new Response("{}", { status: 403 }) : undefined;
    const { client: refused } = clientOf([request("a", image("1", rsa), at(1)), waiting(image("new"))], {
      answer,
    });
    const outcome = await lastSigned(refused, "now");
    assert.ok(outcome.state === "unknown", path);
    assert.equal(outcome.error.code, code, path);
  }
});

/** The routes' own names. @param {string} path */
const route = (path) => path.replace("signings", "imagesignings");

test("of many that do not verify, five are tried, and then it is unknown", async () => {
  const list = Array.from({ length: 7 }, (_, number) =>
    request(`r${number}`, image(`i${number}`), at(number + 1)),
  );
  const last = await lastSigned(clientOf([...list, waiting(image("new"))]).client, "now");
  assert.deepEqual(told(last), ["unknown", undefined, [6, 5, 4, 3, 2].map((n) => `r${n} unsigned`).join()]);
  assert.ok(last.state === "unknown" && last.error.code === "bad-signature");
});

test("a list that leaves out images: each candidate is read by itself", async () => {
  const whole = [
    request("a", image("1", rsa), at(1)),
    request("b", image("2", rsa, "team/other"), at(2)),
    waiting(image("new"), at(3)),
  ];
  const list = whole.map(({ payload, ...rest }) => rest);
  const { client } = clientOf(list, { whole });
  assert.deepEqual(told(await lastSigned(client, "now")), ["found", "a", ""]);
  const [listed] = (await client.signings()).filter(({ id }) => id === "now");
  assert.ok(listed);
  assert.deepEqual(told(await lastSigned(client, listed)), ["found", "a", ""]);
});

test("a request that names no image, or two", async () => {
  for (const payload of [{}, { optionalParameters: [{ artifactURI: "%" }] }, undefined]) {
    const last = await lastSigned(clientOf([waiting(image("new"), { payload })]).client, "now");
    assert.ok(last.state === "unknown", JSON.stringify(payload));
  }
});

test("wrong arguments, and a caller who has had enough", async () => {
  const { client } = clientOf([waiting(image("new"))]);
  const of = (/** @type {any} */ options, /** @type {any} */ by = client, /** @type {any} */ what = "now") =>
    lastSigned(by, what, options);
  for (const options of [
    null,
    { x: 1 },
    { signings: {} },
    { signings: [7] },
    { totalBytes: 0 },
    { registry: 7 },
    { signal: 1 },
  ]) {
    await assert.rejects(of(options), { name: "OcisignError", code: "bad-input" }, JSON.stringify(options));
  }
  await assert.rejects(of({ publicKey: "no key" }), { name: "OcisignError", code: "bad-public-key" });
  await assert.rejects(of({}, {}), { code: "bad-input" });
  await assert.rejects(of({}, client, 7), { code: "bad-input" });
  await assert.rejects(of({}, client, ""), { code: "bad-input" });
  await assert.rejects(of({ signal: AbortSignal.abort() }), { code: "aborted" });
});
