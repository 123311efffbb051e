// `sign --via digest`: a digest is requested, approved, signed, attached and verified in one, and a second run goes on
// where the first one stopped.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { cliSandbox, documentOf } from "../support/cli.js";
import { digestProductFor } from "../support/digest-product.js";

let at;
/** Decided by two people. */
let product;
/** Approved beforehand, with keys of these types. @type {Record<string, import("ocisign").StoredProduct>} */
const automatic = {};

before(async () => {
  at = await cliSandbox("sign-digest");
  const create = (changes, keyType) =>
    at.as("requester").createProduct(digestProductFor(at.sandbox, changes, keyType));
  product = await create({ name: "decided" });
  for (const keyType of ["secp256r1", "secp384r1", "RSA2048"]) {
    automatic[keyType] = await create({ name: `automatic ${keyType}`, approvalGroups: [] }, keyType);
  }
});
after(() => at?.close());

let made = 0;
async function freshImage() {
  const repository = `team/digest-${++made}`;
  return `${at.sandbox.registry.domain}/${repository}@${await pushImage(at.registry, repository, repository)}`;
}

const env = () => ({
  OCISIGN_REGISTRY_USERNAME: at.sandbox.registry.username,
  OCISIGN_REGISTRY_PASSWORD: at.sandbox.registry.password,
});
const words = (image, its, more) => ["sign", image, "--via", "digest", "--product", its.id, ...more];
const sign = (image, its, ...more) => at.ocisign(words(image, its, more), { env: env() });

/** The requests that name an image in their metadata. */
async function requestsOf(image) {
  const all = await at.as("admin").signings();
  return all.filter(({ payload }) => payload.metadata.some(({ value }) => value === image));
}

async function approve(id) {
  await at.as("approver-one").approve(id);
  await at.as("approver-two").approve(id);
}

describe("in one run", () => {
  for (const [keyType, hash] of [
    ["secp256r1", "sha256"],
    ["secp384r1", "sha256"],
    ["secp384r1", "sha384"],
    ["RSA2048", "sha256"],
    ["RSA2048", "sha512"],
  ]) {
    test(`${keyType} with ${hash}, in both formats, and both verify with the operation's key`, async () => {
      const image = await freshImage();
      const its = automatic[keyType];
      const run = await sign(image, its, "--format", "both", "--hash", hash, "--json");
      assert.equal(run.code, 0, run.stderr);
      const { reference, requests, attached, verification, key } = documentOf(run);
      assert.equal(reference, image);
      assert.deepEqual(
        requests.map((it) => [it.format, it.signing.state]),
        [
          ["simple-signing", "signed"],
          ["bundle", "signed"],
        ],
      );
      assert.ok(requests.every(({ digest }) => digest.startsWith(`${hash}:`)));
      assert.deepEqual(
        attached.map((it) => [it.format, it.wasThere]),
        [
          ["simple-signing", false],
          ["bundle", false],
        ],
      );
      assert.equal(verification.state, "verified");
      const good = verification.signatures.filter(({ verified }) => verified);
      assert.deepEqual(good.map(({ format }) => format).sort(), ["bundle", "simple-signing"]);
      assert.ok(good.every((it) => it.key === key.fingerprint && it.hash === `SHA-${hash.slice(3)}`));
      const pem = its.productOperations?.[1]?.token?.publicKey;
      const file = at.file(`${its.id}.pem`, `-----BEGIN PUBLIC KEY-----\n${pem}\n-----END PUBLIC KEY-----\n`);
      const verified = await at.ocisign(["verify", image, "--key", file], { env: env() });
      assert.equal(verified.code, 0, verified.stderr);
    });
  }

  test("in words, each format by itself", async () => {
    for (const format of ["simple-signing", "bundle"]) {
      const run = await sign(await freshImage(), automatic.secp256r1, "--format", format);
      assert.equal(run.code, 0, run.stderr);
      assert.match(run.stderr, new RegExp(`is requested: ${format}, sha256:[0-9a-f]{64}`));
      assert.match(run.stdout, new RegExp(`${format}: pushed`));
      assert.match(run.stdout, new RegExp(`valid: ${format}`));
    }
  });
});

