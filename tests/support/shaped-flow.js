// From the product to the verified signature at a service of some shape, by nothing but the profile that it shows.
import assert from "node:assert/strict";
import { buildProduct, publicKey, waitAndVerify } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { clientsOf, groupA, groupB, profileOf, quick, testSandbox } from "./sandbox.js";
import { shapeFile } from "./shapes.js";

/** Who may read products in each of them: a member of the second group. */
const reader = "approver-two";

/**
 * Requests, approves, rejects, lists, waits and verifies.
 *
 * @param {import("node:test").TestContext} t @param {string} name @param {import("./shapes.js").Shape} shape
 */
export async function fromProductToProof(t, name, shape) {
  const { args, remove } = shapeFile(shape);
  t.after(remove);
  const sandbox = await testSandbox({ name: `shape-${name}`, args });
  t.after(() => sandbox.close());
  const profile = await profileOf(sandbox);
  const as = await clientsOf(sandbox);
  const [requester, one, two] = ["requester", "approver-one", reader].map(as);

  const { id: productId } = await requester.createProduct(
    buildProduct(
      {
        ...{ name: "Shaped", registry: sandbox.registry.domain, keyType: "secp256r1" },
        ...{ allowedGroups: [groupA], approvalGroups: [groupA, groupB] },
      },
      profile,
    ),
  );
  const product = await two.product(productId);
  assert.equal(product.name, "Shaped");
  assert.equal(product.productConfigItems?.[0].value, sandbox.registry.domain);

  assert.equal(publicKey(product, undefined, profile).keyType, "secp256r1");

  const digest = await pushImage(new Registry(sandbox.registry), "team/app");
  const artifact = `${sandbox.registry.domain}/team/app@${digest}`;
  const ids = [];
  for (let index = 0; index < 5; index++) {
    const made = await requester.requestSigning({
      product,
      artifact,
      name: `N${index}`,
      description: `D${index}`,
    });
    assert.equal(made.state, "waiting");
    ids.unshift(made.id);
  }

  const seen = await one.signing(ids[0]);
  assert.deepEqual(
    [seen.name, seen.description, seen.productId, seen.state],
    ["N4", "D4", productId, "waiting"],
  );
  const { objectId } = sandbox.person("requester");
  const { requester: by } = seen;
  assert.equal(shape.service.requesterIsId ? by : /** @type {any} */ (by).objectId, objectId);
  for (const given of [{}, { productId }]) {
    const all = await one.signings(given);
    assert.deepEqual(
      all.map(({ id }) => id),
      ids,
      "all pages, in the service's order",
    );
    assert.deepEqual(all.unreadable, []);
  }
  assert.deepEqual(
    (await one.signings({ limit: 1, offset: 3 })).map(({ id }) => id),
    [ids[3]],
  );
  assert.deepEqual(
    (await two.products()).map(({ id }) => id),
    [productId],
  );

  await one.approve(ids[0], { expect: seen, comment: "first" });
  const halfway = await two.signing(ids[0]);
  const end = await two.approve(ids[0], { expect: halfway, expectProduct: product, comment: "second" });
  assert.ok(["approved", "signing", "signed"].includes(end.state), end.state);
  const rejected = await one.reject(ids[1], { comment: "not this one" });
  assert.equal(rejected.state, "rejected");
  assert.match(String((await one.signing(ids[1])).reason), /not this one|takes no comment/);
  await assert.rejects(one.approve(ids[1]), { code: "conflict" });

  const { signing, verification } = await waitAndVerify(two, ids[0], {
    ...quick,
    reference: artifact,
    registry: { url: sandbox.registry.url },
  });
  assert.equal(signing.state, "signed");
  assert.equal(verification?.state, "verified");
}
