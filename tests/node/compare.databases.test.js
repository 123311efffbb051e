// Which packages do the databases of layers name?
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { compareImages } from "ocisign";
import { inFake, inReal, only } from "../support/changing.js";
import { openDockerRegistry } from "../support/docker-registry.js";
import { fakeRegistry } from "../support/fake-registry.js";
import {
  apkInstalled,
  compareLayers,
  deb,
  dpkgStatus,
  holdLayers,
  layerOf,
  linesOf,
} from "../support/layers.js";

/** @type {Awaited<ReturnType<typeof openDockerRegistry>>} */
let real;
/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let fake;
/** @type {ReturnType<typeof inFake>} */
let there;
before(async () => {
  real = await openDockerRegistry();
});
beforeEach(async () => {
  fake = await fakeRegistry();
  there = inFake(fake);
});
afterEach(() => fake.close());
after(() => real?.close());

const status = "var/lib/dpkg/status";
/** @param {[string, string][]} packages */
const dpkg = (packages) => [{ name: "var/lib/dpkg/" }, { name: status, content: dpkgStatus(packages) }];
const blobsAsked = () => fake.requests.map(({ url }) => url).filter((url) => url.includes("/blobs/"));
/** @param {any[]} before @param {any[]} after */
const packages = async (before, after) =>
  (await compareLayers(there, before, after, { packages: "layers" })).packages;

test("dpkg's, in a real registry", async () => {
  const [base, upper] = [
    dpkg([
      ["libc6", "2.36-9"],
      ["openssl", "3.0.1"],
      ["tzdata", "2024a"],
    ]),
    dpkg([
      ["libc6", "2.36-9"],
      ["openssl", "3.0.2"],
      ["curl", "8.1"],
    ]),
  ];
  const { packages } = await compareLayers(inReal(real), [base], [base, upper], { packages: "layers" });
  assert.deepEqual(linesOf(packages), ["+ curl 8.1", "openssl 3.0.1 → 3.0.2", "- tzdata 2024a"]);
  assert.ok(packages.state === "compared");
  assert.equal(packages.same, 1);
  assert.ok(packages.before[0]?.from === "database" && packages.before[0].format === "dpkg");
  assert.notEqual(packages.before[0], packages.after[0]);
});

test("what is removed, and only leaves its configuration, is not installed", async () => {
  const was = [
    deb("a", "1"),
    deb("b", "1", "deinstall ok config-files"),
    deb("c", "1", "purge ok not-installed"),
  ];
  const is = [deb("a", "1", "deinstall ok config-files"), deb("b", "1", "hold ok installed")];
  const layer = (/** @type {string[]} */ all) => [{ name: status, content: all.join("\n") }];
  assert.deepEqual(linesOf(await packages([layer(was)], [layer(is)])), ["- a 1", "+ b 1"]);
});

test("apk's, with licences, at its old place and its new one", async () => {
  const at = (/** @type {string} */ name, /** @type {any[]} */ all) => [{ name, content: apkInstalled(all) }];
  const result = await packages(
    [
      at("lib/apk/db/installed", [
        ["musl", "1.2.4", "MIT"],
        ["busybox", "1.36", "GPL-2.0-only"],
      ]),
    ],
    [
      at("usr/lib/apk/db/installed", [
        ["musl", "1.2.5", "MIT"],
        ["busybox", "1.36", "GPL-2.0-or-later"],
      ]),
    ],
  );
  assert.deepEqual(linesOf(result), ["busybox 1.36 → 1.36", "musl 1.2.4 → 1.2.5"]);
  assert.ok(result.state === "compared" && result.changes[0]?.state === "changed");
  assert.deepEqual(result.changes[0].after, {
    name: "busybox",
    version: "1.36",
    kind: "apk",
    licences: ["GPL-2.0-or-later"],
  });
});

test("files of single packages, as in distroless images, from all layers", async () => {
  const part = (/** @type {string} */ name, /** @type {string} */ version) => [
    { name: `./var/lib/dpkg/status.d/${name}`, content: `Package: ${name}\nVersion: ${version}\n` },
    { name: `./var/lib/dpkg/status.d/${name}.md5sums`, content: "0123  usr/bin/x\n" },
  ];
  const result = await packages(
    [part("base", "1"), part("tzdata", "1"), part("libc", "1")],
    [
      part("base", "1"),
      part("libc", "2"),
      part("ca", "1"),
      [{ name: "var/lib/dpkg/status.d/.wh.ca" }, ...part("x", "1")],
    ],
  );
  assert.deepEqual(linesOf(result), ["libc 1 → 2", "- tzdata 1", "+ x 1"]);
  assert.ok(result.state === "compared" && result.same === 1 && result.before.length === 3);
});

