// `ocisign diff`: what differs between two images, as text, as JSON, and as an exit code.
import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import tar from "tar-stream";
import { bytesOf, descriptorOf, hold, holdIndex, inFake, repository, types } from "../support/changing.js";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { importLibrary } from "../support/source.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {ReturnType<typeof shellIn>} */
let shell;
before(async () => {
  registry = await fakeRegistry();
  shell = shellIn("diff");
});
after(() => {
  registry?.close();
  shell?.remove();
});

const image = (/** @type {import("../support/changing.js").Made} */ made) => hold(inFake(registry), made);
/** @param {Parameters<typeof image>[0]} old @param {Parameters<typeof image>[0]} now @param {string[]} args */
async function diff(old, now, ...args) {
  const images = [await image(old), await image(now)];
  return shell.ocisign(["diff", images[0].reference, images[1].reference, ...args]);
}

test("exit codes: the same image, another one, one that differs in something notable, one that is not there", async () => {
  const one = { layers: ["a", "b"], config: { User: "app" } };
  const same = await diff(one, one);
  assert.deepEqual([same.code, same.stderr.includes("rror")], [0, false], same.stderr);
  assert.match(same.stdout, /the same image/);
  assert.equal((await diff(one, { ...one, layers: ["a", "c"] })).code, 6);
  const root = await diff(one, { ...one, config: {} });
  assert.equal(root.code, 7, root.stderr);
  assert.match(root.stdout, /^Notable:\n {2}! .*root/m);
  // What could not be read is notable, too.
  assert.equal((await diff(one, { ...one, config: { Cmd: "x" } })).code, 7);
  const { reference } = await image(one);
  const gone = await shell.ocisign(["diff", reference, reference.replace(/.{64}$/, "0".repeat(64))]);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /does not hold the image/);
});

test("the words are the page's: the line, what is notable, each part with both sides", async () => {
  const old = {
    layers: ["a", "b"],
    config: { Entrypoint: ["/app"], Env: ["A=1", "MY_TOKEN=hunter2-one"], User: "app" },
  };
  const now = {
    layers: ["a", "c", "d"],
    config: {
      ...{ Entrypoint: ["/other"], Env: ["A=2", "MY_TOKEN=hunter2-two"], User: "app" },
      ExposedPorts: { "8080/tcp": {} },
    },
  };
  const told = await diff(old, now);
  assert.equal(told.code, 7, told.stderr);
  /** @type {typeof import("../../pkg/src/shown/changes.ts")} */
  const { changesView } = await importLibrary(["pkg/src/shown/changes.ts"]);
  const { compareImages } = await import("ocisign");
  const images = [await image(old), await image(now)];
  const view = changesView(await compareImages(images[0].reference, images[1].reference));
  const lines = told.stdout.split("\n");
  assert.equal(lines[0], `${images[0].reference} -> ${images[1].reference}`);
  assert.equal(lines[1], view.summary);
  for (const { text } of view.notable) assert.ok(told.stdout.includes(`! ${text}`), text);
  assert.match(told.stdout, /changed A: 1 -> 2/);
  assert.match(told.stdout, /^ {4}added 8080\/tcp$/m);
  assert.match(told.stdout, /^ {4}new sha256:[0-9a-f]{64}, 1 byte$/m);
  assert.match(told.stdout, /\/app.* -> .*\/other/);
  assert.ok(!told.stdout.includes("hunter2"));
});

test("as JSON: the data as the library gives it, with errors in words", async () => {
  const told = await diff({ config: { User: "app" } }, { config: { User: "root", Cmd: 7 } }, "--json");
  assert.equal(told.code, 7);
  const { identical, platforms, notable } = documentOf(told);
  assert.equal(identical, false);
  assert.deepEqual(
    notable.map((/** @type {any} */ { code }) => code),
    ["unreadable", "user-root"],
  );
  const { user, command } = platforms[0].value;
  assert.deepEqual(user, { state: "changed", before: "app", after: "root" });
  assert.equal(command.state, "unknown");
  assert.match(command.error.message, /config\.config\.Cmd is not a list/);
  assert.deepEqual(Object.keys(command.error), ["code", "message", "fix"]);
});

