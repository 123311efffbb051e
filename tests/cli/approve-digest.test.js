// A request for the signature of a digest, before an approver: is it told of which image it is, and can nobody be made to
// approve the digest of another one?
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { requestDigestSigning, signingPayload } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { cliSandbox } from "../support/cli.js";
import { digestProductFor } from "../support/digest-product.js";

let at;
let product;
/** @type {string} */
let other;
before(async () => {
  at = await cliSandbox("approve-digest");
  product = await at.as("requester").createProduct(digestProductFor(at.sandbox, { name: "digests" }));
  other = at.image.replace(at.digest, await pushImage(at.registry, "team/app", "another one"));
});
after(() => at?.close());

const approve = (id, role, ...more) =>
  at.ocisign(["approve", id, ...more], { env: { OCISIGN_TOKEN: at.token(role) } });

test("the image is shown with the digest, and approved by the end of the image's digest", async () => {
  for (const [format, hash] of /** @type {const} */ ([
    ["simple-signing", "sha256"],
    ["bundle", "sha256"],
  ])) {
    const { signing, digest } = await requestDigestSigning(at.as("requester"), {
      ...{ product, reference: at.image, format, hash },
    });
    const wrong = await approve(
      signing.id,
      "approver-one",
      "--digest",
      other.slice(other.indexOf("sha256:")),
    );
    assert.notEqual(wrong.code, 0, "for another image");
    const first = await approve(signing.id, "approver-one", "--digest", at.digest);
    assert.equal(first.code, 0, first.stderr);
    for (const said of [
      at.image,
      digest,
      `that of the image's signature, in ${format}`,
      "operation name",
      "digests",
    ]) {
      assert.ok(first.stderr.includes(said), `${said}\n${first.stderr}`);
    }
    assert.match(first.stderr, /^ *key +(EC )?secp256r1 sha256:/m);
    assert.ok(!first.stderr.includes("problem"), first.stderr);
    const second = await approve(signing.id, "approver-two", "--yes");
    assert.equal(second.code, 0, second.stderr);
    const end = await at.as("requester").waitForSignature(signing.id, { intervalMs: 20 });
    assert.equal(end.state, "signed");
    const listed = await at.ocisign(["status", signing.id]);
    assert.ok(listed.stdout.includes(at.image), listed.stdout);
  }
});

/** A request as a dishonest requester posts it. */
async function posted(parameter, metadata) {
  const reply = await fetch(`${at.sandbox.base}/imagesignings`, {
    method: "POST",
    headers: { authorization: `Bearer ${at.token("requester")}`, "content-type": "application/json" },
    body: JSON.stringify({
      ...{ name: "Digest signing", description: "", productId: product.id },
      idProductOperation: product.productOperations[1].id,
      payload: { name: "", metadata, optionalParameters: [parameter] },
    }),
  });
  assert.equal(reply.status, 201);
  return (await reply.json()).id;
}

test("a digest that is not that of the image which is named cannot be approved", async () => {
  /** @param {string} image @param {"simple-signing" | "bundle"} [format] */
  const digestOf = async (image, format = "simple-signing") => {
    const { sha256 } = await signingPayload(image, format);
    return { digest: Buffer.from(sha256, "hex").toString("base64"), hashAlgorithm: "SHA256" };
  };
  const named = (image, format = "simple-signing") => [
    { name: "Image", value: image },
    { name: "Signature format", value: format },
  ];
  const own = await digestOf(at.image);
  /** @type {[string, object, object[], RegExp][]} */
  const requests = [
    ["of another image", await digestOf(other), named(at.image), /not that of the image/],
    ["of another format", await digestOf(at.image, "bundle"), named(at.image), /not that of the image/],
    ["of an unknown format", own, named(at.image, "raw"), /not that of the image/],
    ["of no format", own, named(at.image).slice(0, 1), /not that of the image/],
    ["of an image that is no reference", own, named("team/app"), /not that of the image/],
    ["of an image in another spelling", own, named(at.image.replace("@", ":tag@")), /not that of the image/],
    [
      "of two images",
      own,
      [...named(at.image), { name: "Image", value: other }],
      /does not say of which image/,
    ],
    ["of nothing that is named", own, [], /does not say of which image/],
  ];
  for (const [what, parameter, metadata, said] of requests) {
    const id = await posted(parameter, metadata);
    const run = await approve(id, "approver-one", "--yes");
    assert.equal(run.code, 1, `${what}: ${run.stderr}`);
    assert.match(run.stderr, said, what);
    assert.match(run.stderr, /Nothing was approved/);
    assert.deepEqual((await at.as("admin").signing(id)).approvals, [], what);
  }
});
