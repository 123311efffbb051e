// Nothing at the destination is overwritten, and with keys, only what they signed is copied.
import assert from "node:assert/strict";
import { test } from "node:test";
import { copyImage, verifyImage } from "ocisign";
import { indexType, key, other, repositoryAt, signAt, tagFor, wholeImage } from "../support/copying.js";
import { referringRegistry } from "../support/referring-registry.js";

const source = { url: "https://from.example/", domain: "from.example" };
const target = { url: "https://to.example/", domain: "to.example" };

/** Two registries, and an image in one of them. */
async function world(how = {}) {
  const [here, there] = [referringRegistry(how.here), referringRegistry(how.there)];
  const from = repositoryAt({ ...source, fetch: here.fetch }, "app");
  const to = repositoryAt({ ...target, fetch: there.fetch }, "app");
  const made = await wholeImage(from, { registry: { fetch: here.fetch } });
  const reach = { from: { fetch: here.fetch }, to: { fetch: there.fetch } };
  const image = `${from.name}@${made.index.digest}`;
  const copy = (destination = to.name, options = {}) =>
    copyImage(image, destination, { ...reach, ...options });
  const asked = { registry: { fetch: there.fetch }, signedAs: { "to.example": "from.example" } };
  const verify = (by = key) =>
    verifyImage(`${to.name}@${made.index.digest}`, { publicKey: by.pem, ...asked });
  return { here, there, from, to, made, image, copy, verify, reach };
}
const of = ({ manifests }, role) => manifests.filter((one) => one.role === role);

test("signatures that are there stay, and those of the source are added, once", async () => {
  const { to, made, copy, verify, there, from } = await world();
  // The same image is at the destination, signed by another key, as if somebody had copied and signed it.
  await copy();
  const tag = tagFor(made.index.digest);
  const path = `/v2/app/manifests/${tag}`;
  const own = there.json(path);
  there.held.delete(path);
  await signAt(to, made.index.digest, other, { fetch: there.fetch }, "simple-signing");
  const othersLayer = there.json(path).layers[0];
  const merged = of(await copy(), "signatures").find((one) => one.tag === tag);
  assert.equal(merged.state, "merged");
  assert.match(merged.reason, /^1 added to the 1 that are there$/);
  assert.deepEqual(there.json(path).layers, [othersLayer, ...own.layers]);
  assert.equal((await verify()).state, "verified");
  const before = there.writes().length;
  assert.equal(of(await copy(), "signatures").find((one) => one.tag === tag).state, "there");
  const writes = there
    .writes()
    .slice(before)
    .filter(({ method }) => method !== "HEAD");
  assert.deepEqual(writes, [], "added once");
  assert.ok(from);
});

test("what is no signature is not merged: the rest is copied, and the conflict is told", async () => {
  for (const [kind, name] of /** @type {["att" | "sbom" | "sig", "amd" | "index"][]} */ ([
    ["att", "amd"],
    ["sbom", "index"],
    ["sig", "index"],
  ])) {
    const { to, made, copy, there } = await world();
    const tag = tagFor(made[name].digest, kind);
    await to.image("another", [Buffer.from(kind)], {}, tag);
    const before = there.held.get(`/v2/app/manifests/${tag}`);
    const copied = await copy(`${to.name}:1.2`);
    assert.equal(copied.state, "conflict", kind);
    const [conflict, ...more] = copied.manifests.filter(({ state }) => state === "conflict");
    assert.deepEqual([conflict?.tag, more.length], [tag, 0]);
    assert.match(String(conflict?.reason), /not overwritten/);
    assert.equal(there.held.get(`/v2/app/manifests/${tag}`), before);
    assert.ok(there.held.has("/v2/app/manifests/1.2"));
  }
});

test("a tag of the destination that names another image ends it before anything is sent", async () => {
  const { to, copy, there } = await world();
  await to.image("another", [Buffer.from("x")], {}, "1.2");
  const before = there.writes().length;
  for (const dryRun of [true, false]) {
    await assert.rejects(copy(`${to.name}:1.2`, { dryRun }), {
      code: "conflict",
      message: /names another image/,
    });
  }
  assert.equal(there.writes().length, before);
});

