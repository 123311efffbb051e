// Can a layer hide from the approver what a runtime will unpack of it?
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { descriptorOf, inFake, types } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import {
  compareLayers,
  dpkgStatus,
  entryOf,
  filesOf,
  layerOf,
  linesOf,
  paxOf,
  tarOf,
} from "../support/layers.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/compare/layer/spotting.ts")} */
const { Spotting } = await importSource("pkg/src/compare/layer/spotting.ts");
/** @type {typeof import("../../pkg/src/compare/layer/limits.ts")} */
const { usual } = await importSource("pkg/src/compare/layer/limits.ts");

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
/** @param {any} layer @param {RegExp} said */
async function isRefused(layer, said) {
  const result = await files([[file("a")]], [layer]);
  assert.ok(result.state === "unknown", JSON.stringify(result));
  assert.match(result.error.message, said);
}
const capability = (/** @type {number} */ bit) => ({
  pax: { "SCHILY.xattr.security.capability": Buffer.from([1, 0, 0, 2, bit]) },
});

test("a name that only some readers give an entry", async () => {
  for (const [entries, said] of /** @type {const} */ ([
    // No file with holes for Go, which then takes the other name.
    [[file("usr/bin/evil", "x", { pax: { "GNU.sparse.name": "doc" } })], /holes, readers understand/],
    [[file("usr/bin/evil", "x", { pax: { "GNU.sparse.name": "." } })], /holes, readers understand/],
    [
      [
        file("evil", "x", {
          pax: { "GNU.sparse.name": "doc", "GNU.sparse.major": "2", "GNU.sparse.minor": "0" },
        }),
      ],
      /holes, readers understand/,
    ],
    // Go forgets what stands before a global header.
    [
      [
        entryOf({ name: "x", type: "x", content: paxOf({ path: "doc" }) }),
        entryOf({ name: "pax_global_header", type: "g", content: paxOf({ comment: "c" }) }),
        file("usr/bin/evil"),
      ],
      /global header stands between/,
    ],
    [
      [
        entryOf({ name: "@", type: "L", content: "doc\0" }),
        entryOf({ name: "pax_global_header", type: "g", content: paxOf({ comment: "c" }) }),
        file("usr/bin/evil"),
      ],
      /global header stands between/,
    ],
    // Runtimes remove what has its name.
    [[entryOf({ name: "etc/shadow", type: "g", content: paxOf({ comment: "c" }) })], /called `etc\/shadow`/],
    [
      [entryOf({ name: "etc/.wh.shadow", type: "g", content: paxOf({ comment: "c" }) })],
      /which runtimes remove/,
    ],
    // Go takes what are no times for a prefix.
    [[file("sh", "x", { magic: "ustar  \0", prefix: "usr/bin" })], /take them for a part of its name/],
    [
      [
        file("sh", "x", {
          magic: "ustar  \0",
          prefix: "123",
          spoil: (/** @type {Buffer} */ header) => header.fill(0xee, 357, 369),
        }),
      ],
      /take them for a part of its name/,
    ],
  ])) {
    await isRefused(entries, said);
  }
});

test("holes are a part of the content", async () => {
  const sparse = (/** @type {string} */ map) =>
    file("disk", "ab", {
      pax: { "GNU.sparse.map": map, "GNU.sparse.size": "4096", "GNU.sparse.numblocks": "2" },
    });
  const pieces = (/** @type {[number, number][]} */ ...list) => [
    entryOf({
      name: "x",
      type: "x",
      content: Buffer.concat([
        paxOf({ "GNU.sparse.size": "4096", "GNU.sparse.numblocks": String(list.length) }),
        ...list.map(([offset, count]) =>
          paxOf({ "GNU.sparse.offset": String(offset), "GNU.sparse.numbytes": String(count) }),
        ),
      ]),
    }),
    file("disk", "ab"),
  ];
  assert.deepEqual(await lines([[sparse("0,1,10,1")]], [[sparse("0,1,20,1"), file("b")]]), ["+ b", "~ disk"]);
  assert.deepEqual(await lines([[sparse("0,1,10,1")]], [[sparse("0,1,10,1"), file("b")]]), ["+ b"]);
  // Of several under one name, not only the last.
  assert.deepEqual(await lines([pieces([0, 1], [9, 1])], [[...pieces([5, 1], [9, 1]), file("b")]]), [
    "+ b",
    "~ disk",
  ]);
});

test("attributes by which a layer changes others are refused", async () => {
  for (const name of ["trusted.overlay.opaque", "user.overlay.redirect", "trusted.overlay.metacopy"])
    await isRefused(
      [{ name: "etc/", pax: { [`SCHILY.xattr.${name}`]: "y" } }],
      /could hide files of other layers/,
    );
  assert.deepEqual(
    await lines([[file("a")]], [[file("a"), file("b", "x", { pax: { "SCHILY.xattr.user.x": "y" } })]]),
    ["+ b"],
  );
});

