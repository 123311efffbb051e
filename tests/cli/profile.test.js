// The command line at services of other shapes: is --profile enough, and is a wrong one told by its place?
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { publicKey } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeService, signingOf } from "../support/fake-service.js";
import { clientsOf, productFor, profileOf, testSandbox } from "../support/sandbox.js";
import { shapeFile, shapes } from "../support/shapes.js";

for (const name of Object.keys(shapes)) {
  test(`${name}: a request is made, approved by two, listed, waited for and verified`, async (t) => {
    // Requesting without reading the product is another question.
    const { productReaders: _, productsHiddenBy: __, ...service } = shapes[name].service;
    const { args, remove } = shapeFile({ ...shapes[name], service });
    t.after(remove);
    const sandbox = await testSandbox({ name: `cli-${name}`, args });
    t.after(() => sandbox.close());
    const as = await clientsOf(sandbox);
    const profile = await profileOf(sandbox);
    const given = productFor(sandbox, { keyType: "RSA2048" });
    given.productOperations[0].token.keyType = profile.keyTypes?.RSA2048 ?? "RSA2048";
    const { id: productId } = await as("admin").createProduct(given);
    const digest = await pushImage(new Registry(sandbox.registry), "team/app");
    const image = `${sandbox.registry.domain}/team/app@${digest}`;
    const shell = shellIn(`profile-${name}`, { OCISIGN_URL: sandbox.base, OCISIGN_PROFILE: "profile.json" });
    t.after(shell.remove);
    shell.file("profile.json", JSON.stringify(profile));
    /** @param {string} role @param {...string} args */
    const run = async (role, ...args) => {
      const done = await shell.ocisign(args, { env: { OCISIGN_TOKEN: sandbox.person(role).token } });
      assert.equal(done.code, args.includes("sign") ? done.code : 0, done.stderr);
      return done;
    };

    const signed = await run("requester", "sign", image, "--product", productId, "--description", "why");
    const [, id] = signed.stdout.match(/^request +(\S+)/m) ?? assert.fail(signed.stdout + signed.stderr);
    const listed = await run("approver-one", "signings", "--state", "waiting", "--json");
    assert.deepEqual(
      documentOf(listed).map((/** @type {any} */ one) => one.id),
      [id],
    );
    assert.match((await run("requester", "products")).stdout, new RegExp(productId));
    await run("approver-one", "approve", id, "--yes", "--comment", "one");
    await run("approver-two", "approve", id, "--yes");
    const status = await run("requester", "status", id, "--wait", "--timeout", "60s", "--json");
    assert.equal(documentOf(status).state, "signed");
    const key = await run("requester", "key", "--product", productId);
    const product = await as("requester").product(productId);
    assert.ok(key.stdout.includes(publicKey(product, undefined, profile).pem.trim()));
    shell.file("key.pem", publicKey(product, undefined, profile).pem);
    const verified = await run(
      "requester",
      "verify",
      image,
      "--key",
      "key.pem",
      "--registry-url",
      sandbox.registry.url,
    );
    assert.match(verified.stdout, /verified/);
  });
}

const shell = shellIn("bad-profile", { OCISIGN_TOKEN: "the-token" });
after(shell.remove);

for (const [profile, place] of /** @type {[unknown, string][]} */ ([
  [{ routes: { approve: { methode: "PUT" } } }, "profile.routes.approve.methode"],
  [{ routes: { approve: { body: { auth: "{token}" } } } }, "profile.routes.approve.body.auth"],
  [{ routes: { signings: "../signings" } }, "profile.routes.signings"],
  [{ replies: { signing: { envelope: "a..b" } } }, "profile.replies.signing.envelope"],
  [{ lists: { signings: { paging: { page: "p", next: "n" } } } }, "profile.lists.signings.paging"],
  [{ names: { groups: { admins: "A" } } }, "profile.names.groups.admins"],
])) {
  test(`--profile with a wrong ${place} sends nothing and says where`, async () => {
    const service = await fakeService(() => ({ body: [] }));
    shell.file("profile.json", JSON.stringify(profile));
    const done = await shell.ocisign(["signings", "-a", service.url, "--profile", "profile.json"]);
    service.close();
    assert.notEqual(done.code, 0);
    assert.ok(done.stderr.includes(`--profile: ${place} `), done.stderr);
    assert.equal(service.asked.length, 0);
  });
}

test("a paging that never ends is told, and ends the command", async () => {
  const image = `registry.example/app@sha256:${"ab".repeat(32)}`;
  const service = await fakeService(() => ({ body: [signingOf(image)] }));
  shell.file("profile.json", JSON.stringify({ lists: { signings: { paging: { offset: "skip" } } } }));
  const done = await shell.ocisign(["signings", "-a", service.url, "--profile", "profile.json"]);
  service.close();
  assert.equal(done.code, 1);
  assert.match(done.stderr, /the list brings the same page again/);
});