test("whiteouts take a database away, wherever they stand", async () => {
  const base = dpkg([["a", "1"]]);
  for (const name of [
    "var/lib/dpkg/.wh.status",
    "var/lib/.wh.dpkg",
    ".wh.var",
    "var/lib/dpkg/.wh..wh..opq",
    "var/.wh..wh..opq",
    ".wh..wh..opq",
    "./var/lib/../lib/dpkg/.wh.status",
  ]) {
    const result = await packages([base], [base, [{ name }]]);
    assert.deepEqual(linesOf(result), ["- a 1"], name);
    // One in the same layer as a database concerns what is below.
    const both = await packages([base], [base, [...dpkg([["b", "1"]]), { name }]]);
    assert.deepEqual(linesOf(both), ["- a 1", "+ b 1"], name);
  }
  // What is no folder any more has nothing in it.
  const file = await packages([base], [base, [{ name: "var/lib/dpkg", content: "x" }]]);
  assert.deepEqual(linesOf(file), ["- a 1"]);
  const other = await packages(
    [base],
    [base, [{ name: "var/lib/.wh.dpkg-old" }, { name: "var/.wh..wh.plnk/1" }]],
  );
  assert.deepEqual(linesOf(other), []);
});

test("the topmost counts, and the last of one layer", async () => {
  const result = await packages(
    [dpkg([["a", "1"]]), dpkg([["a", "2"]])],
    [dpkg([["a", "1"]]), [...dpkg([["a", "7"]]), ...dpkg([["a", "3"]])], [{ name: "etc/x", content: "x" }]],
  );
  assert.deepEqual(linesOf(result), ["a 2 → 3"]);
});

test("both share the layer that holds it: it is read once, and nothing below it", async () => {
  const [lowest, base] = [layerOf([{ name: "etc/a" }]), layerOf(dpkg([["a", "1"]]))];
  const result = await packages(
    [lowest, base, [{ name: "x", content: "1" }]],
    [lowest, base, [{ name: "x", content: "2" }]],
  );
  assert.deepEqual(linesOf(result), []);
  assert.ok(result.state === "compared" && result.same === 1);
  // A config, which both have; two layers of their own; and the database's.
  assert.equal(new Set(blobsAsked()).size, 4);
});

test("an empty database of another kind hides none", async () => {
  const base = [{ name: "lib/apk/db/installed", content: apkInstalled([["musl", "1"]]) }];
  const result = await packages([base], [base, [{ name: status, content: "" }]]);
  assert.deepEqual(linesOf(result), []);
  assert.ok(result.state === "compared" && result.same === 1);
});

test("neither has one, or only one", async () => {
  const [empty, full] = [[{ name: "app", content: "x" }], dpkg([["a", "1"]])];
  assert.deepEqual(await packages([empty], [[{ name: "app", content: "y" }]]), { state: "none" });
  assert.deepEqual(linesOf(await packages([empty], [full])), ["+ a 1"]);
  const whatIs = await packages([full], [[{ name: "app", content: "z" }]]);
  assert.deepEqual(linesOf(whatIs), ["- a 1"]);
});

test("what cannot be read is unknown, with the reason", async () => {
  const base = dpkg([["a", "1"]]);
  for (const [upper, said] of /** @type {const} */ ([
    [[{ name: "var/lib/dpkg/status", type: "2", target: "../../x" }], /is a link that is not followed/],
    [[{ name: "var/lib", type: "2", target: "/data" }], /is a link that is not followed/],
    [[{ name: "var/lib/dpkg/status", type: "1", target: "etc/x" }], /is a hardlink, and no file/],
    [[{ name: "var/lib/dpkg/status", type: "3" }], /is a device, and no file/],
    [[{ name: "var/lib/dpkg/status", content: "Version: 1\n" }], /names no package/],
    [[{ name: "var/lib/dpkg/status", content: `Package: ${"a".repeat(2000)}\n` }], /of 2000 characters/],
    [[{ name: "var/lib/rpm/Packages", content: "x" }], /format of rpm that is not read: only SQLite/],
    [[{ name: "var/lib/rpm/rpmdb.sqlite", content: "x" }], /format of rpm that is not read: only SQLite/],
    [[{ name: "var/lib/rpm/rpmdb.sqlite-wal", content: "x" }], /changes of the database that are not read/],
  ])) {
    const result = await packages([base], [base, /** @type {any} */ (upper)]);
    assert.ok(result.state === "unknown", JSON.stringify(upper));
    assert.match(result.error.message, said);
    assert.equal(result.error.code, "bad-reply");
  }
  // Links to where a database is looked for anyway hide nothing.
  const apk = [{ name: "usr/lib/apk/db/installed", content: apkInstalled([["musl", "1"]]) }];
  const linked = await packages([apk], [apk, [{ name: "lib", type: "2", target: "usr/lib" }]]);
  assert.deepEqual(linesOf(linked), []);
});

test("a second comparison fetches no layer again", async () => {
  const [old, now] = [
    await holdLayers(there, [dpkg([["a", "1"]])]),
    await holdLayers(there, [dpkg([["a", "2"]])]),
  ];
  const asked = [];
  for (let time = 0; time < 2; time++) {
    const { packages } = only(await compareImages(old.reference, now.reference, { packages: "layers" }));
    assert.deepEqual(linesOf(packages), ["a 1 → 2"]);
    asked.push(blobsAsked().length);
  }
  assert.equal(asked[0], asked[1]);
});
