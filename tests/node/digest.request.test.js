// A request for the signature of a digest: what is sent, by which profile, and when none is sent at all.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { requestDigestSigning, SigningClient, signingPayload } from "ocisign";

const image = `registry.example/team/app@sha256:${"3f".repeat(32)}`;
const product = {
  ...{ id: "the-product", name: "OCI SIGN", enabled: true },
  productOperations: [
    { id: "images", name: "OCI sign", operationType: "SignOCI" },
    { id: "digests", name: "digests", operationType: "DigestSigning" },
  ],
  productConfigItems: [{ name: "RegistryURL", value: "registry.example" }],
};

/** A service that shows these requests, and takes new ones. */
function service({
  listed = /** @type {any[]} */ ([]),
  reply = {},
  whole = /** @type {any} */ ({}),
  profile = {},
} = {}) {
  /** @type {{ method: string, path: string, body: any }[]} */
  const asked = [];
  /** @type {any} */
  const fetch = async (/** @type {string} */ url, /** @type {any} */ { method, body }) => {
    const path = new URL(url).pathname.replace("/v1/", "");
    const posted = body === undefined ? undefined : JSON.parse(body);
    asked.push({ method, path, body: posted });
    const id = path.split("/")[1];
    const answers = {
      products: { status: 403, body: { message: "not yours" } },
      imagesignings: { status: 200, body: id ? whole[id] : listed },
    };
    const { status, body: answer } =
      method === "GET"
        ? answers[/** @type {keyof typeof answers} */ (path.split("/")[0])]
        : { status: 201, body: { id: "new", status: 2, ...posted, ...reply } };
    if (answer === undefined) return { status: 404, text: async () => "{}" };
    return { status, text: async () => JSON.stringify(answer) };
  };
  const client = new SigningClient({
    ...{ baseUrl: "https://service.example/v1", token: "t", profile, fetch, retry: { attempts: 1 } },
  });
  return { client, asked, posts: () => asked.filter(({ method }) => method !== "GET") };
}

const input = { product, reference: image };
const digestOf = async (/** @type {"simple-signing" | "bundle"} */ format = "simple-signing") =>
  (await signingPayload(image, format)).sha256;
const base64 = (/** @type {string} */ hex) => Buffer.from(hex, "hex").toString("base64");
const requestOf = (/** @type {string} */ hex, more = {}) => ({
  ...{ id: "earlier", status: 2, productId: "the-product", idProductOperation: "digests" },
  payload: { optionalParameters: [{ digest: base64(hex), hashAlgorithm: "SHA256" }] },
  ...more,
});

