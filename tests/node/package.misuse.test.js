// Whatever a program passes by mistake is refused by name, before anything is sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  attachSignature,
  changesBetween,
  describeImage,
  OcisignError,
  productChanges,
  SigningClient,
  signingPayload,
  verifyImage,
  verifySigning,
} from "ocisign";
import { keyPair } from "../support/signatures.js";

const image = `registry.example/team/app@sha256:${"ab".repeat(32)}`;
const { pem } = keyPair("P-256");
const fetch = () => assert.fail("nothing is sent");
const client = new SigningClient({
  baseUrl: "https://service.example/api/v1",
  token: "t",
  fetch: /** @type {any} */ (fetch),
});

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const revokedUrl = () => {
  const { proxy, revoke } = Proxy.revocable(new URL("https://registry.example"), {});
  revoke();
  return proxy;
};
const throwing = () => ({
  get payload() {
    throw new Error("a getter's own");
  },
});
const cyclic = () => {
  /** @type {any} */
  const it = { id: "r" };
  it.self = it;
  return it;
};
const deep = () => JSON.parse(`${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`);
const detached = () => {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
};

/** What is no object with fields, though JavaScript may call it one. */
const noObjects = {
  null: () => null,
  text: () => "x",
  list: () => [],
  map: () => new Map([["url", "https://registry.example"]]),
  bytes: () => new DataView(new ArrayBuffer(8)),
  "a promise that nobody awaited": () => Promise.resolve({ url: "https://registry.example" }),
  date: () => new Date(),
  "revoked proxy": revoked,
};
const noReadings = { ...noObjects, "getter that throws": throwing, cyclic, deep };

const anything = /** @type {(given: any) => any} */ ((given) => given);

/** @type {Record<string, { odd: Record<string, () => unknown>, call: (odd: any) => unknown }>} */
const cases = {
  "changesBetween, before": { odd: noReadings, call: (odd) => changesBetween(odd, anything({ id: "r" })) },
  "changesBetween, after": { odd: noReadings, call: (odd) => changesBetween(anything({ id: "r" }), odd) },
  productChanges: { odd: noReadings, call: (odd) => productChanges(odd, anything({ id: "p" })) },
  "registry of verifyImage": {
    odd: noObjects,
    call: (odd) => verifyImage(image, { publicKey: pem, registry: odd }),
  },
  "registry of describeImage": { odd: noObjects, call: (odd) => describeImage(image, { registry: odd }) },
  "url of a registry": {
    odd: { ...noObjects, text: () => 7, "revoked URL": revokedUrl },
    call: (odd) => describeImage(image, { registry: { url: odd ?? 0 } }),
  },
  "signal of verifyImage": {
    odd: {
      ...noObjects,
      "getter that throws": () => new Proxy({}, { get: () => assert.fail("a getter's own") }),
    },
    call: (odd) => verifyImage(image, { publicKey: pem, signal: odd }),
  },
  "options of describeImage": { odd: noObjects, call: (odd) => describeImage(image, odd) },
  "client of verifySigning": {
    odd: { ...noObjects, object: () => ({}) },
    call: (odd) => verifySigning(odd, "r"),
  },
  "product of verifySigning": {
    odd: { "revoked proxy": revoked, cyclic },
    call: (odd) => verifySigning(client, "r", { product: odd }),
  },
  "request of verifySigning": {
    odd: { "revoked proxy": revoked, cyclic },
    call: (odd) => verifySigning(client, odd),
  },
  "filter of signings": {
    odd: {
      ...noObjects,
      "getter that throws": throwing,
      "too many": () => Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`f${at}`, "x"])),
      "odd value": () => ({ status: {} }),
    },
    call: (odd) => client.signings(odd),
  },
  "expect of approve": { odd: noReadings, call: (odd) => client.approve("r", { expect: odd }) },
  "expectProduct of approve": {
    odd: noReadings,
    call: (odd) =>
      client.approve("r", { expect: anything({ id: "r", productId: "p", payload: {} }), expectProduct: odd }),
  },
  "expectProduct without expect": {
    odd: { product: () => ({ id: "p" }) },
    call: (odd) => client.approve("r", { expectProduct: odd }),
  },
  "signature of attachSignature": {
    odd: { ...noObjects, detached, empty: () => new Uint8Array(), huge: () => new Uint8Array(1e6) },
    call: (odd) => attachSignature(image, { signature: odd, publicKey: pem }),
  },
  "signatures of attachSignature": {
    odd: { ...noObjects, "getter that throws": throwing, empty: () => ({}), bytes: () => new Uint8Array(64) },
    call: (odd) => attachSignature(image, { format: "both", signature: odd, publicKey: pem }),
  },
  "format of attachSignature": {
    odd: { ...noObjects, unknown: () => "jws", list: () => ["bundle"] },
    call: (odd) => attachSignature(image, { format: odd ?? "", signature: "AA==", publicKey: pem }),
  },
  "format of signingPayload": {
    odd: { ...noObjects, both: () => "both", list: () => ["bundle"] },
    call: (odd) => signingPayload(image, odd),
  },
};

for (const [name, { odd, call }] of Object.entries(cases)) {
  test(`${name}: refused by name`, async () => {
    for (const [what, make] of Object.entries(odd)) {
      const given = make();
      await assert.rejects(
        async () => call(given),
        (/** @type {any} */ error) => {
          assert.ok(error instanceof OcisignError, `${what}: ${error}`);
          assert.ok(
            ["bad-input", "bad-signature"].includes(error.code),
            `${what}: ${error.code} ${error.message}`,
          );
          assert.ok(error.fix && !/a getter's own/.test(error.message), what);
          return true;
        },
        what,
      );
    }
  });
}

test("a replaced fetch may throw anything", async () => {
  for (const [what, make] of Object.entries({ ...noObjects, "getter that throws": throwing, cyclic })) {
    const fetch = () => Promise.reject(make());
    const own = new SigningClient({
      baseUrl: "https://service.example/a",
      token: "t",
      retry: { attempts: 1 },
      fetch,
    });
    for (const call of [() => own.products(), () => describeImage(image, { registry: { fetch } })]) {
      await assert.rejects(async () => call(), { code: "network" }, what);
    }
  }
});

test("an unknown option is named on one line, and what could be a secret is not repeated", async () => {
  for (const [name, shown] of [
    ["typo", /`typo`/],
    ["line\nbreak\u202e", /^(?!.*[\n\u202e])/],
    ["eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl", /withheld/],
    ["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", /withheld/],
    ["eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9", /withheld/],
  ]) {
    await assert.rejects(
      describeImage(image, anything({ [/** @type {string} */ (name)]: 1 })),
      (/** @type {any} */ error) =>
        error.code === "bad-input" && /** @type {RegExp} */ (shown).test(error.message),
    );
  }
});
