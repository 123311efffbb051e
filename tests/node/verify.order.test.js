// What a verification tells does not depend on what a registry answers first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { verifyImage, verifySignatures } from "ocisign";
import { HeldImage } from "../support/held-images.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { keyPair, manifestOf } from "../support/signatures.js";

const key = keyPair("P-256");
const other = keyPair("P-256");
const own = { "docker-distribution-api-version": "registry/2.0" };

/** @param {HeldImage} image @param {object} [options] */
const verify = (image, options = {}) =>
  verifyImage(image.reference, { publicKey: key.pem, registry: { fetch: image.fetch }, ...options });

/** Answers after so many turns of the event loop. @param {HeldImage} image @param {(path: string) => number} turns */
function delay(image, turns) {
  image.wait = async (path) => {
    for (let left = turns(path); left > 0; left--) await turn();
  };
}

/** Good and bad signatures, in every place, with blobs and manifests that are missing. */
function crowded() {
  const image = new HeldImage();
  const keys = [other, key, other, key, key, other, key, key, other, key, other, key];
  const layers = image.signByTag(...keys.map(({ privateKey }) => privateKey));
  image.replies.delete(`blobs/${layers[2].digest}`);
  image.replies.set(`blobs/${layers[6].digest}`, { status: 403 });
  const listed = keys.slice(0, 10).map(({ privateKey }) => image.bundle(privateKey));
  image.list(...listed.slice(0, 9), `sha256:${"0".repeat(64)}`, "blake3:00");
  image.listByTag(...listed.slice(5).reverse());
  return image;
}

test("signatures and problems are told in one order, whatever is answered first", async () => {
  const orderly = crowded();
  const expected = await verify(orderly);
  assert.equal(expected.state, "verified");
  assert.equal(expected.signatures.length, 22);
  assert.deepEqual(
    expected.problems.map(({ from, code }) => [from, code]),
    [
      ["referrers", "not-found"],
      ["referrers", "bad-reply"],
      [undefined, "forbidden"],
    ],
  );
  const seed = newSeed();
  console.log(`OCISIGN_SEED=${seed}`);
  const next = randomNumbers(seed);
  for (let round = 0; round < 30; round++) {
    const image = crowded();
    // ECDSA signs by chance, so that the same image is not the same twice: it is what is held that is compared.
    image.replies = orderly.replies;
    delay(image, () => 1 + next(12));
    assert.deepEqual(await verify(image), expected, `OCISIGN_SEED=${seed}`);
  }
});

test("problems are told in the order of the places, the image first", async () => {
  const image = new HeldImage();
  const paths = [image.image, image.tag, image.referrers, image.fallback];
  for (const path of paths) image.replies.set(path, { status: 403 });
  delay(image, (path) => 10 - 2 * paths.indexOf(path));
  const { state, problems, reason } = await verify(image);
  assert.deepEqual(
    [state, problems.map(({ from }) => from)],
    ["unreachable", ["image", "tag", "referrers", "fallback-tag"]],
  );
  assert.equal(reason, problems[0].message);
});

for (const first of ["the image", "the refusals"]) {
  test(`a refusal without a word means what it means after the image, if ${first} comes first`, async () => {
    const image = new HeldImage();
    for (const path of [image.tag, image.fallback]) {
      image.replies.set(path, { status: 404, headers: own });
    }
    image.replies.set(image.referrers, { status: 400, headers: own });
    const isLate = (/** @type {string} */ path) => (path === image.image) === (first !== "the image");
    delay(image, (path) => (isLate(path) ? 20 : 1));
    assert.equal((await verify(image)).state, "unsigned");
    // Where the image cannot be read, nothing has shown the repository.
    image.replies.set(image.image, { status: 500 });
    const { state, problems } = await verify(image);
    assert.equal(state, "unreachable");
    assert.deepEqual(
      problems.map(({ from, code }) => [from, code]),
      [
        ["image", "server-error"],
        ["tag", "not-found"],
        ["referrers", "bad-request"],
        ["fallback-tag", "not-found"],
      ],
    );
  });
}

for (const status of [200, 403]) {
  test(`a tag that comes last is told first, also if the list before it ends with ${status}`, async () => {
    const image = new HeldImage();
    image.signByTag(key.privateKey);
    image.listByTag(image.bundle(key.privateKey));
    if (status !== 200) image.replies.set(image.referrers, { status });
    delay(image, (path) => (path === image.tag ? 20 : 1));
    const { signatures } = await verify(image);
    assert.deepEqual(
      signatures.map(({ from }) => from),
      [["tag"], ["fallback-tag"]],
    );
  });
}

test("a signature that was found counts, whichever place fails first", async () => {
  for (const slow of ["tag", "referrers"]) {
    const image = new HeldImage();
    image.signByTag(key.privateKey);
    image.replies.set(image.referrers, { status: 403 });
    delay(image, (path) => ((path === image.tag) === (slow === "tag") ? 20 : 1));
    const { state, problems } = await verify(image);
    assert.deepEqual([state, problems.map(({ from }) => from)], ["verified", ["referrers"]]);
  }
});

