// Pinned keys on the command line: the product's key has to be the pinned one, before anything is sent or approved.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import { publicKey } from "ocisign";
import { cliSandbox, documentOf } from "../support/cli.js";

/** @type {any} */
let at;
/** @type {string} */
let right;
/** @type {string} */
let wrong;
/** @type {any} */
let profile;
before(async () => {
  at = await cliSandbox("pinned");
  right = publicKey(at.automatic).pem;
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  wrong = String(pair.publicKey.export({ type: "spki", format: "pem" }));
  at.file("right.pem", right);
  at.file("wrong.pem", wrong);
  at.file("private.pem", String(pair.privateKey.export({ type: "pkcs8", format: "pem" })));
  profile = await (await fetch(`${at.sandbox.base}/ocisign-profile`)).json();
});
after(() => at?.close());

/** @param {import("ocisign").PinnedKeys} keys */
const pin = (keys) => ["--profile", at.file("profile.json", JSON.stringify({ ...profile, keys }))];
const requested = async () => (await at.as("requester").signings()).length;
const fingerprints = (/** @type {string} */ text) => new Set(text.match(/sha256:[0-9a-f]{64}/g));

/** Stopped, with both fingerprints. @param {any} ran */
function mismatched(ran) {
  assert.equal(ran.code, 1, ran.stderr);
  const { error } = documentOf(ran);
  assert.equal(error.code, "key-mismatch");
  assert.equal(fingerprints(error.message).size, 2, error.message);
  return error;
}

test("sign --verify, verify and key stop at another key than the pinned one, before anything is sent", async () => {
  const before = await requested();
  const [operation] = at.automatic.productOperations;
  const product = ["-P", "automatic"];
  for (const more of [
    ["--key", "wrong.pem"],
    pin({ products: { [at.automatic.id]: wrong } }),
    pin({ operations: { [operation.id.toUpperCase()]: wrong } }),
  ]) {
    mismatched(await at.ocisign(["sign", at.image, ...product, "--verify", ...more, "--json"]));
  }
  const { message } = mismatched(
    await at.ocisign(["sign", at.image, ...product, "--verify", "--key", "wrong.pem", "--json"]),
  );
  assert.match(message, /the product.*--key wrong\.pem/);
  const pinned = pin({ products: { [at.automatic.id]: wrong } });
  mismatched(await at.ocisign(["verify", at.image, ...product, ...pinned, "--json"]));
  mismatched(await at.ocisign(["key", ...product, ...pinned, "--json"]));
  assert.equal(await requested(), before);
});

test("with the right key it goes on, and says that the key is pinned", async () => {
  const pinned = pin({ products: { [at.automatic.id]: right } });
  const signed = await at.ocisign(["sign", at.image, "-P", "automatic", "--verify", ...pinned, "--json"]);
  assert.equal(signed.code, 0, signed.stderr);
  assert.deepEqual(documentOf(signed).key, { from: "product", pinned: true });
  assert.match(signed.stderr, /the same key is pinned in profile\.keys\.products/);
  const given = await at.ocisign(["sign", at.image, "-P", "automatic", "--verify", "--key", "right.pem"]);
  assert.equal(given.code, 0, given.stderr);
  assert.match(given.stderr, /the same key is given as --key right\.pem/);
});

test("--key of sign is a public key, and needs --verify", async () => {
  const alone = await at.ocisign(["sign", at.image, "-P", "automatic", "--key", "right.pem"]);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /--verify.*[\s\S]*--tls-key/);
  const own = await at.ocisign(["sign", at.image, "-P", "automatic", "--verify", "--key", "private.pem"]);
  assert.equal(own.code, 1);
  assert.match(own.stderr, /private key[\s\S]*--tls-key/);
});

test("approve refuses a product whose key is not the pinned one, and shows both", async () => {
  const { id } = await at.as("requester").requestSigning({ product: at.product, artifact: at.image });
  const approve = (/** @type {string[]} */ ...more) =>
    at.ocisign(["approve", id, "--yes", ...more], { env: { OCISIGN_TOKEN: at.token("approver-one") } });
  const approvals = async () => (await at.as("requester").signing(id)).approvals.length;
  const pinned = pin({ products: { [at.product.id]: wrong } });
  const refused = await approve(...pinned, "--json");
  mismatched(refused);
  assert.match(refused.stderr, /Nothing was approved/);
  assert.equal(await approvals(), 0);
  const own = pin({ products: { [at.product.id]: publicKey(at.product).pem } });
  const approved = await approve(...own);
  assert.equal(approved.code, 0, approved.stderr);
  assert.match(
    approved.stderr,
    /key is +from the product; the same key is pinned in profile\.keys\.products/,
  );
  assert.equal(await approvals(), 1);
});

test("doctor judges an image with the product's key only if no other one is pinned", async () => {
  const looked = async (/** @type {string} */ key) => {
    const pinned = pin({ products: { [at.automatic.id]: key } });
    const { findings } = documentOf(await at.ocisign(["doctor", "--json", ...pinned]));
    const found = (/** @type {string} */ topic, /** @type {RegExp} */ point) =>
      findings.find((/** @type {any} */ it) => it.topic === topic && point.test(it.point));
    return { pinned: found("key", /^pinned$/), signatures: found("registry", /signature/) };
  };
  const signed = await at.ocisign(["sign", at.image, "-P", "automatic", "--wait"]);
  assert.equal(signed.code, 0, signed.stderr);
  const good = await looked(right);
  assert.equal(good.pinned, undefined);
  assert.match(good.signatures.found, /verified/);
  const bad = await looked(wrong);
  assert.equal(bad.pinned.verdict, "problem");
  assert.equal(fingerprints(bad.pinned.found).size, 2);
  assert.ok(!/verified/.test(bad.signatures?.found ?? ""), bad.signatures?.found);
});