test("what is behind a link of the same layer is told where it goes", async () => {
  for (const [entries, path] of /** @type {const} */ ([
    [[{ name: "doc", type: "2", target: "usr/bin" }, file("doc/sh")], "usr/bin/sh"],
    [[{ name: "opt/doc", type: "2", target: "/usr/bin" }, file("opt/doc/sh")], "usr/bin/sh"],
    [[{ name: "opt/doc", type: "2", target: "../usr" }, file("opt/doc/bin/sh")], "usr/bin/sh"],
    [
      [
        { name: "one", type: "2", target: "two/bin" },
        { name: "two", type: "2", target: "/usr" },
        file("one/sh"),
      ],
      "usr/bin/sh",
    ],
    // `..` leaves the folder that the link leads to.
    [
      [
        { name: "lib", type: "2", target: "usr/share/lib" },
        { name: "up", type: "2", target: "lib/../../bin" },
        file("up/sh"),
      ],
      "usr/bin/sh",
    ],
    [[{ name: "out", type: "2", target: "../../usr/bin" }, file("out/sh")], "usr/bin/sh"],
  ])) {
    const told = await lines([[file("own")]], [[file("own"), ...entries]]);
    assert.ok(told.includes(`+ ${path} unusualPlace`), told.join("; "));
  }
  // A folder that takes a link's place is one.
  const folder = [{ name: "doc", type: "2", target: "usr/bin" }, { name: "doc/" }, file("doc/sh")];
  assert.ok((await lines([[file("own")]], [[file("own"), ...folder]])).includes("+ doc/sh"));
  await isRefused(
    [{ name: "a", type: "2", target: "b" }, { name: "b", type: "2", target: "a" }, file("a/x")],
    /lead in circles/,
  );
  await isRefused(
    [{ name: "a", type: "2", target: "b" }, { name: ".wh.a" }, file("a/x")],
    /may be taken away by its own layer/,
  );
  await isRefused(
    [{ name: "d/a", type: "2", target: "/b" }, file("d"), { name: "d/" }, file("d/a/x")],
    /takes the place of the folder `d`/,
  );
  // So is a whiteout.
  const base = layerOf([file("usr/bin/sh"), file("own")]);
  const gone = [{ name: "doc", type: "2", target: "usr/bin" }, { name: "doc/.wh.sh" }];
  assert.ok((await lines([base], [base, gone])).includes("- usr/bin/sh (unread) shared below"));
});

test("a package database is found behind a link of the same layer", async () => {
  const status = { name: "var/lib/dpkg/status", content: dpkgStatus([["a", "1"]]) };
  const after = [
    { name: "cache", type: "2", target: "var/lib/dpkg" },
    { name: "cache/status", content: dpkgStatus([["a", "2"]]) },
  ];
  const { packages } = await compareLayers(there, [[status]], [[status], after], { packages: "layers" });
  assert.deepEqual(linesOf(packages), ["a 1 → 2"]);
  const { packages: folder } = await compareLayers(
    there,
    [[status]],
    [[status], [{ name: `${status.name}/` }]],
    {
      packages: "layers",
    },
  );
  assert.ok(folder.state === "unknown");
  assert.match(folder.error.message, /is a directory, and no file/);
});

test("a hard link has the content and the rights of its file, whatever comes later", async () => {
  const hidden = (content = "evil", mode = 0o4755) => [
    file("doc", content, { mode }),
    { name: "usr/bin/tool", type: "1", target: "doc", mode: 0o644 },
    file("doc", "harmless"),
  ];
  assert.deepEqual(await lines([[file("doc", "harmless")]], [hidden()]), [
    "+ usr/bin/tool (hardlink) setuid executable",
  ]);
  assert.deepEqual(await lines([hidden("good")], [hidden()]), ["~ usr/bin/tool (hardlink)"]);
  assert.deepEqual(await lines([hidden()], [[...hidden(), file("b")]]), ["+ b"]);
  // Of a layer below, too; and a link to a link is one.
  const low = [file("a", "1", { mode: 0o4755 }), { name: "l", type: "2", target: "a" }];
  const high = [
    { name: "b", type: "1", target: "./a", mode: 0 },
    { name: "m", type: "1", target: "l" },
  ];
  assert.deepEqual(await lines([low], [low, high]), [
    "+ b (hardlink) shared below",
    "+ m (hardlink) shared below",
  ]);
  assert.deepEqual(await lines([[file("x")]], [[file("x")], low, high]).then((all) => all.slice(0, 2)), [
    "+ a setuid unusualPlace executable shared below",
    "+ b (hardlink) setuid unusualPlace executable shared below",
  ]);
});