test("one abort ends all that is under way, and nothing is asked or rejected behind it", async () => {
  /** @type {unknown[]} */
  const leaks = [];
  const leak = (/** @type {unknown} */ reason) => leaks.push(reason);
  process.on("unhandledRejection", leak);
  for (const begun of [1, 4, 5, 9]) {
    const image = new HeldImage();
    image.signByTag(...Array(20).fill(key.privateKey));
    image.list(image.bundle(key.privateKey));
    const controller = new AbortController();
    const reason = new Error("enough");
    image.wait = async () => {
      if (image.asked.length >= begun) {
        controller.abort(reason);
        await new Promise(() => {});
      }
      await turn();
    };
    await assert.rejects(verify(image, { signal: controller.signal }), { code: "aborted", cause: reason });
    const { length } = image.asked;
    assert.ok(image.asked.slice(begun - 1).every(({ signal }) => signal.aborted));
    for (let turns = 0; turns < 5; turns++) await turn();
    assert.equal(image.asked.length, length, "nothing more is asked");
  }
  process.off("unhandledRejection", leak);
  assert.deepEqual(leaks, []);
});

test("bytes: what is asked for at once shares what may come, and that it is spent is said once", async () => {
  const image = new HeldImage();
  image.signByTag(...Array(40).fill(key.privateKey));
  const sizes = new Map([...image.replies].map(([path, { body = "" }]) => [path, body.length]));
  const blobs = [...image.replies.keys()].filter((path) => path.startsWith("blobs/"));
  const [blob = ""] = blobs;
  const first = [image.image, image.tag, image.referrers].reduce(
    (sum, path) => sum + (sizes.get(path) ?? 0),
    0,
  );
  // Room for what is not there, for ten blobs, and for a part of the next.
  const totalBytes = first + 100 + 10.5 * (sizes.get(blob) ?? 0);
  const { state, signatures, problems } = await verify(image, { totalBytes });
  assert.equal(state, "verified");
  const asked = image.asked.filter(({ path }) => path.startsWith("blobs/")).length;
  assert.ok(asked >= 10 && asked <= 12, `${asked}`);
  assert.equal(signatures.filter(({ verified }) => verified).length, 10);
  assert.deepEqual(
    problems.map(({ from, code }) => [from, code]),
    [
      ["tag", "bad-reply"],
      [undefined, "bad-reply"],
    ],
  );
  assert.match(problems[0].message, /totalBytes/);
});

test("bytes: of signatures that wait until all is spent, each place says once that it was not read", async () => {
  const image = new HeldImage();
  image.signByTag(...Array(20).fill(other.privateKey));
  const [[blob = ""] = []] = [...image.replies].filter(([path]) => path.startsWith("blobs/"));
  image.list(image.bundle(key.privateKey));
  // What is listed is read among the first blobs, and its signature waits for its turn behind all others.
  delay(image, (path) => (path.startsWith("blobs/") ? 30 : 1));
  const sizeOf = (/** @type {string} */ path) => image.replies.get(path)?.body?.length ?? 0;
  const manifests = [...image.replies.keys()].filter((path) => !path.startsWith("blobs/"));
  const totalBytes = manifests.reduce((sum, path) => sum + sizeOf(path), 0) + 9.5 * sizeOf(blob);
  const { state, problems, signatures } = await verify(image, { totalBytes: Math.floor(totalBytes) });
  assert.equal(state, "unreachable");
  assert.deepEqual(
    problems.map(({ from, message }) => [from, /: Reading(.*?)[:s]/.exec(message)?.[1]?.slice(0, 9)]),
    [
      ["tag", ""],
      ["referrers", ""],
      [undefined, " the blob"],
    ],
  );
  assert.ok(signatures.length < 20, "what was not looked at is not listed");
});

test("signatures in hand: in the order of the manifests, eight blobs at a time, and the first error is thrown", async () => {
  const image = new HeldImage();
  const layers = image.signByTag(...Array.from({ length: 30 }, (_, at) => (at % 3 ? key : other).privateKey));
  const manifest = layers.map((layer) => manifestOf(layer));
  let [underWay, most] = [0, 0];
  const blob = async (/** @type {string} */ digest) => {
    most = Math.max(most, ++underWay);
    const at = layers.findIndex((layer) => layer.digest === digest);
    for (let turns = 40 - at; turns > 0; turns--) await turn();
    underWay -= 1;
    return new Uint8Array(Buffer.from(image.replies.get(`blobs/${digest}`)?.body ?? ""));
  };
  const about = { reference: image.reference, publicKey: key.pem, manifest };
  const { signatures } = await verifySignatures({ ...about, blob });
  assert.deepEqual(
    signatures.map((it) => [it.blob, it.verified]),
    layers.map(({ digest }, at) => [digest, at % 3 > 0]),
  );
  assert.equal(most, 8);
  /** @type {string[]} */
  const asked = [];
  const failing = async (/** @type {string} */ digest) => {
    asked.push(digest);
    await blob(digest);
    throw new Error(digest);
  };
  await assert.rejects(verifySignatures({ ...about, blob: failing }), { message: layers[0].digest });
  assert.equal(asked.length, 8, "no other begins");
});
