// Calls in a service's own words: method, path, query and body of each route; and what no profile can change.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildProduct, buildSigningRequest } from "ocisign";
import { reference } from "../support/image-in-registry.js";
import { answer, fake } from "../support/scripted-fetch.js";

/** @typedef {import("ocisign").Profile["routes"]} Routes */

const request = answer({ id: "a b", status: 2 });
const base = "https://service.example/acme/api/v1";

/**
 * What a call sent, as `METHOD URL` and its body.
 *
 * @param {Routes} routes @param {(client: import("ocisign").SigningClient) => Promise<unknown>} act
 */
async function sent(routes, act, reply = request) {
  const { client, calls } = fake([reply], { profile: { routes } });
  await act(client);
  const [{ url, init }] = calls;
  assert.equal(calls.length, 1);
  assert.equal(init.headers.Authorization, "Bearer secret-token");
  assert.doesNotMatch(`${url} ${init.body}`, /secret-token/);
  const call = `${init.method} ${url.replace(base, "")}`;
  return init.body === undefined ? [call] : [call, JSON.parse(init.body)];
}

const approve = (/** @type {string} */ comment) => (/** @type {import("ocisign").SigningClient} */ client) =>
  client.approve("a b", { comment });

for (const [name, routes, act, expected] of /** @type {[string, Routes, any, unknown[]][]} */ ([
  [
    "another method, path and body",
    {
      approve: {
        method: "PUT",
        path: "r/{id}/decision",
        body: { verdict: "yes", note: "{comment}", seen: "{expect}" },
      },
    },
    approve("fine"),
    ["PUT /r/a%20b/decision", { verdict: "yes", note: "fine" }],
  ],
  [
    "the id in the body",
    {
      approve: {
        method: "PATCH",
        path: "decisions",
        body: { of: { request: "{id}" }, n: 1, list: [null, { a: "x" }] },
      },
    },
    approve("dropped: there is no place for it"),
    ["PATCH /decisions", { of: { request: "a b" }, n: 1, list: [null, { a: "x" }] }],
  ],
  [
    "the id in the query, with the reference's body",
    { approve: { path: "approve", query: { request: "{id}", v: "2 3" } } },
    approve("c"),
    ["POST /approve?request=a%20b&v=2%203", { comment: "c" }],
  ],
  [
    "a method alone",
    { approve: { method: "PUT" } },
    approve("c"),
    ["PUT /imagesignings/a%20b/approve", { comment: "c" }],
  ],
  [
    "an object of which nothing is left is left out",
    { approve: { body: { note: { text: "{comment}" }, keep: {} } } },
    (client) => client.approve("a b"),
    ["POST /imagesignings/a%20b/approve", { keep: {} }],
  ],
  [
    "a comment that looks like a placeholder is a comment",
    { reject: { body: { why: "{comment}", id: "{id}" } } },
    (client) => client.reject("a b", { comment: "{id}" }),
    ["POST /imagesignings/a%20b/reject", { why: "{id}", id: "a b" }],
  ],
  [
    "a withdrawal in the service's words",
    { withdraw: { method: "PUT", path: "r/{id}/state", body: { to: "withdrawn", why: "{comment}" } } },
    (client) => client.withdraw("a b", { comment: "wrong image" }),
    ["PUT /r/a%20b/state", { to: "withdrawn", why: "wrong image" }],
  ],
  [
    "reading by a query",
    { signing: { path: "find/", query: { id: "{id}", full: "yes" } } },
    (client) => client.signing("a b"),
    ["GET /find/?id=a%20b&full=yes"],
  ],
])) {
  test(name, async () => {
    assert.deepEqual(await sent(routes, act), expected);
  });
}

test("the reference's bodies are wrapped", async () => {
  const wrapped = {
    method: /** @type {const} */ ("PUT"),
    path: "new",
    body: { kind: "k", data: { it: "{body}" } },
  };
  const ids = { productId: "p", operationId: "o", artifact: reference };
  const product = {
    id: "p",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: reference.split("/")[0] }],
  };
  const asked = await sent({ requestSigning: wrapped }, (client) =>
    client.requestSigning({ product, artifact: reference }),
  );
  assert.deepEqual(asked, ["PUT /new", { kind: "k", data: { it: buildSigningRequest(ids) } }]);
  const definition = buildProduct({
    ...{ name: "P", registry: "registry.example" },
    allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
  });
  const created = await sent({ createProduct: wrapped }, (client) => client.createProduct(definition));
  assert.deepEqual(created, ["PUT /new", { kind: "k", data: { it: definition } }]);
});

test("a list's constants stand beside its filter", async () => {
  const routes = { signings: { query: { view: "all" } } };
  assert.deepEqual(await sent(routes, (client) => client.signings({ status: 2 }), answer([])), [
    "GET /imagesignings?view=all&status=2",
  ]);
});

test("what acts is sent once after a doubt, by whatever method; what reads is sent again", async () => {
  for (const method of /** @type {const} */ (["POST", "PUT", "PATCH"])) {
    const profile = { routes: { approve: { method } } };
    const broken = () => {
      throw new TypeError("reset");
    };
    const doubt = fake([broken, request], { profile });
    await assert.rejects(doubt.client.approve("a b"), { code: "network", taken: "maybe" });
    assert.equal(doubt.calls.length, 1);
    const down = fake([answer({}, { status: 503 }), request], { profile });
    await assert.rejects(down.client.approve("a b"), { code: "server-error", taken: "maybe" });
    assert.equal(down.calls.length, 1);
    const expired = fake([answer({}, { status: 401 }), answer({}, { status: 429 }), request], {
      profile,
      token: () => `token-${Math.random()}`,
    });
    await expired.client.approve("a b");
    assert.deepEqual(
      expired.calls.map(({ init }) => init.method),
      [method, method, method],
    );
  }
  const reading = fake([answer({}, { status: 503 }), request], {
    profile: { routes: { signing: { path: "r/{id}" } } },
  });
  await reading.client.signing("a b");
  assert.equal(reading.calls.length, 2);
});

test("the platform's own fetch gets the method, too", async (t) => {
  /** @type {Request[]} */
  const seen = [];
  t.mock.method(globalThis, "fetch", async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    seen.push(new Request(url, init));
    return request();
  });
  for (const method of /** @type {const} */ (["POST", "PUT", "PATCH"])) {
    await fake([], { fetch: undefined, profile: { routes: { approve: { method } } } }).client.approve("a b");
  }
  assert.deepEqual(
    seen.map(({ method, redirect, credentials }) => `${method} ${redirect} ${credentials}`),
    ["POST manual omit", "PUT manual omit", "PATCH manual omit"],
  );
});

test("an id stays one segment, one parameter and one value", async () => {
  const id = 'x"}/../a?b=c&d#e';
  const reply = answer({ id, status: 2 });
  const act = (/** @type {import("ocisign").SigningClient} */ client) => client.approve(id);
  const routes = { approve: { path: "r/{id}", query: { q: "{id}" }, body: { b: "{id}" } } };
  const [call, body] = await sent(routes, act, reply);
  const encoded = encodeURIComponent(id);
  assert.equal(call, `POST /r/${encoded}?q=${encoded}`);
  assert.deepEqual(body, { b: id });
});
