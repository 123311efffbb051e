// Requesting, verifying and approving where a person may not read products, at a real sandbox that lets only some groups
// read them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { documentOf, shellIn } from "../support/cli.js";
import { clientsOf, groupB, productFor, testSandbox } from "../support/sandbox.js";

/** @type {any} */
let sandbox;
/** @type {any} */
let shell;
/** @type {any} */
let product;
/** @type {string} */
let operation;
/** @type {string} */
let image;
/** @type {any} */
let as;
before(async () => {
  const args = ["--product-reader-groups", groupB, "--product-list-reader-groups", groupB];
  sandbox = await testSandbox({ name: "unread", args });
  as = await clientsOf(sandbox);
  product = await as("requester").createProduct(productFor(sandbox, { approvalGroups: [] }));
  operation = product.productOperations[0].id;
  image = `${sandbox.registry.domain}/team/app@${await pushImage(new Registry(sandbox.registry), "team/app")}`;
  shell = shellIn("unread", {
    OCISIGN_URL: sandbox.base,
    OCISIGN_PROFILE: `${sandbox.base}/ocisign-profile`,
    OCISIGN_TOKEN: sandbox.person("requester").token,
  });
});
after(async () => {
  await sandbox?.close();
  shell?.remove();
});

const requested = async () => (await as("requester").signings()).length;

test("without the option nothing is sent, and the error names it", async () => {
  for (const named of [
    ["--product", product.id],
    ["--product", "OCI SIGN"],
  ]) {
    const refused = await shell.ocisign(["sign", image, ...named, "--operation", operation, "--json"]);
    assert.equal(refused.code, 1);
    const { error } = documentOf(refused);
    assert.equal(error.code, "forbidden");
    assert.match(error.fix, /--unread-product/);
  }
  assert.equal(await requested(), 0);
});

test("with the option it needs both ids", async () => {
  for (const [args, missing] of /** @type {[string[], RegExp][]} */ ([
    [["--product", product.id], /--operation/],
    [["--operation", operation], /--product/],
  ])) {
    const refused = await shell.ocisign(["sign", image, ...args, "--unread-product"]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, missing);
  }
  assert.equal(await requested(), 0);
});

test("with the option and both ids the request goes out, with a warning", async () => {
  const ids = ["--product", product.id, "--operation", operation, "--unread-product"];
  const sent = await shell.ocisign(["sign", image, ...ids, "--wait"]);
  assert.equal(sent.code, 0, sent.stderr);
  assert.match(sent.stderr, /warning: .*HTTP 403.*not checked here/);
  const json = documentOf(await shell.ocisign(["sign", image, ...ids, "--json"]));
  assert.equal(json.unchecked.code, "forbidden");
  assert.match(json.unchecked.message, /not checked here/);
  assert.equal(json.productId, product.id);

  shell.file("images.txt", `${image}\n`);
  const list = await shell.ocisign(["sign", "--from-file", "images.txt", ...ids, "--json"]);
  assert.equal(list.code, 0, list.stderr);
  assert.match(list.stderr, /warning: /);
  assert.equal(documentOf(list).requested[0].signing.unchecked.code, "forbidden");

  const artifact = Buffer.from(image).toString("base64");
  const words = ["imagesigning", "add", "SignOCI", "-P", product.id, "--operid", operation, "-A", artifact];
  const added = await shell.ocisign([...words, "--unread-product", "--json"]);
  assert.equal(documentOf(added).unchecked?.code, "forbidden", added.stderr);
});

test("what the service refuses of such a request is an error: another registry, no such product", async () => {
  const before = await requested();
  const elsewhere = image.replace(sandbox.registry.domain, "elsewhere.example");
  const ids = ["--operation", operation, "--unread-product", "--json"];
  const other = await shell.ocisign(["sign", elsewhere, "--product", product.id, ...ids]);
  assert.equal(other.code, 1);
  assert.match(documentOf(other).error.message, /elsewhere\.example/);
  const none = await shell.ocisign(["sign", image, "--product", operation, ...ids]);
  assert.equal(none.code, 1);
  assert.equal(await requested(), before);
});

test("sign --verify, verify and key use a given or a pinned key, and say so", async () => {
  const reader = await shell.ocisign(["key", "--product", product.id], {
    env: { OCISIGN_TOKEN: sandbox.person("approver-two").token },
  });
  assert.equal(reader.code, 0, reader.stderr);
  shell.file("product.pem", reader.stdout);
  const ids = ["--product", product.id, "--operation", operation];

  // Which key it would be is known before anything is sent.
  const before = await requested();
  const without = await shell.ocisign(["sign", image, ...ids, "--unread-product", "--verify", "--json"]);
  assert.equal(documentOf(without).error.code, "forbidden");
  assert.match(documentOf(without).error.fix, /pin/);
  assert.equal(await requested(), before);

  const given = ["sign", image, ...ids, "--unread-product", "--verify", "--key", "product.pem"];
  const verified = await shell.ocisign([...given, "--json"]);
  assert.equal(verified.code, 0, verified.stderr);
  const document = documentOf(verified);
  assert.deepEqual(
    [document.verification.state, document.key],
    ["verified", { from: "given", pinned: true }],
  );
  assert.match(verified.stderr, /given as --key product\.pem; the product could not be read/);

  const profile = await (await fetch(`${sandbox.base}/ocisign-profile`)).json();
  const keys = { products: { [product.id.toUpperCase()]: reader.stdout } };
  shell.file("profile.json", JSON.stringify({ ...profile, keys }));
  const pinned = ["--product", product.id, "--profile", "profile.json"];
  const proof = await shell.ocisign(["verify", image, ...pinned]);
  assert.equal(proof.code, 0, proof.stderr);
  assert.match(proof.stderr, /pinned in profile\.keys\.products; the product could not be read/);
  const printed = await shell.ocisign(["key", ...pinned, "--json"]);
  assert.deepEqual([documentOf(printed).from, documentOf(printed).pem], ["pinned", reader.stdout]);
});
