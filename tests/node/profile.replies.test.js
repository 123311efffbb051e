// Replies in a service's own words: does each field arrive under our name, and is nothing lost, or taken for ours?
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, fake } from "../support/scripted-fetch.js";

/** @param {unknown} reply @param {import("ocisign").Profile["replies"]} replies */
const signing = (reply, replies) => fake([answer(reply)], { profile: { replies } }).client.signing("r1");

const status = { code: 16, state: "signed", final: true };

for (const [name, fields, theirs, ours] of /** @type {[string, object, object, object][]} */ ([
  [
    "fields move, and the objects that held nothing else are gone",
    { id: "key", status: "at.code", requester: "by.oid", createdAt: "at.time.made" },
    { key: "r1", at: { code: 16, time: { made: "now" } }, by: { oid: "o" }, more: 1 },
    { id: "r1", status: 16, requester: "o", createdAt: "now", more: 1 },
  ],
  [
    "what else those objects hold is kept where it is",
    { id: "key", status: "at.code" },
    { key: "r1", at: { code: 16, why: "w", empty: {} } },
    { id: "r1", status: 16, at: { why: "w", empty: {} } },
  ],
  [
    "names are swapped",
    { name: "description", description: "name" },
    { id: "r1", status: 16, name: "why", description: "title" },
    { id: "r1", status: 16, name: "title", description: "why" },
  ],
  [
    "the service's own fields of our names are kept apart",
    { id: "key", name: "title" },
    { key: "r1", status: 16, id: 7, name: "not the name", state: "open", code: "c", final: 0 },
    { id: "r1", status: 16, service: { id: 7, name: "not the name", state: "open", code: "c", final: 0 } },
  ],
  [
    "a field that is not there is not taken from elsewhere",
    { id: "key", reason: "why.text" },
    { key: "r1", status: 16, reason: "not the reason", why: "not an object" },
    { id: "r1", status: 16, why: "not an object", service: { reason: "not the reason" } },
  ],
  [
    "what the service calls service is kept, too",
    { id: "key" },
    { key: "r1", status: 16, id: 7, service: { a: 1 } },
    { id: "r1", status: 16, service: { id: 7, service: { a: 1 } } },
  ],
  [
    "and alone it stays where it is",
    { id: "key" },
    { key: "r1", status: 16, service: { a: 1 } },
    { id: "r1", status: 16, service: { a: 1 } },
  ],
  [
    "null, false and empty values are values",
    { reason: "r", name: "n", approvals: "a" },
    { id: "r1", status: 16, r: null, n: "", a: [] },
    { id: "r1", status: 16, reason: null, name: "", approvals: [] },
  ],
  [
    "what an object inherits is no field",
    { id: "key", reason: "constructor.name", name: "toString" },
    { key: "r1", status: 16 },
    { id: "r1", status: 16 },
  ],
])) {
  test(name, async () => {
    assert.deepEqual(await signing(theirs, { signing: { fields } }), { ...ours, ...status });
    const listing = fake([answer([theirs, { ...theirs, key: "r2" }])], {
      profile: { replies: { signing: { fields } } },
    });
    const [first] = await listing.client.signings();
    assert.deepEqual(first, { ...ours, ...status }, "so it is in a list");
  });
}

test("a name that JSON may have and JavaScript minds is a name", async () => {
  const theirs = '{"key":"r1","status":16,"__proto__":{"id":"evil"},"id":7}';
  const { client } = fake([() => new Response(theirs)], {
    profile: { replies: { signing: { fields: { id: "key" } } } },
  });
  const read = await client.signing("r1");
  assert.equal(read.id, "r1");
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
});

test("the envelope is opened for one thing, and not in lists", async () => {
  const replies = {
    signing: { envelope: "data.request" },
    product: { envelope: "d", fields: { id: "key" } },
  };
  const inner = { id: "r1", status: 16 };
  assert.equal((await signing({ data: { request: inner }, more: 1 }, replies)).state, "signed");
  for (const reply of [
    inner,
    { data: inner },
    { data: { request: null } },
    { data: { request: [inner] } },
    null,
    [],
  ]) {
    await assert.rejects(signing(reply, replies), { code: "bad-reply", message: /at data\.request/ });
  }
  const { client } = fake([answer({ d: { key: "p", n: 1 } }), answer([{ key: "p" }]), answer([inner])], {
    profile: { replies },
  });
  assert.deepEqual(await client.product("p"), { id: "p", n: 1 });
  assert.deepEqual([...(await client.products())], [{ id: "p" }]);
  assert.equal((await client.signings())[0].state, "signed");
});

test("a reply to what acts that cannot be opened may have been taken", async () => {
  const { client } = fake([answer({ nothing: 1 })], {
    profile: { replies: { signing: { envelope: "data" } } },
  });
  await assert.rejects(client.approve("r1"), { code: "bad-reply", taken: "maybe" });
});

test("a decision is bound in our words", async () => {
  const fields = { id: "key", name: "title", payload: "what" };
  const theirs = { key: "r1", status: 2, title: "T", what: { name: "P" } };
  const { client, calls } = fake([answer(theirs), answer(theirs), answer({ ...theirs, status: 4 })], {
    profile: { replies: { signing: { fields } } },
  });
  const expect = await client.signing("r1");
  await client.approve("r1", { expect });
  assert.deepEqual(JSON.parse(calls[2].init.body), { expect: { name: "T", payload: { name: "P" } } });
  const changed = fake([answer({ ...theirs, title: "U" })], {
    profile: { replies: { signing: { fields } } },
  });
  await assert.rejects(changed.client.approve("r1", { expect }), { code: "changed", message: /: name\.$/ });
});
