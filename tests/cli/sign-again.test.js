// An image that was requested before: is that told, asked about, or taken up?
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { againstFake, cliSandbox, documentOf } from "../support/cli.js";
import { productOf, signingOf } from "../support/fake-service.js";

let at;
before(async () => {
  at = await cliSandbox("sign-again");
});
after(() => at?.close());

let made = 0;
/** An image that no other test has requested. */
async function freshImage() {
  const repository = `team/again-${++made}`;
  return `${at.sandbox.registry.domain}/${repository}@${await pushImage(at.registry, repository)}`;
}

const sign = (image, ...more) => ["sign", image, "--product", at.product.id, ...more];
const requestsOf = async (image) => {
  const encoded = Buffer.from(image).toString("base64");
  const all = await at.as("admin").signings();
  return all.filter((it) => it.payload.optionalParameters[0].artifactURI === encoded);
};

test("a script is told, and goes on; --skip pending takes the request up; --skip none does not look", async () => {
  const image = await freshImage();
  const first = await at.ocisign(sign(image));
  assert.equal(first.stderr, "");
  const [{ id }] = await requestsOf(image);
  const second = await at.ocisign(sign(image));
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, new RegExp(`request for this image and product.*${id}, waiting for approval`));
  assert.match(second.stderr, /--skip pending/);
  assert.equal((await requestsOf(image)).length, 2);

  const taken = await at.ocisign(sign(image, "--skip", "pending", "--json"));
  assert.equal(taken.code, 0, taken.stderr);
  assert.match(taken.stderr, /is taken up/);
  assert.ok((await requestsOf(image)).some((it) => it.id === documentOf(taken).id));
  assert.equal((await requestsOf(image)).length, 2, "nothing new was requested");

  const blind = await at.ocisign(sign(image, "--skip", "none"));
  assert.equal(blind.stderr, "");
  assert.equal((await requestsOf(image)).length, 3);
});

test("a rejected request is told, and no reason to ask; another product's is none", async () => {
  const image = await freshImage();
  await at.ocisign(sign(image));
  const [{ id }] = await requestsOf(image);
  await at.as("approver-one").reject(id, { comment: "not this one" });
  const elsewhere = await at.ocisign(["sign", image, "--product", "automatic"]);
  assert.equal(elsewhere.stderr, "");
  const again = await at.ocisign(sign(image, "--skip", "pending"));
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stderr, new RegExp(`${id}, rejected`));
  assert.equal((await requestsOf(image)).filter(({ state }) => state === "waiting").length, 1);
});

test("on a terminal a person says whether to request it once more", async () => {
  const image = await freshImage();
  await at.ocisign(sign(image));
  const line = `ocisign sign ${image} --product ${at.product.id}`;
  const typing = async (typed) => {
    const terminal = at.terminal(line);
    await terminal.says(/Request it once more\? Type yes: /);
    terminal.child.stdin.write(typed);
    return terminal.ended;
  };
  const stopped = await typing("\n");
  assert.equal(stopped.code, 1, stopped.stdout);
  assert.match(stopped.stdout, /requested already[\s\S]*status .* --wait[\s\S]*Nothing was requested/);
  assert.equal((await requestsOf(image)).length, 1);
  assert.equal((await typing("yes\n")).code, 0);
  assert.equal((await requestsOf(image)).length, 2);
  const unasked = await at.terminal(`${line} --yes`).ended;
  assert.equal(unasked.code, 0, unasked.stdout);
  assert.equal((await requestsOf(image)).length, 3);
});

test("a list that cannot be read is told, and hinders nothing; what it says is shown as text", async () => {
  const product = productOf("registry.example");
  const image = `registry.example/team/app@sha256:${"a".repeat(64)}`;
  const args = ["sign", image, "--product", product.id];
  const answerWith =
    (list) =>
    ({ method, path, body }) => {
      if (method === "POST") return { body: { ...JSON.parse(body), id: "new", status: 2 } };
      if (path.includes("imagesignings")) return list;
      return { body: path.includes("products/") ? product : [product] };
    };
  const broken = await againstFake(answerWith({ body: "no list" }), args);
  assert.equal(broken.code, 0, broken.stderr);
  assert.match(broken.stderr, /warning: Earlier requests of this image could not be read/);
  assert.equal(broken.posts.length, 1);
  const withheld = await againstFake(answerWith({ status: 403, body: { message: "no" } }), args);
  assert.equal(withheld.code, 0, withheld.stderr);
  assert.doesNotMatch(withheld.stderr, /Earlier requests/);

  const id = "x\u001b[31m\u202e";
  const hostile = {
    ...signingOf(image),
    id,
    status: 16,
    productId: product.id.toUpperCase(),
    createdAt: "2026-13-45",
  };
  const told = await againstFake(answerWith({ body: [hostile, null, 7, { id: "y" }] }), args);
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stderr, /request for this image and product/);
  for (const raw of ["\u001b", "\u202e"]) assert.ok(!told.stderr.includes(raw));
  assert.equal(told.posts.length, 1);
});
