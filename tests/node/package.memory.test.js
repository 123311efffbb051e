// What the module holds: as much after tens of thousands of calls as after a few.
import assert from "node:assert/strict";
import { test } from "node:test";
import { productOf } from "../support/fake-service.js";
import { sized } from "../support/large.js";
import { exported, ocisign } from "../support/noted-instance.js";

const { memory } = exported;
const table = /** @type {WebAssembly.Table} */ (
  Object.values(exported).find((it) => it instanceof WebAssembly.Table)
);

const artifact = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const product = productOf("registry.example");
const definition = {
  name: "P",
  registry: "registry.example",
  allowedGroups: ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"],
};
/** @type {any} */
const circular = {};
circular.product = circular;

const client = (options) =>
  new ocisign.SigningClient({
    baseUrl: "https://service.example",
    token: "token",
    retry: { attempts: 1 },
    fetch: async () => ({ status: 500, text: async () => '{"message":"no"}' }),
    ...options,
  });
const failing = client();

for (const [name, call] of Object.entries({
  "a reference": () => ocisign.parseReference(artifact),
  "a wrong reference": () => ocisign.parseReference("a b"),
  "a payload": () => ocisign.simpleSigningPayload(artifact),
  "an artifact URI": () => ocisign.decodeArtifactUri(ocisign.encodeArtifactUri(artifact)),
  "a request": () =>
    ocisign.buildSigningRequest({ product, artifact, metadata: [{ name: "a", value: "b" }] }),
  "a request of what is no data": () => ocisign.buildSigningRequest(circular),
  "a request of something else": () => ocisign.buildSigningRequest(/** @type {any} */ (3)),
  "a definition": () => ocisign.buildProduct(definition),
  "a registry": () => ocisign.checkRegistry(artifact, product),
  "a product without a key": () => ocisign.publicKey(product),
  "a list": () => ocisign.scanReferences(`${artifact}\na b\n`),
  "a client": () => client(),
  "a client of a wrong URL": () => client({ baseUrl: "https://" }),
  "a call that fails": () => failing.signing("r1"),
  "a request that fails": () => failing.requestSigning({ product, artifact }),
})) {
  test(`${name}, often, takes no more and more memory`, async () => {
    const many = async (count) => {
      for (let i = 0; i < count; i++) {
        try {
          await call();
        } catch (error) {
          assert.ok(error instanceof ocisign.OcisignError);
        }
      }
      return { slots: table.length, bytes: memory.buffer.byteLength };
    };
    const before = await many(1000);
    assert.deepEqual(await many(sized(3000, 10_000)), before);
  });
}

test("a long list of wrong lines does not stay in the module", () => {
  ocisign.scanReferences("x\n".repeat(1000));
  const before = memory.buffer.byteLength;
  const list = "x\n".repeat(200_000);
  assert.equal(ocisign.scanReferences(list).errors.length, 200_000);
  assert.ok(memory.buffer.byteLength - before < 4 * list.length, "the text, and not what is said of it");
});
