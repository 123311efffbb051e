// What are groups and people called, and who is the same person?
import assert from "node:assert/strict";
import { test } from "node:test";
import { isSamePerson, nameAmong, nameOf, personName, personOf } from "../support/elements-model.js";

const id = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";

test("a name is found by its id, without regard to case, and in its own table only", () => {
  const names = {
    groups: { [id.toUpperCase()]: "Release managers" },
    people: { "10000000000000000042": "Ann" },
  };
  assert.equal(nameOf(names, "groups", id), "Release managers");
  assert.equal(nameOf(names, "groups", id.toUpperCase()), "Release managers");
  assert.equal(nameOf(names, "people", id), undefined);
  assert.equal(nameOf(names, "people", "10000000000000000042"), "Ann");
  assert.equal(nameOf(names, "groups", undefined), undefined);
});

test("what is no name is none, and an object's own parts are no names", () => {
  for (const none of ["", "  ", 7, null, {}, ["x"], true]) {
    assert.equal(
      nameOf(/** @type {any} */ ({ groups: { [id]: none } }), "groups", id),
      undefined,
      String(none),
    );
  }
  for (const inherited of ["constructor", "__proto__", "toString"]) {
    assert.equal(nameOf({ groups: {} }, "groups", inherited), undefined, inherited);
  }
  for (const table of [
    undefined,
    null,
    7,
    "groups",
    [],
    { groups: 7 },
    { groups: null },
    { groups: ["x"] },
  ]) {
    assert.equal(nameOf(/** @type {any} */ (table), "groups", id), undefined, JSON.stringify(table));
  }
});

test("the first place that has a name counts", () => {
  const sources = [
    undefined,
    { groups: { [id]: " " } },
    { groups: { [id]: "page" } },
    { groups: { [id]: "profile" } },
  ];
  assert.equal(nameAmong(sources, "groups", id), "page");
  assert.equal(nameAmong([], "groups", id), undefined);
});

test("a requester may be an object id alone, and then has the name that was configured", () => {
  const names = [{ people: { [id]: "Ann" } }];
  for (const given of [
    id,
    id.toUpperCase(),
    { objectId: id },
    { objectId: id, name: "" },
    { objectId: id, name: id },
  ]) {
    const person = personOf(given);
    assert.ok(person);
    assert.equal(person.objectId?.toLowerCase(), id, JSON.stringify(given));
    assert.equal(personName(person, names), "Ann", JSON.stringify(given));
    assert.equal(personName(person, []), person.objectId);
  }
  assert.deepEqual(personOf("104729104729104729104"), {
    name: "104729104729104729104",
    objectId: "104729104729104729104",
  });
  // What the service calls a person is the service's word.
  const named = personOf({ objectId: id, name: "Ann of the service" });
  assert.equal(named && personName(named, names), "Ann of the service");
  // Ids of other issuers have other forms; what has white space is a name.
  for (const text of ["auth0|5f7c8ec7c33c6c004bbafe82", "ann@example.org", "12345"])
    assert.deepEqual(personOf(text), { name: text, objectId: text });
  for (const text of ["Ann Approver", "Änn"]) assert.deepEqual(personOf(text), { name: text });
});

test("people are the same by their ids: UUIDs without case, others exactly", () => {
  const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) =>
    isSamePerson({ objectId: a }, { objectId: b });
  assert.ok(same(id, id.toUpperCase()));
  assert.ok(same("subject", "subject"));
  assert.ok(!same("subject", "Subject"));
  for (const nobody of [undefined, "", 7, null]) assert.ok(!same(nobody, nobody), String(nobody));
  assert.ok(!isSamePerson(undefined, { objectId: id }));
});
