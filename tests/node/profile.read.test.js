// A profile that is wrong: is it refused before anything is sent, by the place, and by the published schema, too?
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { decodeStatus, SigningClient } from "ocisign";

const schema = JSON.parse(readFileSync(new URL("../../pkg/profile.schema.json", import.meta.url), "utf8"));
const fits = new Ajv.default({ strict: true, strictTypes: false, strictRequired: false }).compile(schema);

const group = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
const pem = readFileSync(new URL("../fixtures/secp256r1.pem", import.meta.url), "utf8");

/** @param {unknown} profile */
const clientBy = (profile) =>
  new SigningClient({
    baseUrl: "https://service.example/acme/api/v1",
    token: "t",
    profile: /** @type {any} */ (profile),
    fetch: () => assert.fail("something was sent"),
  });

const approve = (/** @type {unknown} */ route) => ({ routes: { approve: route } });
const decision = (/** @type {unknown} */ body) => approve({ body });
const signing = (/** @type {unknown} */ reply) => ({ replies: { signing: reply } });
const fields = (/** @type {unknown} */ given) => signing({ fields: given });
const listed = (/** @type {unknown} */ list) => ({ lists: { signings: list } });
const paging = (/** @type {unknown} */ given) => listed({ items: "items", paging: given });

/** Profiles, the place that the message names, and whether only reading shows it, and not the schema. */
const wrong = /** @type {[unknown, string | RegExp, "not in the schema"?][]} */ ([
  // Typing mistakes.
  [{ route: {} }, /^profile has the unknown field `route`/],
  [{ routes: { aprove: "a/{id}" } }, /^profile\.routes has the unknown field `aprove`/],
  [approve({ methode: "PUT" }), "profile.routes.approve.methode"],
  [approve({ method: "put" }), "profile.routes.approve.method"],
  [approve({ method: "DELETE" }), "profile.routes.approve.method"],
  [approve({ method: ["PUT"] }), "profile.routes.approve.method"],
  // What says how it becomes a text, and becomes none.
  [approve({ method: { toString: 1 } }), "profile.routes.approve.method"],
  [{ lists: { signings: { paging: { header: { toString: 1 } } } } }, "profile.lists.signings.paging.header"],
  [approve({ headers: { a: "b" } }), "profile.routes.approve.headers"],
  [{ statuses: { waiting: "2" } }, /^profile\.statuses has the entry `waiting`/],
  [{ statuses: { 2: "wating" } }, /^profile\.statuses has the entry `2`/],
  [{ statuses: { "02": "waiting" } }, /^profile\.statuses has the entry `02`/],
  [{ keyTypes: { RSA2049: "x" } }, /^profile\.keyTypes has the entry `RSA2049`/],
  [{ keyTypes: { RSA2048: "" } }, "profile.keyTypes.RSA2048"],
  [{ keyTypes: { RSA2048: "rsa", RSA4096: "rsa" } }, "profile.keyTypes.RSA4096", "not in the schema"],
  [{ publicKeyPath: "tokenInfo[.publicKey" }, "profile.publicKeyPath"],
  [{ publicKeyPath: ".publicKey" }, "profile.publicKeyPath"],
  [{ publicKeyPath: "a.b.c.d.e.f.g.h.i.j.k" }, "profile.publicKeyPath"],
  [{ publicKeyPath: 7 }, /^profile\.publicKeyPath is not a string/],
  // How digests are requested.
  [{ digests: { rout: "digests" } }, "profile.digests.rout"],
  [{ digests: { names: { hash: "h" } } }, "profile.digests.names.hash"],
  [{ digests: { names: { digest: "" } } }, "profile.digests.names.digest"],
  [{ digests: { names: { digest: null } } }, "profile.digests.names.digest"],
  [{ digests: { names: { digest: "artifactURI" } } }, "profile.digests.names", "not in the schema"],
  [{ digests: { names: { digest: "hashAlgorithm" } } }, "profile.digests.names", "not in the schema"],
  [{ digests: { encoding: "base64url" } }, "profile.digests.encoding"],
  [{ digests: { hashes: { sha1: "SHA1" } } }, "profile.digests.hashes.sha1"],
  [
    { digests: { hashes: { sha256: "S", sha512: "S" } } },
    "profile.digests.hashes.sha512",
    "not in the schema",
  ],
  [{ digests: { route: "https://evil.example/digests" } }, "profile.digests.route"],
  [{ digests: { route: "../digests" } }, "profile.digests.route"],
  [{ digests: { route: "digests/{id}" } }, "profile.digests.route"],
  [{ digests: { route: { method: "PUT" } } }, "profile.digests.route.path"],
  [{ digests: { route: { path: "digests", body: { all: "{expect}" } } } }, "profile.digests.route.body.all"],
  [{ digests: { route: "products" } }, "profile.digests.route", "not in the schema"],
  // Paths that lead elsewhere.
  [{ routes: { products: "https://evil.example/products" } }, "profile.routes.products"],
  [{ routes: { products: "//evil.example/products" } }, "profile.routes.products"],
  [{ routes: { products: "/products" } }, "profile.routes.products"],
  [{ routes: { products: "../products" } }, "profile.routes.products"],
  [{ routes: { products: "a/./products" } }, "profile.routes.products"],
  [{ routes: { products: "a/%2e%2e/%2E%2e/products" } }, "profile.routes.products"],
  [{ routes: { products: "products?token=x" } }, "profile.routes.products"],
  [{ routes: { products: "products#x" } }, "profile.routes.products"],
  [{ routes: { products: "a\\..\\products" } }, "profile.routes.products"],
  [{ routes: { products: "a//products" } }, "profile.routes.products"],
  [{ routes: { products: "" } }, "profile.routes.products"],
  [{ routes: { products: "pro\nducts" } }, "profile.routes.products"],
  [{ routes: { products: 7 } }, "profile.routes.products"],
  [{ routes: { products: ["products"] } }, "profile.routes.products"],
  [{ routes: { products: "products/{id}" } }, "profile.routes.products"],
  [{ routes: { product: "products" } }, "profile.routes.product"],
  [{ routes: { signing: "a/{id}/{id}" } }, "profile.routes.signing"],
  [{ routes: { signing: "a/{ID}" } }, "profile.routes.signing"],
  [approve({ path: "a/{id}/{token}" }), "profile.routes.approve.path"],
  [approve({ path: "user:pass@evil.example/{id}" }), "profile.routes.approve.path"],
  [approve({ path: "approve" }), "profile.routes.approve"],
  [approve({ path: "approve", body: { note: "{comment}" } }), "profile.routes.approve", "not in the schema"],
  // What reads stays reading, and what acts stays acting.
  // A list of one text looks like that text once it is one.
  ...[["{comment}"], ["{expect}"], ["{id}"], [["{comment}"]], ["a", "{comment}"], [{ a: "{comment}" }]].map(
    (list) =>
      /** @type {[unknown, RegExp]} */ ([
        decision({ list, note: "{comment}" }),
        /^profile\.routes\.approve\.body\.list\[/,
      ]),
  ),
  [{ routes: { signings: { method: "POST" } } }, "profile.routes.signings.method"],
  [{ routes: { signing: { path: "a/{id}", body: {} } } }, "profile.routes.signing.body"],
  [{ routes: { requestSigning: { method: "GET" } } }, "profile.routes.requestSigning.method"],
  [{ routes: { signings: "products" } }, "profile.routes.signings", "not in the schema"],
  [{ routes: { reject: "imagesignings/{id}/approve" } }, "profile.routes.reject", "not in the schema"],
  // A withdrawal has no default path.
  [{ routes: { withdraw: {} } }, "profile.routes.withdraw.path"],
  [{ routes: { withdraw: { method: "PUT", body: { id: "{id}" } } } }, "profile.routes.withdraw.path"],
  [{ routes: { withdraw: 7 } }, "profile.routes.withdraw"],
  [{ routes: { withdraw: "withdraw" } }, "profile.routes.withdraw"],
  [{ routes: { withdraw: { path: "a/{id}", method: "DELETE" } } }, "profile.routes.withdraw.method"],
  [{ routes: { withdraw: { path: "a/{id}", body: { a: "{body}" } } } }, "profile.routes.withdraw.body.a"],
  [{ routes: { withdraw: "imagesignings/{id}/reject" } }, "profile.routes.withdraw", "not in the schema"],
  [
    {
      routes: {
        reject: { path: "d/{id}", body: { v: "{comment}" } },
        approve: { path: "d/{id}/", body: { v: 1 } },
      },
    },
    "profile.routes.reject",
    "not in the schema",
  ],
  // Placeholders are a closed set.
  [decision({ auth: "{token}" }), "profile.routes.approve.body.auth"],
  [decision({ a: { note: "Because: {comment}" } }), "profile.routes.approve.body.a.note"],
  [decision({ notes: ["x", "{comment}"] }), "profile.routes.approve.body.notes[1]"],
  [decision({ a: "{comment}", b: { c: "{comment}" } }), "profile.routes.approve.body", "not in the schema"],
  [decision("{comment}"), "profile.routes.approve.body"],
  [decision(["{comment}"]), "profile.routes.approve.body"],
  [decision({ "a b": "{Comment}" }), 'profile.routes.approve.body["a b"]'],
  [{ routes: { requestSigning: { body: { a: "{comment}" } } } }, "profile.routes.requestSigning.body.a"],
  [
    { routes: { requestSigning: { body: { a: 1 } } } },
    "profile.routes.requestSigning.body",
    "not in the schema",
  ],
  [approve({ query: { token: "{token}" } }), "profile.routes.approve.query.token"],
  [approve({ query: { "a&b": "c" } }), 'profile.routes.approve.query["a&b"]'],
  [{ routes: { signings: { query: { id: "{id}" } } } }, "profile.routes.signings.query.id"],
  [{ routes: { signings: { query: { page: 1 } } } }, "profile.routes.signings.query.page"],
  // Replies.
  [{ replies: { signings: {} } }, "profile.replies.signings"],
  [{ replies: null }, "profile.replies"],
  [{ replies: [] }, "profile.replies"],
  [signing({ envelop: "data" }), "profile.replies.signing.envelop"],
  [signing({ envelope: "data..request" }), "profile.replies.signing.envelope"],
  [signing({ envelope: "data[0]" }), "profile.replies.signing.envelope"],
  [signing({ envelope: "a.a.a.a.a.a.a.a.a.a.a" }), "profile.replies.signing.envelope"],
  [signing({ envelope: { data: "request" } }), "profile.replies.signing.envelope"],
  [fields({ state: "x" }), "profile.replies.signing.fields.state"],
  [fields({ id: "" }), "profile.replies.signing.fields.id"],
  [fields({ id: "a b" }), "profile.replies.signing.fields.id"],
  [fields({ id: "x", status: "x.y" }), "profile.replies.signing.fields.status", "not in the schema"],
  [fields({ id: "payload.id" }), "profile.replies.signing.fields.id", "not in the schema"],
  // Lists.
  [{ lists: { requests: {} } }, "profile.lists.requests"],
  [listed({ item: "items" }), "profile.lists.signings.item"],
  [listed({ items: "items[]" }), "profile.lists.signings.items"],
  [paging({}), "profile.lists.signings.paging"],
  [paging({ limit: "n" }), "profile.lists.signings.paging"],
  [paging({ page: "p", offset: "o" }), "profile.lists.signings.paging"],
  [paging({ page: "p", first: 2 }), "profile.lists.signings.paging.first"],
  [paging({ offset: "o", first: 1 }), "profile.lists.signings.paging"],
  [paging({ page: "p&q" }), "profile.lists.signings.paging.page"],
  [paging({ offset: "status" }), "profile.lists.signings.paging.offset"],
  [paging({ offset: "n", limit: "n" }), "profile.lists.signings.paging", "not in the schema"],
  [paging({ header: "X-Next" }), "profile.lists.signings.paging.header"],
  [paging({ next: "items.next" }), "profile.lists.signings.paging.next", "not in the schema"],
  [listed({ paging: { next: "links.next" } }), "profile.lists.signings.paging.next"],
  [
    { routes: { signings: { query: { p: "1" } } }, lists: { signings: { paging: { page: "p" } } } },
    "profile.routes.signings.query.p",
    "not in the schema",
  ],
  // Names and keys.
  [{ names: { teams: {} } }, "profile.names.teams"],
  [{ names: { groups: { admins: "Admins" } } }, "profile.names.groups.admins"],
  [{ names: { groups: { [group]: "" } } }, `profile.names.groups.${group}`],
  [{ names: { groups: { [group]: "two\nlines" } } }, `profile.names.groups.${group}`],
  [
    { names: { groups: { [group]: "A", [group.toUpperCase()]: "B" } } },
    `profile.names.groups.${group.toUpperCase()}`,
    "not in the schema",
  ],
  [{ names: { people: { "a person": "A" } } }, 'profile.names.people["a person"]'],
  [{ keys: { products: { p: "not a key" } } }, "profile.keys.products.p", "not in the schema"],
  [{ keys: { operations: { o: 7 } } }, "profile.keys.operations.o"],
  [{ keys: { groups: {} } }, "profile.keys.groups"],
  ["profile", /^profile is not an object/],
]);

for (const [profile, place, isOnlyRead] of wrong) {
  test(`${JSON.stringify(profile)} is refused`, () => {
    assert.throws(
      () => clientBy(profile),
      (/** @type {any} */ error) => {
        assert.equal(error.code, "bad-profile", error.message);
        if (place instanceof RegExp) assert.match(error.message, place);
        else assert.ok(error.message.startsWith(`${place} `), error.message);
        assert.match(error.fix, /^[A-Z][^.]+/);
        return true;
      },
    );
    assert.equal(fits(profile), isOnlyRead !== undefined, JSON.stringify(fits.errors));
  });
}

test("what contains itself is no profile", () => {
  const routes = /** @type {any} */ ({});
  routes.approve = { body: { again: routes } };
  const deep = /** @type {any} */ ({});
  deep.envelope = deep;
  for (const profile of [{ routes }, signing(deep)]) {
    assert.throws(() => clientBy(profile), { code: "bad-profile" });
  }
  let body = {};
  for (let level = 0; level < 50; level++) body = { body };
  assert.throws(() => clientBy(decision(body)), { code: "bad-profile", message: /nested too deeply/ });
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`p${index}`, "P"]));
  assert.throws(() => clientBy({ names: { people: many } }), {
    code: "bad-profile",
    message: /^profile\.names\.people is too long/,
  });
});