describe("a second run", () => {
  test("takes up the request that waits, and never makes another one; a killed run loses nothing", async () => {
    const image = await freshImage();
    const early = await sign(image, product, "--timeout", "1s");
    assert.equal(early.code, 3, early.stderr);
    assert.match(early.stderr, /Not final after 1s[\s\S]*ocisign sign .* --via digest --product/);
    const [{ id }] = await requestsOf(image);

    const running = at.start(words(image, product, []), { env: env() });
    await running.says(/is taken up/, "stderr");
    running.child.kill("SIGKILL");
    await running.ended;
    assert.equal((await requestsOf(image)).length, 1);

    await approve(id);
    const done = await sign(image, product, "--json");
    assert.equal(done.code, 0, done.stderr);
    const document = documentOf(done);
    assert.equal(document.requests[0].signing.id, id);
    assert.equal(document.attached[0].wasThere, false);

    const again = await sign(image, product, "--json");
    assert.equal(again.code, 0, again.stderr);
    assert.equal(documentOf(again).attached[0].wasThere, true);
    assert.equal(documentOf(again).attached[0].signatures, 1);
    assert.equal((await requestsOf(image)).length, 1);

    const blind = await sign(image, product, "--skip", "none", "--timeout", "1s");
    assert.equal(blind.code, 3, blind.stderr);
    assert.equal((await requestsOf(image)).length, 2, "asked for, with --skip none");
  });

  test("is told how to go on when it is interrupted", async () => {
    const image = await freshImage();
    const running = at.start(words(image, product, ["--format", "bundle"]), { env: env() });
    await running.says(/waiting for approval/, "stderr");
    running.child.kill("SIGINT");
    const { code, stderr } = await running.ended;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /ocisign sign .*@sha256:\S+ --via digest --format bundle --product /);
  });

  test("requests anew what was rejected, and takes no request of another operation for its own", async () => {
    const image = await freshImage();
    await sign(image, automatic.secp256r1);
    const first = sign(image, product);
    const rejected = (async () => {
      for (;;) {
        const [waiting] = (await requestsOf(image)).filter(({ state }) => state === "waiting");
        if (waiting) return at.as("approver-one").reject(waiting.id, { comment: "not this one" });
      }
    })();
    const [{ code, stderr }] = await Promise.all([first, rejected]);
    assert.equal(code, 4, stderr);
    const second = await sign(image, product, "--timeout", "1s");
    assert.equal(second.code, 3, second.stderr);
    const all = await requestsOf(image);
    assert.deepEqual(all.map(({ state }) => state).sort(), ["rejected", "signed", "waiting"]);
  });
});

describe("nothing is requested", () => {
  /** @type {[string, () => string[], number, RegExp][]} */
  const mistakes = [
    [
      "without an operation for digests",
      () => ["--product", at.product.id],
      1,
      /no such operation of type DigestSigning/,
    ],
    ["with an operation that signs images", () => ["--operation", "OCI sign"], 1, /DigestSigning/],
    ["with another key", () => ["--key", at.file("other.pem", otherKey)], 1, /is another than/],
    ["of a list", () => ["--from-file", "images.txt"], 2, /exclude each other|one image/],
    ["with --via something", () => ["--via", "magic"], 2, /Allowed choices/],
    ["with a hash that is none", () => ["--hash", "sha1"], 2, /Allowed choices/],
  ];
  for (const [what, more, code, said] of mistakes) {
    test(what, async () => {
      const image = await freshImage();
      const run = await sign(image, product, ...more());
      assert.equal(run.code, code, run.stderr);
      assert.match(run.stderr, said);
      assert.deepEqual(await requestsOf(image), []);
    });
  }

  test("and --format or --hash alone are refused, since the service signs images in its own way", async () => {
    for (const more of [
      ["--format", "both"],
      ["--hash", "sha256"],
    ]) {
      const run = await at.ocisign(["sign", await freshImage(), "--product", at.product.id, ...more]);
      assert.equal(run.code, 2, run.stderr);
      assert.match(run.stderr, /needs --via digest/);
    }
  });

  test("and a hash that the key would cut is refused by the service", async () => {
    const run = await sign(await freshImage(), automatic.secp256r1, "--hash", "sha512");
    assert.equal(run.code, 1);
    assert.match(run.stderr, /signs no digest of SHA512/);
  });
});

const otherKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzKPNi6h3JL23XTyF0AdLBeodulpp
NhjcdOyi8PZAO4bzFhEbIlpqN0hTBuG3R9L/Y/sO5/uxTAvbnX1ErmJC5Q==
-----END PUBLIC KEY-----
`;