test("a tag that somebody sets while the copy is under way is not overwritten either", async () => {
  let isSet = false;
  const { to, copy, there } = await world({
    there: {
      before: async ({ method, path }) => {
        if (isSet || method !== "PUT" || !path.includes("/manifests/sha256:")) return undefined;
        isSet = true;
        await to.image("another", [Buffer.from("x")], {}, "1.2");
        return undefined;
      },
    },
  });
  await assert.rejects(copy(`${to.name}:1.2`), { code: "conflict" });
  assert.equal(there.json("/v2/app/manifests/1.2").schemaVersion, 2);
});

test("with keys, an image that they did not sign is not copied at all", async () => {
  const { copy, there } = await world();
  const before = there.writes().length;
  const { state, verification, manifests } = await copy(undefined, { keys: { publicKey: other.pem } });
  assert.deepEqual([state, verification?.state, manifests.length], ["not-verified", "invalid", 0]);
  assert.equal(there.writes().length, before);
});

test("with keys, only signatures that hold are copied, and all else is named", async () => {
  const { from, here, made, copy, verify, there } = await world();
  const registry = { fetch: here.fetch };
  await signAt(from, made.index.digest, other, registry);
  await signAt(from, made.amd.digest, other, registry, "simple-signing");
  const copied = await copy(undefined, { keys: { publicKey: key.pem } });
  assert.equal(copied.state, "copied");
  assert.equal(copied.verification?.state, "verified");
  const layers = there.json(`/v2/app/manifests/${tagFor(made.index.digest)}`).layers;
  assert.equal(layers.length, 1, "of two signatures, the one that holds");
  assert.ok(!there.held.has(`/v2/app/manifests/${tagFor(made.amd.digest)}`), "none of another key alone");
  const left = copied.manifests.filter(({ state }) => state === "left").map(({ role }) => role);
  assert.deepEqual(left.toSorted(), ["attestations", "referrer", "sbom", "signatures", "signatures"]);
  assert.equal((await verify()).state, "verified");
  assert.equal((await verify(other)).state, "invalid", "nothing of the other key is there");
});

test("with keys, nothing comes along beside a signature that holds", async () => {
  const { from, here, made, copy, there, verify } = await world();
  const evil = await from.blob(Buffer.from('{"spdxVersion":"evil"}'));
  const bill = { mediaType: "text/spdx+json", ...evil };
  const bundle = (await here.fetch(`https://from.example/v2/app/referrers/${made.index.digest}`, {})).json();
  const [{ digest }] = (await bundle).manifests;
  const good = JSON.parse(String((await from.read(digest)).bytes));
  const smuggled = [
    await from.manifest({ ...good, layers: [...good.layers, bill] }),
    await from.manifest({ ...good, config: { ...bill, artifactType: "x" } }),
    await from.manifest({ ...good, blobs: [bill] }),
  ];
  const tag = tagFor(made.index.digest);
  const signatures = JSON.parse(String((await from.read(tag)).bytes));
  await from.manifest({ ...signatures, blobs: [bill] }, tag);
  const copied = await copy(undefined, { keys: { publicKey: key.pem } });
  for (const one of smuggled) {
    const { state, reason } =
      copied.manifests.find((it) => it.digest === one.digest) ?? assert.fail(one.digest);
    assert.deepEqual([state, reason], ["left", "It holds more than signatures, which nobody signed."]);
  }
  assert.ok(!there.held.has(`/v2/app/blobs/${evil.digest}`));
  assert.deepEqual(there.json(`/v2/app/manifests/${tag}`).layers, signatures.layers);
  assert.equal(there.json(`/v2/app/manifests/${tag}`).blobs, undefined);
  assert.equal((await verify()).state, "verified");
  await from.manifest({ ...signatures, config: bill }, tag);
  const without = of(await copy("to.example/other", { keys: { publicKey: key.pem } }), "signatures");
  assert.ok(without.some((one) => one.tag === tag && one.state === "left" && /config/.test(one.reason)));
});

