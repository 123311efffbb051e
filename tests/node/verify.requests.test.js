// What an image costs its registry: how many requests, and how many of them wait for another one's reply.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage } from "ocisign";
import { HeldImage } from "../support/held-images.js";
import { keyPair, manifestOf, simpleLayer } from "../support/signatures.js";

const key = keyPair("P-256");
const other = keyPair("P-256");

/** @param {HeldImage} image @param {object} [registry] @param {object} [options] */
const verify = (image, registry = {}, options = {}) =>
  verifyImage(image.reference, {
    publicKey: key.pem,
    ...options,
    registry: { fetch: image.fetch, ...registry },
  });

test("a signature under the tag: five requests in two rounds", async () => {
  const image = new HeldImage();
  image.signByTag(key.privateKey);
  assert.equal((await verify(image)).state, "verified");
  assert.deepEqual(image.rounds, [4, 1]);
  const [first, second, third, fourth] = image.asked.map(({ path }) => path);
  assert.deepEqual([first, second, third, fourth], [image.image, image.tag, image.referrers, image.fallback]);
});

test("a bundle that is listed: six requests in three rounds, by either list", async () => {
  for (const list of /** @type {const} */ (["list", "listByTag"])) {
    const image = new HeldImage();
    image[list](image.bundle(key.privateKey));
    assert.equal((await verify(image)).state, "verified");
    assert.deepEqual(image.rounds, [4, 1, 1]);
  }
});

test("what stands in both lists is read once, and both name it in one round", async () => {
  const image = new HeldImage();
  const [both, late] = [image.bundle(key.privateKey), image.bundle(other.privateKey)];
  image.list(both);
  image.listByTag(both, late);
  const { state, signatures } = await verify(image);
  assert.equal(state, "verified");
  assert.deepEqual(
    signatures.map(({ from, verified }) => [from, verified]),
    [
      [["referrers"], true],
      [["fallback-tag"], false],
    ],
  );
  assert.deepEqual(image.rounds, [4, 2, 2]);
});

test("no signature: five requests in two rounds, the last for attestations", async () => {
  const image = new HeldImage();
  assert.equal((await verify(image)).state, "unsigned");
  assert.deepEqual(image.rounds, [4, 1]);
  assert.match(image.asked[4].path, /\.att$/);
});

test("many signatures are judged eight at a time", async () => {
  const image = new HeldImage();
  image.signByTag(...Array(20).fill(key.privateKey));
  const { signatures } = await verify(image);
  assert.equal(signatures.filter(({ verified }) => verified).length, 20);
  assert.equal(image.asked.length, 24);
  assert.equal(image.mostBlobs, 8);
  const listed = new HeldImage();
  listed.list(...Array.from({ length: 20 }, () => listed.bundle(keyPair("P-256").privateKey)));
  assert.equal((await verify(listed)).signatures.length, 20);
  assert.equal(listed.asked.length, 44);
  assert.ok(listed.mostBlobs <= 8, `${listed.mostBlobs}`);
});

test("a payload that two keys signed is read once", async () => {
  const image = new HeldImage();
  const [layer] = image.signByTag(key.privateKey);
  const bytes = image.replies.get(`blobs/${layer.digest}`)?.body;
  image.hold(image.tag, manifestOf(layer, simpleLayer(other.privateKey, Buffer.from(bytes ?? ""))));
  const keys = { publicKey: undefined, keys: [key.pem, other.pem], threshold: 2 };
  assert.equal((await verify(image, {}, keys)).state, "verified");
  assert.deepEqual(image.rounds, [4, 1]);
});

test("the manifests of an index are verified three at a time, in its order", async () => {
  const images = Array.from({ length: 6 }, (_, at) => new HeldImage(`platform ${at}`));
  for (const [at, image] of images.entries()) image.signByTag((at === 4 ? other : key).privateKey);
  const index = new HeldImage("", ...images);
  index.signByTag(key.privateKey);
  const { state, manifests = [] } = await verify(index, {}, { recursive: true });
  assert.equal(state, "invalid");
  assert.deepEqual(
    manifests.map(({ digest, state: own }) => [digest, own]),
    images.map(({ digest }, at) => [digest, at === 4 ? "invalid" : "verified"]),
  );
  assert.equal(index.asked.length, 5 * 7);
  assert.deepEqual(index.rounds.slice(0, 3), [4, 1, 12]);
});

