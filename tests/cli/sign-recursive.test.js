// `ocisign sign INDEX --recursive`: one request for the index and for each image in it, in one batch; and again after a
// stop.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { digestOf } from "../../demo/registry.js";
import { cliSandbox, documentOf } from "../support/cli.js";

const indexType = "application/vnd.oci.image.index.v1+json";
const imageType = "application/vnd.oci.image.manifest.v1+json";
const repository = "team/app";

let at, pem, env;
before(async () => {
  at = await cliSandbox("sign-recursive");
  const { username, password } = at.sandbox.registry;
  env = { OCISIGN_REGISTRY_USERNAME: username ?? "", OCISIGN_REGISTRY_PASSWORD: password ?? "" };
  const key = await at.ocisign(["key", "-P", "automatic"]);
  pem = at.file("ocisign.pem", key.stdout);
});
after(() => at?.close());

/** An index of these manifests, under a tag. @param {string} tag @param {object[]} manifests */
async function pushIndex(tag, ...manifests) {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }));
  await at.registry.pushManifest(repository, tag, bytes, indexType);
  return digestOf(bytes);
}

/** @param {string} text @param {object} [more] */
async function platform(text, more = {}) {
  const digest = await pushImage(at.registry, repository, text);
  const { length } = await at.registry.manifest(repository, digest);
  return { mediaType: imageType, digest, size: length, ...more };
}

const attestation = {
  platform: { os: "unknown", architecture: "unknown" },
  annotations: { "vnd.docker.reference.type": "attestation-manifest" },
};
const name = (digest) => `${at.sandbox.registry.domain}/${repository}@${digest}`;
const run = (...args) => at.ocisign(["sign", ...args], { env });
const batchOf = ({ payload }) => payload.metadata.find((entry) => entry.name === "ocisign-batch")?.value;

test("the index, its images, those of an index within, and attestations: all of them, once", async () => {
  const [amd, arm, deep, note] = await Promise.all([
    ...["amd64", "arm64", "deep"].map((text) => platform(text)),
    platform("attestation", attestation),
  ]);
  const within = await pushIndex("within", deep, arm);
  const whole = await pushIndex("1.0", amd, arm, note, { mediaType: indexType, digest: within, size: 1 });
  const all = [whole, within, ...[amd, arm, deep, note].map(({ digest }) => digest)];

  const done = await run(name(whole), "--recursive", "-P", "automatic", "--wait", "--json");
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stderr, /lists 5 manifests\./);
  const { batch, counts, requested } = documentOf(done);
  assert.equal(counts.signed, 6);
  assert.deepEqual(requested.map(({ reference }) => reference).toSorted(), all.map(name).toSorted());
  const made = (await at.as("requester").signings()).filter((signing) => batchOf(signing) === batch);
  assert.equal(made.length, 6, "one request each, in one batch");

  const verified = await at.ocisign(["verify", name(whole), "--key", pem, "--recursive", "--json"], { env });
  assert.equal(verified.code, 0, verified.stderr);
  assert.equal(documentOf(verified).state, "verified");

  const again = await run(name(whole), "--recursive", "-P", "automatic", "--wait", "--json");
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual([documentOf(again).counts.skipped, documentOf(again).counts.signed], [6, 0]);
});

test("what waits already is taken up, whatever stopped the first run", async () => {
  const [one, two] = [await platform("one"), await platform("two")];
  const whole = await pushIndex("2.0", one, two);
  const words = [name(whole), "--recursive", "-P", at.product.id, "--wait"];
  const first = at.start(["sign", ...words], { env });
  await first.says(new RegExp(`requested .*${two.digest}`), "stderr");
  first.child.kill("SIGINT");
  const { code, stderr } = await first.ended;
  assert.equal(code, 130);
  assert.match(stderr, new RegExp(`ocisign sign ${name(whole)} --recursive .*--batch \\S+ --wait`));
  const requests = async () =>
    (await at.as("requester").signings()).filter(({ state }) => state === "waiting").length;
  assert.equal(await requests(), 3);
  const second = at.start(["sign", ...words], { env });
  await second.says(/requested before|requested .*/, "stderr");
  assert.equal(await requests(), 3, "none is made twice");
  second.child.kill("SIGKILL");
  await second.ended;
});

test("a tag is agreed to by its digest, and an image that is no index is signed alone", async () => {
  const tagged = name("sha256:0").replace(/@.*/, ":1.0");
  const mute = await run(tagged, "--recursive", "-P", "automatic");
  assert.equal(mute.code, 2);
  assert.match(mute.stderr, /Nothing was requested/);
  const alone = await run(at.image, "--recursive", "-P", "automatic", "--wait", "--json");
  assert.equal(alone.code, 0, alone.stderr);
  assert.match(alone.stderr, /is no index/);
  assert.equal(documentOf(alone).counts.signed, 1);
});

test("an index that lists what is not there is refused before anything is requested", async () => {
  const before = (await at.as("admin").signings()).length;
  const gone = { mediaType: imageType, digest: `sha256:${"7".repeat(64)}`, size: 1 };
  const whole = await pushIndex("3.0", await platform("there"), gone).catch(() => undefined);
  // A registry may refuse such an index itself.
  if (whole === undefined) return;
  const { code, stderr } = await run(name(whole), "--recursive", "-P", "automatic");
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`does not hold the image ${gone.digest}`));
  assert.equal((await at.as("admin").signings()).length, before);
});

test("what does not go together is said", async () => {
  /** @type {[string[], RegExp][]} */
  const wrong = [
    [[at.image, "--recursive", "--verify"], /--verify cannot be combined with --recursive/],
    [["--from-file", "images.txt", "--recursive"], /--recursive is about one image/],
  ];
  for (const [args, said] of wrong) {
    const { code, stderr } = await run(...args, "-P", "automatic");
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
});
