// May the service have done what was asked although the call failed? Every error says it: "no", or "maybe".
import assert from "node:assert/strict";
import { test } from "node:test";
import { OcisignError, parseReference, verifySignatures } from "ocisign";
import { productOf } from "../support/fake-service.js";
import { fake } from "../support/scripted-fetch.js";
import { service, serviceClient } from "../support/scripted-service.js";

const request = { id: "r1", status: 2, payload: { optionalParameters: [{ artifactURI: "YQ==" }] } };
const shown = { ...request, state: "waiting", code: 2, final: false };
const once = { retry: { attempts: 1, baseMs: 1, maxMs: 1 } };
const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
// With its product, so that the first call is the POST.
const operation = { product: productOf("registry.example"), artifact: image };

/** The error of a call. @param {Promise<unknown>} call @returns {Promise<any>} */
async function errorOf(call) {
  return call.then(
    () => assert.fail("it did not fail"),
    (error) => error,
  );
}

const acts = {
  approve: (/** @type {any} */ client) => client.approve("r1"),
  reject: (/** @type {any} */ client) => client.reject("r1", { comment: "no" }),
  requestSigning: (/** @type {any} */ client) => client.requestSigning(operation),
};
const reads = {
  signing: (/** @type {any} */ client) => client.signing("r1"),
  signings: (/** @type {any} */ client) => client.signings(),
  product: (/** @type {any} */ client) => client.product("p"),
  products: (/** @type {any} */ client) => client.products(),
};

/** What came of it, whether the service may have taken a POST, and how it came. */
const outcomes = /** @type {const} */ ([
  ["HTTP 400", "no", { status: 400 }],
  ["HTTP 401", "no", { status: 401 }],
  ["HTTP 403", "no", { status: 403 }],
  ["HTTP 404", "no", { status: 404 }],
  ["HTTP 408", "maybe", { status: 408 }],
  ["HTTP 409", "no", { status: 409 }],
  ["HTTP 418", "no", { status: 418 }],
  ["HTTP 422", "no", { status: 422 }],
  ["HTTP 429", "no", { status: 429 }],
  ["HTTP 429 for an hour", "no", { status: 429, headers: { "retry-after": "3600" } }],
  ["HTTP 500", "maybe", { status: 500 }],
  ["HTTP 501", "maybe", { status: 501 }],
  ["HTTP 502", "maybe", { status: 502 }],
  ["HTTP 503", "maybe", { status: 503 }],
  ["HTTP 504", "maybe", { status: 504 }],
  ["HTTP 599", "maybe", { status: 599 }],
  ["a redirect", "maybe", { status: 302, headers: { location: "/elsewhere" } }],
  ["a redirect to what the POST made", "maybe", { status: 303, headers: { location: "/imagesignings/r1" } }],
  ["a success that is a page", "maybe", { body: "<!doctype html>" }],
  ["a success that is half of some JSON", "maybe", { body: '{"id":"r1"' }],
  ["a success that is empty", "maybe", { status: 204, body: "" }],
  ["a success of another kind", "maybe", { body: "7" }],
  ["a connection that breaks before the reply", "maybe", { destroy: true }],
  ["a connection that breaks within the reply", "maybe", { half: true }],
]);

for (const [name, taken, answer] of outcomes) {
  test(`${name}: a POST was taken: ${taken}; a GET never was`, async () => {
    for (const act of Object.values(acts)) {
      service.answers = [answer];
      const error = await errorOf(act(serviceClient(once)));
      assert.ok(error instanceof OcisignError);
      assert.equal(error.taken, taken, error.message);
      if (taken === "no") assert.doesNotMatch(error.fix, /may have accepted it/);
    }
    for (const read of Object.values(reads)) {
      service.answers = [answer];
      const error = await errorOf(read(serviceClient(once)));
      assert.equal(error.taken, "no", error.message);
      assert.doesNotMatch(error.fix, /may have accepted it|before you send it again/);
    }
  });
}

test("a success about another request, without a status, or of another image may have been taken", async () => {
  const another = Buffer.from(image.replace("app", "other")).toString("base64");
  for (const [act, reply] of /** @type {const} */ ([
    ["approve", { id: "another", status: 16 }],
    ["approve", { id: "r1" }],
    ["reject", { id: "r1", status: "16" }],
    ["requestSigning", { id: "", status: 2 }],
    ["requestSigning", { id: "r1", status: 2, payload: { optionalParameters: [{ artifactURI: another }] } }],
  ])) {
    service.answers = [{ body: JSON.stringify(reply) }];
    const error = await errorOf(acts[act](serviceClient(once)));
    assert.equal(error.taken, "maybe", `${act}: ${error.message}`);
  }
  service.answers = [{ body: '{"id":"another","status":16}' }];
  assert.equal((await errorOf(serviceClient(once).signing("r1"))).taken, "no");
});

test("no reply in time: a POST may have been taken, a GET was not", async () => {
  service.answers = [{ hang: true }];
  for (const act of Object.values(acts)) {
    const error = await errorOf(act(serviceClient({ ...once, timeoutMs: 20 })));
    assert.deepEqual([error.code, error.taken], ["timeout", "maybe"]);
  }
  const read = await errorOf(serviceClient({ ...once, timeoutMs: 20 }).signing("r1"));
  assert.deepEqual([read.code, read.taken], ["timeout", "no"]);
});