test("another owner, group, capability or device under the same mark", async () => {
  const gid = (/** @type {number} */ to) => ({
    spoil: (/** @type {Buffer} */ header) => header.write(to.toString(8).padStart(7, "0"), 116),
  });
  const device = (/** @type {number} */ minor, type = "3") => ({
    ...{ name: "d", type },
    spoil: (/** @type {Buffer} */ header) => {
      header.write("0000001", 329);
      header.write(minor.toString(8).padStart(7, "0"), 337);
    },
  });
  for (const [was, is, line] of /** @type {const} */ ([
    [{ mode: 0o4755, uid: 7 }, { mode: 0o4755 }, "~ b/f setuid"],
    [{ mode: 0o4755, uid: 7 }, { mode: 0o755 }, "~ b/f"],
    [{ mode: 0o2755, ...gid(7) }, { mode: 0o2755 }, "~ b/f setgid"],
    [{ ...gid(7) }, {}, "~ b/f"],
    [{ pax: { gid: "7" } }, {}, "~ b/f"],
    [capability(4), capability(8), "~ b/f capabilities"],
    [capability(4), {}, "~ b/f"],
  ])) {
    assert.deepEqual(await lines([[file("b/f", "x", was)]], [[file("b/f", "x", is)]]), [line]);
  }
  assert.deepEqual(await lines([[device(3)]], [[device(1)]]), ["~ d (device) device"]);
  assert.deepEqual(await lines([[device(1)]], [[device(1, "4")]]), ["~ d (device) device"]);
  assert.deepEqual(await lines([[device(1)]], [[device(1), file("b")]]), ["+ b"]);
  const told = await files([[file("b/f")]], [[file("b/f", "x", { ...gid(7), ...capability(4) }), device(5)]]);
  assert.ok(told.state === "compared");
  const [first, second] = told.changes.map(({ change }) => "after" in change && change.after);
  assert.deepEqual(first, {
    ...{ path: "b/f", kind: "file", sizeBytes: 1, mode: 0o644, uid: 0, gid: 7, capabilities: "0100000204" },
  });
  assert.deepEqual(second && "device" in second && second.device, "3 1 5");
});

test("a folder that is taken away and put there again is empty", async () => {
  const base = layerOf([file("etc/deny"), file("own")]);
  for (const entries of [
    [{ name: ".wh.etc" }, { name: "etc/" }],
    [{ name: "etc/" }, { name: ".wh.etc" }],
  ])
    assert.deepEqual(await lines([base], [base, entries]), ["- etc (unread) shared below"]);
  const both = [
    [file("a"), { name: "etc/" }],
    [{ name: ".wh.etc" }, { name: "etc/" }, file("b")],
  ];
  assert.ok((await lines([base, both[0]], [base, both[1]])).includes("- etc (unread) shared below"));
});

test("names that hide something, by the one rule for it", async () => {
  for (const name of [
    "bin/sh\u00a0",
    "bin/\u3164x",
    "bin/s\ufe0fh",
    "bin/sh ",
    "bin/ sh",
    "bin /sh",
    "bin/s\u200bh",
  ]) {
    const told = await lines([[file("own")]], [[file("own"), file(name)]]);
    assert.deepEqual(told, [`+ ${name} unusualPlace`]);
  }
  assert.deepEqual(await lines([[file("own")]], [[file("own"), file("doc/Ä 語")]]), ["+ doc/Ä 語"]);
});

test("where the type says plain tar, nothing else is read: some runtimes unpack it, and some do not", async () => {
  const plain = "application/vnd.oci.image.layer.v1.tar";
  const held = async (/** @type {Buffer} */ bytes, /** @type {string} */ type) => {
    await there.blob(bytes);
    return descriptorOf(bytes, type);
  };
  const layer = tarOf([file("a"), file("b")]);
  for (const type of [plain, `${plain}+other`, "application/vnd.oci.image.layer.nondistributable.v1.tar"]) {
    const result = await files([[file("a")]], [await held(gzipSync(layer), type)]);
    assert.ok(result.state === "unknown", type);
  }
  assert.deepEqual(await lines([[file("a")]], [await held(layer, plain)]), ["+ b"]);
  assert.deepEqual(await lines([[file("a")]], [await held(layer, types.layer)]), ["+ b"]);
  const docker = "application/vnd.docker.image.rootfs.diff.tar";
  assert.deepEqual(await lines([[file("a")]], [await held(gzipSync(layer), docker)]), ["+ b"]);
});

test("a million entries that ask what lies beneath them cost no more than reading them", () => {
  const spotting = new Spotting(usual);
  const entry = (/** @type {string} */ path, kind = "file", target = "") =>
    spotting.entry(/** @type {any} */ ({ path, kind, target, size: 0, mode: 0, holes: "" }));
  for (let at = 0; at < 15_000; at++) entry(`var/lib/dpkg/status.d/${at}`);
  // If each looked at all of them, this would take minutes.
  for (let at = 0; at < 300_000; at++) entry(at % 2 ? "usr/lib" : "lib/apk", "symlink", "x");
  assert.equal(spotting.facts().databases.length, 15_000);
});
