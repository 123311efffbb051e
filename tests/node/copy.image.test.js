// An image and all that is beside it, copied between real registries, and into one that lists referrers by itself.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { copyImage, verifyImage } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { key, repositoryAt, tagFor, wholeImage } from "../support/copying.js";
import { openDockerRegistry } from "../support/docker-registry.js";
import { referringRegistry } from "../support/referring-registry.js";

/** More than is kept of a blob at a time, and no multiple of it. */
const large = randomBytes(20 * 1024 * 1024 + 17);

let one, two, from, made, reference;
before(async () => {
  [one, two] = await Promise.all([openDockerRegistry(), openDockerRegistry()]);
  from = repositoryAt(one, "team/app");
  made = await wholeImage(from, { large });
  reference = `${from.name}@${made.index.digest}`;
});
after(async () => {
  await one?.close();
  await two?.close();
});

/** What a copy says of each manifest: role, and what came of it. */
const states = ({ manifests }) => manifests.map(({ role, state }) => `${role} ${state}`).toSorted();
const allAs = (state) =>
  ["attestations", "image", "image", "index", "referrer", "sbom", "signatures", "signatures"].map(
    (role) => `${role} ${state}`,
  );

test("everything arrives, as it was, and is verified there by the name that was signed", async () => {
  const to = repositoryAt(two, "mirror/app");
  const seen = [];
  const copied = await copyImage(reference, `${to.name}:1.2`, {
    onProgress: (progress) => seen.push(progress),
  });
  assert.equal(copied.state, "copied");
  assert.deepEqual(states(copied), allAs("sent"));
  assert.deepEqual(
    [copied.source, copied.destination, copied.tag],
    [reference, `${to.name}@${made.index.digest}`, "1.2"],
  );
  const last = seen.at(-1);
  assert.deepEqual([last.done, last.doneBytes], [last.total, last.totalBytes]);

  const { amd, arm, index, sbom, att } = made;
  const tags = [
    "1.2",
    tagFor(index.digest, "sbom"),
    tagFor(amd.digest, "att"),
    tagFor(index.digest),
    tagFor(arm.digest),
  ];
  for (const name of [amd.digest, arm.digest, index.digest, sbom.digest, att.digest, ...tags]) {
    const [there, here] = await Promise.all([to.read(name), from.read(name === "1.2" ? "1.0" : name)]);
    assert.equal(there.status, 200, name);
    assert.deepEqual(there.bytes, here.bytes, name);
  }
  const blob = await to.read(digestOf(large), "blobs");
  assert.ok(blob.bytes.equals(large));

  const asked = { publicKey: key.pem, signedAs: { [to.name]: from.name } };
  const { state, signatures, reason } = await verifyImage(`${to.name}@${index.digest}`, asked);
  assert.equal(state, "verified", reason);
  assert.deepEqual(signatures.map(({ format, from: [place] }) => `${format} ${place}`).toSorted(), [
    "bundle fallback-tag",
    "simple-signing tag",
  ]);
  assert.equal((await verifyImage(`${to.name}@${arm.digest}`, asked)).state, "verified");
});

test("what is there is not sent again, and a copy of a copy goes on where the first one ended", async () => {
  const to = repositoryAt(two, "mirror/twice");
  await copyImage(reference, to.name);
  const again = await copyImage(reference, `${to.name}:late`);
  assert.deepEqual(states(again), allAs("there"));
  assert.deepEqual([again.blobs.sent.count, again.state], [0, "copied"]);
  assert.deepEqual(
    (await to.read("late")).bytes,
    (await from.read("1.0")).bytes,
    "the tag alone was missing",
  );
});

test("within one registry, blobs are taken over by the registry itself", async () => {
  const { blobs, state } = await copyImage(reference, `${one.domain}/team/moved:1.0`);
  assert.equal(state, "copied");
  assert.equal(blobs.sent.count, 0);
  assert.ok(blobs.mounted.bytes > large.length);
  const to = repositoryAt(one, "team/moved");
  assert.ok((await to.read(digestOf(large), "blobs")).bytes.equals(large));
});

test("a dry run tells what would be sent, and sends nothing", async () => {
  const to = repositoryAt(two, "mirror/dry");
  const planned = await copyImage(reference, `${to.name}:1.2`, { dryRun: true });
  assert.equal(planned.state, "planned");
  assert.deepEqual(states(planned), allAs("sent"));
  assert.ok(planned.blobs.sent.bytes > large.length);
  for (const name of ["1.2", made.index.digest, made.amd.digest]) {
    assert.equal((await to.read(name)).status, 404);
  }
  assert.equal((await to.read(digestOf(large), "blobs")).status, 404);
  const done = await copyImage(reference, `${to.name}:1.2`);
  assert.deepEqual(done.blobs, planned.blobs, "what was planned was done");
});

test("a registry that lists referrers needs no fallback tag, and one that takes no chunks gets blobs whole", async () => {
  const registry = referringRegistry();
  const copied = await copyImage(reference, "lists.example/app:1.2", { to: { fetch: registry.fetch } });
  assert.equal(copied.state, "copied");
  const held = [...registry.held.keys()];
  assert.ok(!held.includes(`/v2/app/manifests/${made.index.digest.replace(":", "-")}`));
  assert.ok(registry.held.get(`/v2/app/blobs/${digestOf(large)}`)?.bytes.equals(large));
  const puts = registry.asked.filter(({ method, path }) => method === "PUT" && path.includes("/manifests/"));
  assert.equal(puts.at(-1)?.path, "/v2/app/manifests/1.2", "who finds the tag finds the signatures");
  const back = await copyImage(`lists.example/app@${made.index.digest}`, `${two.domain}/mirror/back`, {
    from: { fetch: registry.fetch },
  });
  assert.deepEqual(states(back), allAs("sent"), "what only a list of referrers names is found there");
});

test("a single image is copied alone, with what is beside it", async () => {
  const { state, manifests } = await copyImage(`${from.name}@${made.arm.digest}`, `${two.domain}/mirror/arm`);
  assert.equal(state, "copied");
  assert.deepEqual(
    manifests.map(({ role }) => role),
    ["image", "signatures"],
  );
});