test("with keys, a signature that cannot be read any more is not left behind in silence", async () => {
  const { here, made, to, from, there } = await world();
  for (const format of ["simple-signing", "bundle"]) {
    const isBundle = format === "bundle";
    const image = (await from.image(format, [Buffer.from(format)])).digest;
    const registry = { fetch: here.fetch };
    await signAt(from, image, key, registry, format);
    let isRead = false;
    /** @type {any} */
    const failing = async (/** @type {string} */ url, /** @type {any} */ init) => {
      const reply = await here.fetch(url, init);
      const body = url.includes("/blobs/") ? Buffer.from(await reply.clone().arrayBuffer()).toString() : "";
      const isSignature = isBundle ? body.includes("dsseEnvelope") : body.includes("docker-manifest-digest");
      if (!isSignature || !isRead) isRead ||= isSignature;
      else return new Response("", { status: 403 });
      return reply;
    };
    const options = { keys: { publicKey: key.pem }, from: { fetch: failing }, to: { fetch: there.fetch } };
    const copied = copyImage(`${from.name}@${image}`, `${to.name}:${format}`, options);
    await assert.rejects(copied, { code: "forbidden" }, format);
    assert.ok(
      !there.held.has(`/v2/app/manifests/${format}`),
      "nothing leads to an image without its signature",
    );
  }
  assert.ok(made);
});

test("another writer who had looked before the copy wrote loses nothing, and neither does the copy", async () => {
  for (const kind of /** @type {const} */ (["sig", "att"])) {
    /** @type {{ bytes: Buffer, type: string } | undefined} */
    let others;
    let path = "";
    const whole = await world({
      there: {
        after: (one, reply) => {
          // As if the other one's manifest came right after ours.
          if (one.method === "PUT" && one.path === path && others) {
            whole.there.held.set(one.path, others);
            others = undefined;
          }
          return reply;
        },
      },
    });
    const { from, here, made, copy, there } = whole;
    const tag = kind === "sig" ? tagFor(made.index.digest) : tagFor(made.amd.digest, "att");
    path = `/v2/app/manifests/${tag}`;
    const own = here.json(path);
    await signAt(from, made.index.digest, other, { fetch: here.fetch }, "simple-signing");
    const both = here.json(`/v2/app/manifests/${tagFor(made.index.digest)}`);
    const theirs =
      kind === "sig" ? { ...own, layers: both.layers.slice(1) } : { ...own, annotations: { their: "own" } };
    here.held.set(path, { bytes: Buffer.from(JSON.stringify(own)), type: own.mediaType });
    others = { bytes: Buffer.from(JSON.stringify(theirs)), type: own.mediaType };
    const { state, manifests } = await copy();
    const came = manifests.find((one) => one.tag === tag);
    if (kind === "sig") {
      assert.deepEqual([state, came?.state], ["copied", "merged"]);
      assert.deepEqual(there.json(path).layers, [...theirs.layers, ...own.layers]);
    } else {
      assert.deepEqual([state, came?.state], ["conflict", "conflict"]);
      assert.deepEqual(there.json(path), theirs);
    }
  }
});

test("a referrer without a subject is listed under the fallback tag", async () => {
  const { from, here, made, copy, there } = await world();
  const listed = await from.image("old", [Buffer.from("old")]);
  const tag = made.index.digest.replace(":", "-");
  here.tag("app", tag, {
    schemaVersion: 2,
    mediaType: indexType,
    manifests: [{ ...listed, artifactType: "a/b" }],
  });
  const copied = await copy();
  assert.equal(of(copied, "referrer").length, 2);
  const { manifests } = there.json(`/v2/app/manifests/${tag}`);
  assert.deepEqual(
    manifests.map(({ digest }) => digest),
    [listed.digest],
  );
  await copy();
  assert.equal(there.json(`/v2/app/manifests/${tag}`).manifests.length, 1, "added once");
});
