// What a product says about signing images: its operations and its registries. There is an answer to every value.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildProduct, registriesOf, signingOperations } from "ocisign";
import { throwingGetters, throwingProxy, values } from "../support/hostile-values.js";

/** @type {(...operations: unknown[]) => any} */
const withOperations = (...productOperations) => ({ id: "p", productOperations });
/** @type {(...productConfigItems: unknown[]) => any} */
const withItems = (...productConfigItems) => ({ id: "p", productConfigItems });

test("the operations that sign images, in both spellings, with all their fields, in their order", () => {
  const operations = [
    { id: "b", operationType: "SignOCI", token: { more: [null] }, extra: 1 },
    { id: "x", operationType: "SignDigest" },
    { id: "a", operationType: "SIGN_OCI", name: "on screens" },
    { id: "a", operationType: "SIGN_OCI", name: "on screens" },
  ];
  assert.deepEqual(signingOperations(withOperations(...operations)), [
    operations[0],
    operations[2],
    operations[3],
  ]);
});

test("other types, and other spellings, sign no images", () => {
  for (const operationType of [
    "signoci",
    "Sign_OCI",
    "SignOCI ",
    "SIGN-OCI",
    "",
    null,
    undefined,
    7,
    ["SignOCI"],
  ]) {
    assert.deepEqual(
      signingOperations(withOperations({ id: "o", operationType })),
      [],
      String(operationType),
    );
  }
  assert.deepEqual(
    signingOperations(withOperations(null, 7, "SignOCI", [], [{ operationType: "SignOCI" }])),
    [],
  );
});

test("an operation whose other fields are wrong is shown all the same", () => {
  const odd = { id: 7, name: null, operationType: "SignOCI", approvalRule: "none" };
  assert.deepEqual(signingOperations(withOperations(odd)), [odd]);
});

test("the registries, as they stand there", () => {
  const item = (/** @type {unknown} */ value) => ({ name: "RegistryURL", value });
  assert.deepEqual(registriesOf(withItems(item("registry.example:5000"))), ["registry.example:5000"]);
  assert.deepEqual(
    registriesOf(withItems(item("b.example"), { name: "Other", value: "x" }, item("a.example"))),
    ["b.example", "a.example"],
  );
  assert.deepEqual(registriesOf(withItems(item(" https://A/ "), item(7), item({ a: 1 }))), [
    " https://A/ ",
    7,
    { a: 1 },
  ]);
  for (const name of ["registryurl", "RegistryUrl", "RegistryURL ", "", null, undefined, 7]) {
    assert.deepEqual(registriesOf(withItems({ name, value: "a.example" })), [], String(name));
  }
});

test("a product that was built has one of each", () => {
  const product = buildProduct({
    name: "P",
    registry: "registry.example",
    allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
  });
  assert.deepEqual(registriesOf(product), ["registry.example"]);
  assert.equal(signingOperations(product).length, 1);
});

test("whatever it is given, it answers with a list", () => {
  const wrong = [
    ...values(),
    ["lists that are none", { productOperations: {}, productConfigItems: "x" }],
    ["lists that are null", { productOperations: null, productConfigItems: null }],
    ["getters that throw", throwingGetters("productOperations", "productConfigItems")],
    ["lists that throw", { productOperations: throwingProxy([]), productConfigItems: throwingProxy([]) }],
    ["a length that lies", { productOperations: { length: 2 ** 32 }, productConfigItems: { length: -1 } }],
  ];
  for (const [name, value] of wrong) {
    assert.deepEqual(signingOperations(/** @type {any} */ (value)), [], String(name));
    assert.deepEqual(registriesOf(/** @type {any} */ (value)), [], String(name));
  }
});

test("ten thousand operations and items are answered in full, and stay as they were", () => {
  const many = {
    productOperations: Array.from({ length: 10_000 }, (_, id) => ({
      id: String(id),
      operationType: "SignOCI",
    })),
    productConfigItems: Array.from({ length: 10_000 }, (_, id) => ({
      name: "RegistryURL",
      value: `r${id}.example`,
    })),
  };
  const before = structuredClone(many);
  assert.equal(signingOperations(many).length, 10_000);
  assert.equal(registriesOf(many).length, 10_000);
  assert.deepEqual(many, before);
});
