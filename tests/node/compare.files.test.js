// Which files differ, and which of them are worth a look?
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { compareImages } from "ocisign";
import { digestOf } from "../../demo/registry.js";
import { inFake, only } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { compareLayers, filesOf, holdLayers, layerOf } from "../support/layers.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let fake;
/** @type {ReturnType<typeof inFake>} */
let there;
beforeEach(async () => {
  fake = await fakeRegistry();
  there = inFake(fake);
});
afterEach(() => fake.close());

/** @param {any[]} before @param {any[]} after */
const files = async (before, after) => (await compareLayers(there, before, after, { files: true })).files;
/** @param {any[]} before @param {any[]} after */
const lines = async (before, after) => filesOf(await files(before, after));
const file = (/** @type {string} */ name, content = "x", more = {}) => ({ name, content, ...more });

test("added, changed and removed, by all that a file may differ in", async () => {
  const same = [file("same"), { name: "usr/" }, { name: "link", type: "2", target: "same" }];
  const was = [...same, file("content", "1"), file("size", "1"), file("mode"), file("owner"), file("gone")];
  const is = [
    ...same,
    file("content", "2"),
    file("size", "12"),
    file("mode", "x", { mode: 0o600 }),
    file("owner", "x", { uid: 7 }),
    file("new"),
  ];
  assert.deepEqual(await lines([was], [is]), ["~ content", "- gone", "~ mode", "+ new", "~ owner", "~ size"]);
  const result = await files([was], [is]);
  assert.ok(result.state === "compared" && result.total === 6);
  assert.deepEqual(result.changes.find(({ change: { state } }) => state === "added")?.change, {
    state: "added",
    after: { path: "new", kind: "file", sizeBytes: 1, mode: 0o644, uid: 0 },
  });
});

test("kinds and targets", async () => {
  const was = [
    { name: "a", type: "2", target: "x" },
    file("b"),
    { name: "c", type: "1", target: "b" },
    { name: "d", type: "6" },
  ];
  const is = [
    { name: "a", type: "2", target: "y" },
    { name: "b", type: "2", target: "z" },
    { name: "c", type: "1", target: "d" },
    { name: "d/" },
  ];
  assert.deepEqual(await lines([was], [is]), [
    "~ a (symlink)",
    "~ b (symlink)",
    "~ c (hardlink)",
    "~ d (directory)",
  ]);
});

test("marks, of what is new about a file", async () => {
  const was = [file("usr/bin/a", "1", { mode: 0o4755 }), file("usr/bin/b", "1", { mode: 0o755 })];
  const is = [
    file("usr/bin/a", "2", { mode: 0o4755 }),
    file("usr/bin/b", "1", { mode: 0o4755 }),
    file("usr/bin/c", "1", { mode: 0o2755 }),
    file("usr/bin/d", "1", { mode: 0o755 }),
    file("usr/bin/e", "1", {
      mode: 0o755,
      pax: { "SCHILY.xattr.security.capability": Buffer.from([1, 0, 0, 2]) },
    }),
    { name: "usr/bin/f", type: "1", target: "usr/bin/b", mode: 0o4755 },
    file("etc/passwd", "1", { mode: 0o666 }),
    { name: "open/", mode: 0o777 },
    { name: "tmp/", mode: 0o1777 },
    { name: "disk", type: "4" },
    file("tmp/left"),
    file("dev/shm/x", "x", { mode: 0o755 }),
    file("usr/lib/.hidden/run", "x", { mode: 0o755 }),
    file("start", "x", { mode: 0o755 }),
    file("usr/bin/gpj.exe\u202e"),
    file("etc/\u200bpasswd"),
    file("../../etc/cron"),
    file("/etc/absolute"),
    file("usr/.wh.x/y"),
    { name: "usr/bin/g", type: "2", target: "x", mode: 0o777 },
  ];
  assert.deepEqual(await lines([was], [is]), [
    "~ usr/bin/b setuid",
    "+ usr/bin/f (hardlink) setuid executable",
    "+ usr/bin/c setgid executable",
    "+ usr/bin/e capabilities executable",
    "+ disk (device) device",
    "+ etc/passwd worldWritable",
    "+ open (directory) worldWritable",
    "+ dev/shm/x unusualPlace executable",
    "+ etc/cron unusualPlace",
    "+ etc/\u200bpasswd unusualPlace",
    "+ start unusualPlace executable",
    "+ tmp/left unusualPlace",
    "+ usr/.wh.x/y unusualPlace",
    "+ usr/bin/gpj.exe\u202e unusualPlace",
    "+ usr/lib/.hidden/run unusualPlace executable",
    "+ usr/bin/d executable",
    "+ etc/absolute",
    "+ tmp (directory)",
    "~ usr/bin/a",
    "+ usr/bin/g (symlink)",
  ]);
});

