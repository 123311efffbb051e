// Does a JOSE library that others wrote read the secrets document of a product, with every kind of key?
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair } from "jose";
import { publicKey } from "ocisign";
import { clientsOf, productFor, testSandbox } from "../support/sandbox.js";

/** @type {Awaited<ReturnType<typeof testSandbox>>} */
let sandbox;
/** @type {Awaited<ReturnType<typeof clientsOf>>} */
let as;
before(async () => {
  sandbox = await testSandbox({ name: "secrets" });
  as = await clientsOf(sandbox);
});
after(() => sandbox.close());

/** @param {string} role @param {string} path @param {object} [body] */
async function call(role, path, body) {
  const { token } = sandbox.person(role);
  const reply = await fetch(`${sandbox.base}/${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(reply.ok, `${path}: ${reply.status}`);
  return reply;
}

const kinds = [
  { alg: "RSA-OAEP-256", modulusLength: 2048 },
  { alg: "RSA-OAEP-256", modulusLength: 3072 },
  { alg: "ECDH-ES", crv: "P-256" },
  { alg: "ECDH-ES", crv: "P-384" },
  { alg: "ECDH-ES", crv: "P-521" },
];

for (const { alg, ...options } of kinds) {
  test(`${alg}, ${options.crv ?? options.modulusLength}`, async () => {
    const product = await as("requester").createProduct(productFor(sandbox));
    const pair = await generateKeyPair(alg, options);
    const registered = await call("requester", "registrations/clients", {
      name: "production PC",
      productId: product.id,
      clientUser: sandbox.person("approver-one").objectId,
      publicKey: { ...(await exportJWK(pair.publicKey)), use: "enc", alg },
    });
    const client = await registered.json();
    await call("admin", `registrations/clients/${client.id}/approve`, {});
    const reply = await call("approver-one", `distributions/products/${product.id}/secrets`);
    assert.equal(reply.headers.get("content-type"), "application/jose");
    const jwe = await reply.text();
    const { alg: used, enc, kid } = decodeProtectedHeader(jwe);
    assert.deepEqual({ used, enc, kid }, { used: alg, enc: "A256GCM", kid: client.id });
    const { plaintext } = await compactDecrypt(jwe, pair.privateKey);
    const secrets = JSON.parse(new TextDecoder().decode(plaintext));
    assert.equal(secrets.id, product.id);
    const [token] = secrets.tokenInfo;
    assert.equal(token.keyType, "RSA2048");
    // The same key as the product shows, read by the package from the place that the vendor's pages name.
    const fromSecrets = publicKey({ ...product, ...secrets }, undefined, {
      publicKeyPath: "tokenInfo[].publicKey",
    });
    assert.equal(fromSecrets.fingerprint, publicKey(product).fingerprint);

    const other = await generateKeyPair(alg, options);
    await assert.rejects(compactDecrypt(jwe, other.privateKey));
  });
}
