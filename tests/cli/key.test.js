// `ocisign key`: from the product, and from its secrets document, which a real sandbox encrypts to a registered client.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import { publicKey } from "ocisign";
import { documentOf, shellIn } from "../support/cli.js";
import { registerClient } from "../support/registered-client.js";
import { clientsOf, productFor, testSandbox } from "../support/sandbox.js";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-384" });
const pem = (/** @type {any} */ pair, type = "pkcs8") => pair.privateKey.export({ type, format: "pem" });

/** @type {any} */
let sandbox;
/** @type {any} */
let shell;
/** @type {any} */
let product;
/** @type {any} */
let other;
before(async () => {
  // The product shows no key: only its secrets do.
  sandbox = await testSandbox({ name: "key", args: ["--keys-in", "secrets"] });
  shell = shellIn("key", {
    OCISIGN_URL: sandbox.base,
    OCISIGN_PROFILE: `${sandbox.base}/ocisign-profile`,
    OCISIGN_TOKEN: sandbox.person("approver-one").token,
  });
  const as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox));
  other = await as("requester").createProduct(productFor(sandbox, { name: "other", keyName: "other key" }));
  await registerClient(sandbox, { productId: product.id, role: "approver-one", key: rsa.privateKey });
  await registerClient(sandbox, { productId: product.id, role: "approver-two", key: ec.privateKey });
  await registerClient(sandbox, { productId: other.id, role: "approver-one", key: rsa.privateKey });
  shell.file("rsa.pem", pem(rsa));
  shell.file("rsa1.pem", pem(rsa, "pkcs1"));
  shell.file("rsa.jwk", JSON.stringify(rsa.privateKey.export({ format: "jwk" })));
  shell.file("ec.pem", pem(ec));
  shell.file("sec1.pem", pem(ec, "sec1"));
});
after(async () => {
  await sandbox?.close();
  shell?.remove();
});

/** @param {string} role @param {string[]} args */
const keyAs = (role, ...args) =>
  shell.ocisign(["key", ...args], { env: { OCISIGN_TOKEN: sandbox.person(role).token } });

