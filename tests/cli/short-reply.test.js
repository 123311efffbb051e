// A service that answers what acts with id and status only: people see the whole request all the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { againstFake } from "../support/cli.js";
import { productOf, signingOf } from "../support/fake-service.js";

const image = `registry.example/team/app@sha256:${"1".repeat(64)}`;
const whole = signingOf(image, { productId: "p", missingGroups: ["second-group"] });
const short = { id: whole.id, status: whole.status };
const product = productOf("registry.example");

/** @param {{ method: string, path: string }} call @param {number} [looks] looks at the request that succeed */
function reply({ method, path }, looks = Number.POSITIVE_INFINITY) {
  if (method !== "GET") return { body: short };
  if (path.endsWith("/products")) return { body: [product] };
  if (path.endsWith("/products/p")) return { body: product };
  return looks > 0 ? { body: whole } : { status: 403, body: {} };
}

for (const args of [
  ["sign", image, "--product", "p"],
  ["approve", whole.id, "--yes"],
  ["reject", whole.id, "--comment", "no"],
  ["imagesigning", "add", "SignOCI", "-P", "p", "-A", Buffer.from(image).toString("base64")],
  ["imagesigning", "approve", "-I", whole.id],
]) {
  test(`${args.slice(0, args[0] === "imagesigning" ? 2 : 1).join(" ")} shows the image`, async () => {
    const { code, stdout, stderr, posts } = await againstFake(reply, args);
    assert.deepEqual([code, posts.length], [0, 1], stderr);
    assert.ok(stdout.includes(image), stdout);
    assert.doesNotMatch(stdout, /does not say which image/);
  });
}

test("an approval names the groups that are still missing", async () => {
  const { stderr } = await againstFake(reply, ["approve", whole.id, "--yes"]);
  assert.match(stderr, /Still missing: an approval by group second-group\./);
});

test("where the look fails, the act has succeeded", async () => {
  const { code, stdout, posts } = await againstFake(
    (call) => reply(call, 0),
    ["reject", whole.id, "--comment", "no"],
  );
  assert.deepEqual([code, posts.length], [0, 1]);
  assert.ok(stdout.includes(whole.id));
});