test("an abort before a POST is sent: not taken; afterwards: maybe; of a GET: never", async () => {
  /**
   * Calls with a fetch that hangs, and aborts once it was called.
   *
   * @param {(client: any, options: any) => Promise<unknown>} call
   */
  const abortedWhileSent = async (call) => {
    const controller = new AbortController();
    const { client } = fake([
      () => {
        controller.abort();
        return new Promise(() => {});
      },
    ]);
    return errorOf(call(client, { signal: controller.signal }));
  };
  const sent = await abortedWhileSent((client, options) => client.approve("r1", options));
  assert.deepEqual([sent.code, sent.taken], ["aborted", "maybe"]);
  const rejected = await abortedWhileSent((client, options) =>
    client.reject("r1", { comment: "no", ...options }),
  );
  assert.deepEqual([rejected.code, rejected.taken], ["aborted", "maybe"]);
  const requested = await abortedWhileSent((client, options) => client.requestSigning(operation, options));
  assert.deepEqual([requested.code, requested.taken], ["aborted", "maybe"]);
  const read = await abortedWhileSent((client, options) => client.signing("r1", options));
  assert.deepEqual([read.code, read.taken], ["aborted", "no"]);

  const { client, calls } = fake([]);
  const early = await errorOf(client.approve("r1", { signal: AbortSignal.abort() }));
  assert.deepEqual([early.code, early.taken, calls.length], ["aborted", "no", 0]);
});

test("an abort while the token is awaited, or while the request is looked at, takes nothing", async () => {
  const controller = new AbortController();
  const token = () => {
    controller.abort();
    return /** @type {Promise<string>} */ (new Promise(() => {}));
  };
  const waiting = await errorOf(fake([], { token }).client.approve("r1", { signal: controller.signal }));
  assert.deepEqual([waiting.code, waiting.taken], ["aborted", "no"]);

  const looking = new AbortController();
  const { client, calls } = fake([
    () => {
      looking.abort();
      return new Promise(() => {});
    },
  ]);
  const expect = /** @type {any} */ (shown);
  const error = await errorOf(client.approve("r1", { expect, signal: looking.signal }));
  assert.deepEqual([error.code, error.taken], ["aborted", "no"]);
  assert.deepEqual(
    calls.map(({ init }) => init.method),
    ["GET"],
  );
});

test("what fails in the look before a decision was not taken", async () => {
  for (const answer of [{ status: 500 }, { destroy: true }, { body: "<html>" }]) {
    for (const act of ["approve", "reject"]) {
      service.answers = [answer];
      service.asked = [];
      const client = /** @type {any} */ (serviceClient(once));
      const error = await errorOf(client[act]("r1", { comment: "no", expect: shown }));
      assert.equal(error.taken, "no", error.message);
      assert.ok(service.asked.every(({ method }) => method === "GET"));
    }
  }
});

test("what fails while the product is read was not taken", async () => {
  service.answers = [{ status: 500 }];
  const error = await errorOf(serviceClient(once).requestSigning({ productId: "p", artifact: image }));
  assert.deepEqual([error.code, error.taken], ["server-error", "no"]);
});

test("a new token that leads to no reply leaves a doubt; one that cannot be had does not", async () => {
  let asked = 0;
  const renewed = { ...once, token: async () => `token-${++asked}` };
  service.answers = [{ status: 401 }, { destroy: true }];
  assert.equal((await errorOf(serviceClient(renewed).approve("r1"))).taken, "maybe");
  const failing = async () => {
    asked += 1;
    if (asked > 3) throw new Error("not signed in");
    return "token";
  };
  service.answers = [{ status: 401 }];
  const error = await errorOf(serviceClient({ ...once, token: failing }).approve("r1"));
  assert.deepEqual([error.code, error.taken], ["bad-token", "no"]);
});

test("everything that calls no service says no", async () => {
  const thrown = (/** @type {() => unknown} */ act) => {
    try {
      act();
    } catch (error) {
      assert.ok(error instanceof OcisignError);
      return error;
    }
    assert.fail("it did not fail");
  };
  assert.equal(thrown(() => parseReference("")).taken, "no");
  assert.equal(thrown(() => serviceClient({ baseUrl: "http://service.example" })).taken, "no");
  const verifying = verifySignatures(/** @type {any} */ ({ reference: "x" }));
  assert.equal((await errorOf(verifying)).taken, "no");
  const wrong = await errorOf(serviceClient().approve(""));
  assert.deepEqual([wrong.code, wrong.taken], ["bad-input", "no"]);
});

test("an error that a program makes itself says no, unless it says otherwise", () => {
  assert.equal(new OcisignError("network", "m", "f").taken, "no");
  assert.equal(new OcisignError("network", "m", "f", undefined, new Error("c"), "maybe").taken, "maybe");
  assert.deepEqual(
    Object.keys(new OcisignError("network", "m", "f")).sort(),
    ["code", "fix", "name", "taken"].sort(),
  );
});