/** The document as a client's own program has it. @param {string} id */
async function sealed(id, role = "approver-one") {
  const { token } = sandbox.person(role);
  const reply = await fetch(`${sandbox.base}/distributions/products/${id}/secrets`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(reply.status, 200);
  return reply.text();
}

async function opened(/** @type {string} */ id) {
  const { compactDecrypt } = await import("jose");
  const { plaintext } = await compactDecrypt(await sealed(id), rsa.privateKey);
  return JSON.parse(new TextDecoder().decode(plaintext));
}

/** @param {any} secrets */
const keyIn = (secrets) => publicKey(secrets, undefined, { publicKeyPath: "tokenInfo[].publicKey" });

test("the product shows no key: the error says where else it can stand", async () => {
  const { code, stderr } = await keyAs("approver-one", "--product", product.id);
  assert.equal(code, 1);
  assert.match(stderr, /shows no public key/);
  assert.match(stderr, /--client-key/);
});

test("fetched and decrypted, for an RSA and an EC client, by the product's id and its name", async () => {
  const { fingerprint } = keyIn({ ...product, ...(await opened(product.id)) });
  for (const [role, file, wanted] of [
    ["approver-one", "rsa.pem", product.id],
    ["approver-one", "rsa1.pem", "OCI SIGN"],
    ["approver-one", "rsa.jwk", product.id],
    ["approver-two", "ec.pem", product.id],
    ["approver-two", "sec1.pem", "OCI SIGN"],
  ]) {
    const printed = await keyAs(role, "--product", wanted, "--client-key", `@${file}`, "--json");
    assert.equal(printed.code, 0, `${file}: ${printed.stderr}`);
    const document = documentOf(printed);
    assert.equal(document.fingerprint, fingerprint);
    assert.deepEqual(
      [document.from, document.pinned, document.name],
      ["secrets", false, "Key for ocisigning"],
    );
  }
  const text = await keyAs("approver-one", "--product", product.id, "--client-key", "@rsa.pem");
  assert.match(text.stdout, /^-----BEGIN PUBLIC KEY-----\n[\s\S]+-----END PUBLIC KEY-----\n$/);
  assert.match(text.stderr, /from the product's secrets document/);
});

test("from a decrypted document: alone, beside its product, and from standard input", async () => {
  const secrets = await opened(product.id);
  const { fingerprint } = keyIn({ ...product, ...secrets });
  shell.file("secrets.json", JSON.stringify(secrets));
  const nothing = { env: { OCISIGN_URL: "", OCISIGN_TOKEN: "", OCISIGN_PROFILE: "" } };
  const alone = await shell.ocisign(["key", "--from-secrets", "secrets.json", "--json"], nothing);
  assert.equal(documentOf(alone).fingerprint, fingerprint, alone.stderr);
  const beside = await keyAs("approver-one", "--from-secrets", "secrets.json", "--product", product.id);
  assert.equal(beside.code, 0, beside.stderr);
  const input = JSON.stringify(secrets);
  const piped = await shell.ocisign(["key", "--from-secrets", "-", "--json"], { ...nothing, input });
  assert.equal(documentOf(piped).fingerprint, fingerprint);
  // Still encrypted: with the client's key, or not at all.
  shell.file("secrets.jwe", await sealed(product.id));
  const decrypted = await shell.ocisign(
    ["key", "--from-secrets", "secrets.jwe", "--client-key", "@rsa.pem", "--json"],
    nothing,
  );
  assert.equal(documentOf(decrypted).fingerprint, fingerprint);
  const encrypted = await shell.ocisign(["key", "--from-secrets", "secrets.jwe"], nothing);
  assert.equal(encrypted.code, 2);
  assert.match(encrypted.stderr, /still encrypted/);
});

test("a document of another product is refused: by its id, and by the name of its key", async () => {
  const secrets = await opened(other.id);
  const named = { ...secrets, id: undefined };
  const renamed = { ...secrets, id: product.id };
  for (const [document, said] of [
    [secrets, /of the product/],
    [named, /is called "Key for ocisigning"; in it are: "other key"/],
    [renamed, /is called "Key for ocisigning"/],
  ]) {
    shell.file("other.json", JSON.stringify(document));
    const { code, stdout, stderr } = await keyAs(
      ...["approver-one", "--from-secrets", "other.json", "--product", product.id, "--json"],
    );
    assert.equal(code, 1);
    assert.equal(documentOf({ stdout }).error.code, "other-secrets");
    assert.match(stderr, said);
  }
});

test("a person without a client, and a client's key of another person", async () => {
  const none = await keyAs("requester", "--product", product.id, "--client-key", "@rsa.pem", "--json");
  assert.equal(none.code, 1);
  assert.equal(documentOf(none).error.code, "forbidden");
  assert.match(none.stderr, /secrets.*clientUser/);
  const foreign = await keyAs("approver-two", "--product", product.id, "--client-key", "@rsa.pem", "--json");
  assert.equal(documentOf(foreign).error.code, "bad-secrets");
  const gone = await keyAs(
    ...["approver-one", "--product", "00000000-0000-4000-8000-000000000000", "--client-key", "@rsa.pem"],
  );
  assert.equal(gone.code, 1);
});

test("secrets and a pinned key that differ: no key, both fingerprints", async () => {
  const secrets = await opened(product.id);
  const { fingerprint } = keyIn({ ...product, ...secrets });
  const wrong = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  const profile = await (await fetch(`${sandbox.base}/ocisign-profile`)).json();
  const pinned = (/** @type {string} */ text) =>
    shell.file("profile.json", JSON.stringify({ ...profile, keys: { products: { [product.id]: text } } }));
  pinned(String(wrong.export({ type: "spki", format: "pem" })));
  const args = ["--product", product.id, "--client-key", "@rsa.pem", "--profile", "profile.json"];
  const stopped = await keyAs("approver-one", ...args, "--json");
  assert.equal(documentOf(stopped).error.code, "key-mismatch");
  assert.equal(stopped.stderr.match(/sha256:[0-9a-f]{64}/g)?.length, 2);
  assert.ok(stopped.stderr.includes(fingerprint));
  pinned(keyIn({ ...product, ...secrets }).pem);
  const same = await keyAs("approver-one", ...args, "--json");
  assert.deepEqual([documentOf(same).fingerprint, documentOf(same).pinned], [fingerprint, true]);
  // And pinned alone.
  const without = await keyAs("approver-one", ...args.slice(0, 2), ...args.slice(4), "--json");
  assert.deepEqual([documentOf(without).fingerprint, documentOf(without).from], [fingerprint, "pinned"]);
});