const realm = "https://tokens.example/token";
const bearer = { "www-authenticate": `Bearer realm="${realm}",service="s",scope="repository:team/app:pull"` };
const url = (/** @type {string} */ host) => `https://${host}.example/`;

/** Wants a token, of which there may be only one at a time. @param {HeldImage} image @param {string} at */
function withTokens(image, at) {
  let tokens = 0;
  image.instead = ({ path, authorization }) => {
    if (path.startsWith(realm)) {
      tokens += 1;
      const headers = { "content-type": "application/json" };
      return { status: 200, body: JSON.stringify({ token: `t${tokens}` }), headers };
    }
    if (authorization === "Bearer t1") return image.replies.get(path.replace(`${at}v2/team/app/`, ""));
    return { status: 401, headers: bearer };
  };
  return () => tokens;
}

test("four refusals at once end in one sign-in", async () => {
  const [image, at] = [new HeldImage(), url("first")];
  image.signByTag(key.privateKey);
  const tokens = withTokens(image, at);
  assert.equal((await verify(image, { url: at })).state, "verified");
  assert.equal(tokens(), 1);
  assert.deepEqual(image.rounds, [4, 1, 4, 1]);
});

test("once a registry wanted it, the next image signs in before it asks for more: seven requests", async () => {
  const at = url("second");
  for (const rounds of [
    [4, 1, 4, 1],
    [1, 1, 4, 1],
  ]) {
    const image = new HeldImage();
    image.signByTag(key.privateKey);
    const tokens = withTokens(image, at);
    assert.equal((await verify(image, { url: at })).state, "verified");
    assert.deepEqual([tokens(), image.rounds], [1, rounds]);
  }
});

test("a password is sent once it is asked for, without a token service", async () => {
  const [image, at] = [new HeldImage(), url("third")];
  image.signByTag(key.privateKey);
  image.instead = ({ path, authorization }) =>
    authorization
      ? image.replies.get(path.replace(`${at}v2/team/app/`, ""))
      : { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } };
  const user = { username: "robot", password: "secret" };
  assert.equal((await verify(image, { url: at, ...user })).state, "verified");
  assert.deepEqual(image.rounds, [4, 4, 1]);
});

test("a token service that refuses is asked once, and each place tells it as its own", async () => {
  const [image, at] = [new HeldImage(), url("fourth")];
  let tokens = 0;
  image.instead = ({ path }) => {
    if (!path.startsWith(realm)) return { status: 401, headers: bearer };
    tokens += 1;
    return { status: 403 };
  };
  const { state, problems } = await verify(image, { url: at });
  assert.deepEqual([state, tokens], ["unreachable", 1]);
  assert.deepEqual(
    problems.map(({ from, code }) => [from, code]),
    ["image", "tag", "referrers", "fallback-tag"].map((from) => [from, "forbidden"]),
  );
  assert.equal(new Set(problems.map(({ message }) => message.split(": ")[1])).size, 4);
});

test("a token service that does not answer, too", async () => {
  const [image, at] = [new HeldImage(), url("fifth")];
  let tokens = 0;
  image.instead = ({ path }) => {
    if (!path.startsWith(realm)) return { status: 401, headers: bearer };
    tokens += 1;
    throw new Error("the line is dead");
  };
  const { state, problems } = await verify(image, { url: at });
  assert.deepEqual([state, tokens], ["unreachable", 1]);
  for (const { message, code } of problems) {
    assert.match(
      message,
      /^registry\.example: (Reading|Listing)[^:]*sha256.[^:]*: no answer: the line is dead/,
    );
    assert.equal(code, "network");
  }
  assert.equal(problems.length, 4);
});