test("later layers win, and whiteouts take away what is below, wherever they stand", async () => {
  const low = [file("a", "1"), file("b", "1"), file("d/1"), file("d/2"), file("e/1"), file("f")];
  const high = [
    file("a", "2"),
    { name: ".wh.b" },
    file("d/3"),
    { name: "d/.wh..wh..opq" },
    { name: "e", type: "0", content: "no folder" },
    { name: ".wh.f" },
    file("f", "new"),
  ];
  const flat = [file("a", "2"), file("d/3"), file("e", "no folder"), file("f", "new")];
  assert.deepEqual(await lines([flat], [low, high]), []);
  assert.deepEqual(await lines([low], [low, high]), [
    // Below, a shared layer may hold what only one image names.
    "+ a shared below",
    "- b (unread) shared below",
    "- d (unread) shared below",
    "+ d/3 shared below",
    "+ e shared below",
    "+ f shared below",
  ]);
});

test("of shared layers nothing is fetched, and it is said what they may hide", async () => {
  const [base, top] = [layerOf([file("base")]), layerOf([file("top")])];
  const [was, is] = [
    layerOf([file("app", "1"), file("old"), { name: "usr/" }]),
    layerOf([file("app", "2"), file("new")]),
  ];
  assert.deepEqual(await lines([base, was], [base, is]), [
    "~ app",
    "+ new shared below",
    "- old shared below",
  ]);
  assert.deepEqual(await lines([base, was, top], [base, is, top]), [
    "~ app shared above",
    "+ new shared above",
    "- old shared above",
  ]);
  const gone = layerOf([{ name: ".wh.old" }, file("app", "2")]);
  assert.deepEqual(await lines([base, was], [base, gone]), ["~ app", "- old"]);
  const shared = [base, top].map((bytes) => fake.requests.filter(({ url }) => url.includes(digestOf(bytes))));
  assert.deepEqual(shared, [[], []]);
});

test("of the same layers nothing is read", async () => {
  const layer = layerOf([file("a")]);
  const [old, now] = [
    await holdLayers(there, [layer]),
    await holdLayers(there, [layer], { config: { User: "app" } }),
  ];
  const { files } = only(await compareImages(old.reference, now.reference, { files: true }));
  assert.deepEqual(files, { state: "compared", changes: [], total: 0 });
  assert.deepEqual(
    fake.requests.filter(({ url }) => url.includes(digestOf(layer))),
    [],
  );
});

test("what it would cost is told before", async () => {
  const [base, one, two] = [layerOf([file("base")]), layerOf([file("a")]), layerOf([file("b", "longer")])];
  const { files } = await compareLayers(there, [base, one], [base, two]);
  assert.deepEqual(files, { state: "notAsked", costBytes: one.length + two.length });
  assert.deepEqual(
    fake.requests.filter(({ url }) => url.includes(digestOf(one))),
    [],
  );
});

test("thousands are counted, and the notable ones are told first", async () => {
  const many = Array.from({ length: 12_000 }, (_, at) => file(`data/${String(at).padStart(5, "0")}`, ""));
  const is = [
    ...many,
    file("usr/bin/su", "x", { mode: 0o4755 }),
    ...many.map((it) => ({ ...it, name: `z${it.name}` })),
  ];
  const result = await files([[file("x")]], [is]);
  assert.ok(result.state === "compared");
  assert.equal(result.total, 24_002);
  assert.equal(result.changes.length, 1000);
  assert.deepEqual(filesOf(result).slice(0, 3), [
    "+ usr/bin/su setuid executable",
    "+ data/00000",
    "+ data/00001",
  ]);
});

test("packages of layers come with the files: no layer is fetched twice", async () => {
  const status = (/** @type {string} */ version) => [
    {
      name: "var/lib/dpkg/status",
      content: `Package: a\nStatus: install ok installed\nVersion: ${version}\n`,
    },
  ];
  const [old, now] = [await holdLayers(there, [status("1")]), await holdLayers(there, [status("2")])];
  const changes = await compareImages(old.reference, now.reference, { files: true, packages: "layers" });
  const { packages, files } = only(changes);
  assert.ok(packages.state === "compared" && files.state === "compared");
  assert.equal(packages.changes.length, 1);
  const layers = [status("1"), status("2")].map((it) => digestOf(layerOf(it)));
  const asked = fake.requests.filter(({ url }) => layers.some((digest) => url.includes(digest)));
  assert.equal(asked.length, 2);
});

test("names that are not UTF-8 stay apart", async () => {
  const name = (/** @type {number} */ byte) => Buffer.from([0x61, byte]);
  const entry = (/** @type {number} */ byte) => ({ name: name(byte), content: "x" });
  assert.deepEqual(await lines([[entry(0xff)]], [[entry(0xfe)]]), ["+ a\udcfe unusualPlace", "- a\udcff"]);
});