test("foreign text cannot write lines of its own, or colours", async () => {
  const evil = "x\n  ! nothing is notable\u001b[32m\u202egood";
  const told = await diff(
    {},
    { config: { Entrypoint: [evil], Labels: { [evil]: evil }, Env: [`${evil}=${evil}`] } },
  );
  assert.equal(told.code, 7);
  for (const sign of ["\u001b", "\u202e"]) assert.ok(!told.stdout.includes(sign));
  assert.equal(told.stdout.split("\n").filter((line) => line.startsWith("  ! ")).length, 1);
});

test("platforms of an index, all or some", async () => {
  const of = async (/** @type {string} */ layer) => {
    const images = ["linux/amd64", "linux/arm64"].map(async (name) => {
      return [name, await image({ layers: ["a", layer], outer: { architecture: name.slice(6) } })];
    });
    return holdIndex(inFake(registry), Object.fromEntries(await Promise.all(images)));
  };
  const [old, now] = [await of("b"), await of("c")];
  const all = await shell.ocisign(["diff", old.reference, now.reference]);
  assert.equal(all.code, 6, all.stdout + all.stderr);
  assert.match(all.stdout, /^linux\/amd64: /m);
  const some = await shell.ocisign([
    "diff",
    old.reference,
    now.reference,
    "--platform",
    "linux/arm64",
    "--json",
  ]);
  assert.deepEqual(
    documentOf(some).platforms.map((/** @type {any} */ { platform }) => platform.architecture),
    ["arm64"],
  );
});

test("--files reads the layers that differ", async () => {
  const layer = async (/** @type {string} */ name, mode = 0o644) => {
    const pack = tar.pack();
    pack.entry({ name, mode, mtime: new Date(0) }, "text");
    pack.finalize();
    const bytes = gzipSync(await buffer(pack));
    registry.blob(repository, bytes);
    return descriptorOf(bytes, types.layer);
  };
  const [old, now] = [{ layers: [await layer("a")] }, { layers: [await layer("usr/bin/su", 0o4755)] }];
  const brief = await diff(old, now);
  assert.ok(!brief.stdout.includes("usr/bin/su"));
  const told = await diff(old, now, "--files");
  assert.equal(told.code, 7, told.stderr);
  assert.match(told.stdout, /! .*usr\/bin\/su/);
});

test("a tag is resolved; another registry gets no secret of this one", async () => {
  const other = await fakeRegistry();
  try {
    const made = await image({ layers: ["z"] });
    const bytes = bytesOf({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: descriptorOf(bytesOf({}), types.config),
      layers: [],
    });
    other.blob(repository, bytesOf({}));
    other.manifest(repository, bytes, "1.0");
    const env = { OCISIGN_REGISTRY_USERNAME: "me", OCISIGN_REGISTRY_PASSWORD: "hunter2-pass" };
    const told = await shell.ocisign(["diff", `${other.domain}/${repository}:1.0`, made.reference], { env });
    assert.equal(told.code, 6, told.stderr);
    assert.match(told.stderr, /The tag 1\.0 of/);
    assert.ok(other.requests.length > 0);
    for (const { headers } of other.requests) assert.equal(headers.authorization, undefined);
  } finally {
    other.close();
  }
});

test("wrong usage", async () => {
  const { reference } = await image({});
  for (const args of [
    [],
    [reference],
    [reference, reference, reference],
    [reference, "team/app"],
    [reference, reference, "--packages", "all"],
    [reference, reference, "--platform", "linux"],
  ]) {
    const { code, stderr } = await shell.ocisign(["diff", ...args]);
    assert.equal(code, 2, `${args}: ${stderr}`);
  }
});