/** Profiles that are right. @type {import("ocisign").Profile[]} */
const right = [
  {},
  { $schema: "./profile.schema.json" },
  { publicKeyPath: null },
  { publicKeyPath: "a[].b" },
  { routes: { approve: { method: "PUT" } } },
  {
    routes: {
      approve: {
        method: "PATCH",
        path: "decisions",
        body: { of: "{id}", yes: true, why: { text: "{comment}" } },
      },
    },
  },
  { routes: { approve: { path: "approve", query: { request: "{id}", v: "2" } } } },
  { routes: { signing: { path: "request", query: { id: "{id}" } }, product: "p-{id}.json" } },
  { routes: { requestSigning: { method: "PUT", body: { kind: "image", of: { request: "{body}" } } } } },
  { routes: { signings: { query: { view: "all" } }, products: "a.b/~c_d:e/" } },
  {
    routes: {
      approve: { path: "d/{id}", body: { v: ["yes"], n: "{comment}" } },
      reject: { path: "d/{id}", body: { v: ["no"], n: "{comment}" } },
    },
  },
  {
    replies: {
      signing: { envelope: "a.b", fields: { id: "status", status: "id" } },
      product: { fields: { name: "a.$n" } },
    },
  },
  {
    lists: {
      signings: { paging: { page: "p", first: 0, limit: "n" } },
      products: { items: "a", paging: { next: "b.c" } },
    },
  },
  {
    names: { groups: { [group]: "Releases" }, people: { 109876543210: "Ä B" } },
    keys: { products: { p: pem } },
  },
  { keys: { operations: { o: pem.replace(/-----[^-]+-----/g, "") } } },
];

for (const profile of right) {
  test(`${JSON.stringify(profile)} is taken, and is whole as it is told`, () => {
    const { profile: whole } = clientBy(profile);
    assert.ok(fits(profile), JSON.stringify(fits.errors));
    assert.ok(fits(whole), JSON.stringify(fits.errors));
    assert.deepEqual(clientBy(whole).profile, whole, "a whole profile is one");
    assert.equal(decodeStatus(16, profile).state, "signed");
  });
}

test("a whole profile has all that it works by", () => {
  const { profile } = clientBy({ routes: { approve: { method: "PUT" } }, names: { people: { a: "A" } } });
  assert.deepEqual(profile.routes.approve, { method: "PUT", path: "imagesignings/{id}/approve" });
  assert.equal(profile.routes.reject, "imagesignings/{id}/reject");
  assert.deepEqual(profile.names, { people: { a: "A" } });
  assert.equal(profile.publicKeyPath, "productOperations[].token.publicKey");
  assert.equal(clientBy({ publicKeyPath: null }).profile.publicKeyPath, "");
});