describe("what is sent", () => {
  test("the body of a request, with the digest in place of the image, and what it is of", async () => {
    const { client, posts } = service();
    const metadata = [{ name: "Version", value: "1.2" }];
    const { signing, isNew, digest } = await requestDigestSigning(client, {
      ...{ ...input, format: "bundle", description: "Release 1.2", metadata },
    });
    assert.deepEqual([signing.id, signing.state, isNew], ["new", "unknown", true]);
    const hex = await digestOf("bundle");
    assert.equal(digest, `sha256:${hex}`);
    assert.deepEqual(posts(), [
      {
        ...{ method: "POST", path: "imagesignings" },
        body: {
          name: "Digest signing",
          idProductOperation: "digests",
          description: "Release 1.2",
          payload: {
            name: "Digest sign request",
            metadata: [
              { name: "Image", value: image },
              { name: "Signature format", value: "bundle" },
              { name: "Version", value: "1.2" },
            ],
            optionalParameters: [{ digest: base64(hex), hashAlgorithm: "SHA256" }],
          },
          productId: "the-product",
        },
      },
    ]);
  });

  test("each hash has its own digest, as long as it makes them", async () => {
    const payload = await signingPayload(image, "simple-signing");
    for (const hash of /** @type {const} */ (["sha256", "sha384", "sha512"])) {
      const { client, posts } = service();
      await requestDigestSigning(client, { ...input, hash });
      const parameter = { digest: base64(payload[hash]), hashAlgorithm: hash.toUpperCase() };
      assert.deepEqual(posts()[0].body.payload.optionalParameters, [parameter]);
    }
  });

  test("by the profile: route, names, encoding and hashes, and the place of the signature", async () => {
    const hex = await digestOf();
    const names = { digest: "hash", hashAlgorithm: "kind" };
    const profile = {
      statuses: { 2: "waiting" },
      digests: {
        route: { method: "PUT", path: "digests", body: { request: "{body}", kind: "digest" } },
        ...{ names, encoding: "hex", hashes: { sha256: "SHA2-256" } },
      },
      replies: { signing: { envelope: "data", fields: { signature: "result.sig" } } },
    };
    const reply = { data: { id: "new", status: 16, result: { sig: "c2ln" } } };
    const { client, posts } = service({ profile: /** @type {any} */ (profile), reply });
    const { signing } = await requestDigestSigning(client, { ...input, product });
    assert.equal(signing.signature, "c2ln");
    const [{ method, path, body }] = posts();
    assert.deepEqual([method, path, body.kind], ["PUT", "digests", "digest"]);
    assert.deepEqual(body.request.payload.optionalParameters, [{ hash: hex, kind: "SHA2-256" }]);
  });

  test("a product that may not be read is requested of by both ids, and not by one", async () => {
    const { client, posts } = service();
    const byIds = { reference: image, productId: "the-product", operation: "digests" };
    assert.equal((await requestDigestSigning(client, byIds)).signing.id, "new");
    assert.equal(posts().length, 1);
    const byId = { reference: image, productId: "the-product" };
    await assert.rejects(requestDigestSigning(client, byId), { code: "forbidden" });
    assert.equal(posts().length, 1);
  });
});

describe("no second request", () => {
  for (const [what, more] of /** @type {[string, object][]} */ ([
    ["that waits", {}],
    ["that is signed", { status: 16, signature: "c2ln" }],
    ["with a code that is not explained", { status: 999 }],
    ["with ids in another case", { productId: "THE-PRODUCT", idProductOperation: "DIGESTS" }],
    ["whose list does not name the operation", { idProductOperation: undefined }],
    ["whose digest is written otherwise", "url"],
  ])) {
    test(what, async () => {
      const hex = await digestOf();
      const url = Buffer.from(hex, "hex").toString("base64url");
      const spelled = { payload: { optionalParameters: [{ digest: url, hashAlgorithm: "sha-256" }] } };
      const { client, posts } = service({
        listed: [requestOf(hex, more === /** @type {any} */ ("url") ? spelled : more)],
      });
      const { signing, isNew } = await requestDigestSigning(client, input);
      assert.deepEqual([signing.id, isNew], ["earlier", false]);
      assert.deepEqual(posts(), []);
      assert.equal((await requestDigestSigning(client, input, { again: true })).isNew, true);
      assert.equal(posts().length, 1);
    });
  }

  test("a signed one goes before one that waits, and the newest of these before others", async () => {
    const hex = await digestOf();
    const waiting = [1, 3, 2].map((day) =>
      requestOf(hex, { id: `day-${day}`, createdAt: `2026-01-0${day}T00:00:00Z` }),
    );
    const newest = await requestDigestSigning(service({ listed: waiting }).client, input);
    assert.equal(newest.signing.id, "day-3");
    const listed = [
      ...waiting,
      requestOf(hex, { id: "done", status: 16, createdAt: "2025-01-01T00:00:00Z" }),
    ];
    assert.equal((await requestDigestSigning(service({ listed }).client, input)).signing.id, "done");
  });

  test("a list that leaves the payload out: the requests themselves say it", async () => {
    const hex = await digestOf();
    const { payload: _, ...bare } = requestOf(hex);
    const listed = [{ ...bare, id: "other" }, bare];
    const whole = { earlier: requestOf(hex), other: requestOf("00".repeat(32), { id: "other" }) };
    const { client, posts } = service({ listed, whole });
    assert.equal((await requestDigestSigning(client, input)).signing.id, "earlier");
    assert.deepEqual(posts(), []);
  });
});

describe("another request is none", () => {
  for (const [what, more] of /** @type {[string, object][]} */ ([
    ["that was rejected", { status: 32 }],
    ["that failed", { status: 64 }],
    ["of another product", { productId: "another" }],
    ["of another operation", { idProductOperation: "images" }],
    ["of another digest", { payload: requestOf("00".repeat(32)).payload }],
    [
      "of another hash",
      { payload: { optionalParameters: [{ digest: base64("00".repeat(48)), hashAlgorithm: "SHA384" }] } },
    ],
    ["of an image", { payload: { optionalParameters: [{ artifactURI: btoa(image) }] } }],
    ["of two digests", { payload: { optionalParameters: [{ digest: "x" }, { digest: "y" }] } }],
    ["of something else", { payload: { optionalParameters: "no list" } }],
  ])) {
    test(what, async () => {
      const profile = { statuses: { 32: "rejected", 64: "failed" } };
      const listed = [requestOf(await digestOf(), more)];
      const { client, posts } = service({ listed, profile: /** @type {any} */ (profile) });
      assert.equal((await requestDigestSigning(client, input)).isNew, true);
      assert.equal(posts().length, 1);
    });
  }
});

describe("nothing is sent", () => {
  const operation = (/** @type {any[]} */ productOperations) => ({
    ...input,
    product: { ...product, productOperations },
  });
  const [images, digests] = product.productOperations;
  for (const [what, given, code] of /** @type {[string, any, string][]} */ ([
    ["without an operation for digests", operation([images]), "operation-missing"],
    ["with several", operation([digests, { ...digests, id: "more" }]), "operation-ambiguous"],
    ["with an operation that signs images", { ...input, operation: "images" }, "operation-missing"],
    [
      "for another registry",
      { ...input, reference: image.replace("registry.", "other.") },
      "registry-mismatch",
    ],
    [
      "for a product that is disabled",
      { ...input, product: { ...product, enabled: false } },
      "product-disabled",
    ],
    ["without a digest", { ...input, reference: "registry.example/team/app:1" }, "digest-missing"],
    ["in a format that is none", { ...input, format: "both" }, "bad-input"],
    ["with a hash that is none", { ...input, hash: "sha1" }, "bad-input"],
    ["without a product", { reference: image }, "bad-input"],
    ["with an unknown field", { ...input, artifact: image }, "bad-input"],
    ["with a name that hides something", { ...input, name: "a\u0000b" }, "bad-input"],
  ])) {
    test(what, async () => {
      const { client, asked } = service();
      await assert.rejects(requestDigestSigning(client, given), (/** @type {any} */ error) => {
        assert.equal(error.code, code, error.message);
        return true;
      });
      assert.deepEqual(
        asked.filter(({ path }) => path.startsWith("imagesignings")),
        [],
      );
    });
  }

  test("when the list may not be read, unless it is wanted again", async () => {
    const forbidding = new SigningClient({
      ...{ baseUrl: "https://service.example/v1", token: "t" },
      fetch: /** @type {any} */ (
        async (/** @type {string} */ _, /** @type {any} */ { method, body }) =>
          method === "GET"
            ? { status: 403, text: async () => "{}" }
            : { status: 201, text: async () => JSON.stringify({ id: "new", status: 2, ...JSON.parse(body) }) }
      ),
    });
    await assert.rejects(requestDigestSigning(forbidding, input), { code: "forbidden", fix: /again: true/ });
    assert.equal((await requestDigestSigning(forbidding, input, { again: true })).isNew, true);
  });
});

test("a service that accepts another digest is told on", async () => {
  const reply = { payload: requestOf("00".repeat(32)).payload };
  const { client } = service({ reply });
  await assert.rejects(requestDigestSigning(client, input), (/** @type {any} */ error) => {
    assert.deepEqual([error.code, error.taken], ["bad-reply", "maybe"]);
    assert.match(error.message, /another digest than was requested, as `new`/);
    return true;
  });
});
