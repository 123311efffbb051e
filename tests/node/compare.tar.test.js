// Are archives read as those read them that unpack images, and refused where these refuse them?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { entryOf, headerOf, paxOf, tarOf } from "../support/layers.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { temporaryFolder } from "../support/sandbox.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/compare/tar/reader.ts")} */
const { TarReader } = await importSource("pkg/src/compare/tar/reader.ts");

/** The entries of an archive, with their bytes; it comes in pieces of a size. @param {Buffer} bytes */
function read(bytes, piece = bytes.length) {
  /** @type {(import("../../pkg/src/compare/tar/reader.ts").Entry & { bytes: string })[]} */
  const entries = [];
  const reader = new TarReader((entry) => {
    const whole = { ...entry, bytes: "" };
    entries.push(whole);
    return { piece: (part) => (whole.bytes += Buffer.from(part).toString("latin1")), end: () => {} };
  });
  for (let at = 0; at < bytes.length; at += piece) reader.write(bytes.subarray(at, at + piece));
  reader.end();
  return entries;
}

const refuses = (/** @type {Buffer} */ bytes, /** @type {RegExp} */ said) =>
  assert.throws(
    () => read(bytes),
    (/** @type {Error} */ error) => {
      assert.equal(error.name, "Fault", error.stack);
      assert.match(error.message, said);
      assert.match(error.message, /^[ -~…]{1,400}$/);
      return true;
    },
  );
const paths = (/** @type {Buffer} */ bytes) => read(bytes).map(({ path }) => path);

test("random trees, packed by GNU tar in each of its formats, are listed as it lists them", (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const { folder, remove } = temporaryFolder("tar");
  try {
    for (const format of ["v7", "oldgnu", "gnu", "ustar", "pax"]) {
      for (let round = 0; round < 4; round++) {
        const tree = join(folder, `${format}-${round}`);
        mkdirSync(tree);
        // The oldest have no room for more.
        const longest = format === "v7" ? 20 : format === "ustar" ? 60 : 200;
        grow(tree, random, longest);
        const file = `${tree}.tar`;
        execFileSync("tar", [
          "--sort=name",
          `--format=${format}`,
          "--numeric-owner",
          "--owner=0",
          "--group=0",
          "-C",
          tree,
          "-cf",
          file,
          ".",
        ]);
        const listing = execFileSync("tar", ["--numeric-owner", "--quoting-style=literal", "-tvf", file], {
          encoding: "utf8",
          maxBuffer: 1 << 26,
        });
        const bytes = readFileSync(file);
        const expected = listing.trimEnd().split("\n").slice(1).map(lineOf);
        for (const piece of [bytes.length, 1 + random(2000)]) {
          assert.deepEqual(read(bytes, piece).map(shown), expected, `${format}, pieces of ${piece}`);
        }
        for (const { kind, path, bytes: content } of read(bytes, 1 + random(5000))) {
          if (kind === "file") assert.equal(content, readFileSync(join(tree, path), "latin1"));
        }
      }
    }
  } finally {
    remove();
  }
});

/** Makes files, folders and links. @param {string} tree @param {(limit: number) => number} random @param {number} longest */
function grow(tree, random, longest) {
  const folders = [""];
  /** @type {string[]} */
  const files = [];
  let made = 0;
  const letters = "abcXYZ019._- äß語😀";
  const name = () => {
    const length = 1 + random(longest);
    made += 1;
    let text = `${made}x`;
    while (Buffer.byteLength(text) < length) text += [...letters][random([...letters].length)];
    return text.trimEnd();
  };
  for (let count = 3 + random(40); count > 0; count--) {
    const inside = folders[random(folders.length)] ?? "";
    const path = join(inside, name());
    if (Buffer.byteLength(path) > (longest > 100 ? 1000 : longest > 20 ? 200 : 80)) continue;
    const full = join(tree, path);
    const what = random(6);
    // Where a link leads has no prefix.
    const isLinkable = (/** @type {string} */ it) => longest > 100 || Buffer.byteLength(it) < 90;
    const linked = isLinkable(path) ? files.filter(isLinkable)[random(4)] : undefined;
    if (what === 0) {
      mkdirSync(full);
      chmodSync(full, [0o755, 0o1777, 0o2755, 0o700][random(4)] ?? 0o755);
      folders.push(path);
    } else if (what === 1) symlinkSync(longest > 100 ? `${"../".repeat(random(60))}x` : "../x", full);
    else if (what === 2 && linked) linkSync(join(tree, linked), full);
    else {
      writeFileSync(full, "z".repeat(random(random(2) ? 1500 : 3)));
      chmodSync(full, [0o644, 0o755, 0o4755, 0o600][random(4)] ?? 0o644);
      files.push(path);
    }
  }
}

/** A line of the listing, as an entry of ours is shown. @param {string} line */
function lineOf(line) {
  const [, mode = "", , size, rest = ""] = /^(\S+) +(\S+) +(\d+) \S+ \S+ \.\/(.*)$/s.exec(line) ?? [line];
  const [name = "", target] = rest.split(/ -> | link to (?:\.\/)?/);
  const isFile = mode[0] === "-";
  return [mode, isFile ? Number(size) : 0, name.replace(/\/$/, ""), target].join(" ");
}

/** @param {import("../../pkg/src/compare/tar/reader.ts").Entry} entry */
function shown({ kind, mode, size, path, target }) {
  const letter = { file: "-", directory: "d", symlink: "l", hardlink: "h", device: "b", fifo: "p" }[kind];
  const three = (/** @type {number} */ bits, /** @type {boolean} */ special, /** @type {string} */ mark) => {
    const last = special ? (bits & 1 ? mark : mark.toUpperCase()) : bits & 1 ? "x" : "-";
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${last}`;
  };
  const bits =
    three((mode >> 6) & 7, (mode & 0o4000) !== 0, "s") +
    three((mode >> 3) & 7, (mode & 0o2000) !== 0, "s") +
    three(mode & 7, (mode & 0o1000) !== 0, "t");
  return [letter + bits, size, path, target?.replace(/^\.\/(?=.)/, "")].join(" ");
}

test("a name is where a runtime puts it", () => {
  for (const [name, path, isCrooked] of /** @type {const} */ ([
    ["etc/passwd", "etc/passwd", false],
    ["/etc/passwd", "etc/passwd", false],
    ["./etc//passwd/", "etc/passwd", false],
    ["../../etc/passwd", "etc/passwd", true],
    ["usr/../etc/passwd", "etc/passwd", true],
    ["etc/..passwd", "etc/..passwd", false],
    ["etc/passwd..", "etc/passwd..", false],
    ["a/...", "a/...", false],
    ["a\\..\\b", "a\\..\\b", false],
  ])) {
    const [entry] = read(tarOf([{ name, type: "0" }]));
    assert.deepEqual([entry?.path, entry?.isCrooked], [path, isCrooked], name);
  }
  // The root itself, whatever it is called.
  for (const name of ["/", "./", ".", "a/..", "../"]) assert.deepEqual(paths(tarOf([{ name }])), [], name);
});

test("long names and sizes, by pax, GNU and base 256", () => {
  const long = `${"d/".repeat(90)}${"n".repeat(100)}`;
  assert.deepEqual(paths(tarOf([{ name: "short", pax: { path: long } }])), [long]);
  assert.deepEqual(
    paths(tarOf([{ name: "././@LongLink", type: "L", content: `${long}\0` }, { name: "short" }])),
    [long],
  );
  const [link] = read(
    tarOf([
      { name: "@", type: "K", content: `${long}\0` },
      { name: "l", type: "2", target: "short" },
    ]),
  );
  assert.equal(link?.target, long);
  const [paxLink] = read(tarOf([{ name: "l", type: "2", target: "s", pax: { linkpath: "ä/b" } }]));
  assert.equal(paxLink?.target, "ä/b");
  assert.deepEqual(paths(tarOf([{ name: "name", prefix: "some/folder" }])), ["some/folder/name"]);
  // GNU keeps times where others keep a prefix.
  assert.deepEqual(paths(tarOf([{ name: "name", prefix: "14000000000", magic: "ustar  \0" }])), ["name"]);
  const size = Buffer.alloc(12);
  size[0] = 0x80;
  size[11] = 3;
  assert.equal(read(tarOf([{ name: "a", content: "abc", size }]))[0]?.bytes, "abc");
  assert.equal(read(tarOf([{ name: "a", content: "abc", size: 0, pax: { size: "3" } }]))[0]?.bytes, "abc");
  const [owned] = read(tarOf([{ name: "a", pax: { uid: "4000000000" } }]));
  assert.equal(owned?.uid, 4_000_000_000);
  // An empty value leaves what was there.
  assert.deepEqual(paths(tarOf([{ name: "a", pax: { path: "" } }])), ["a"]);
  // What has no content has none, whatever it says.
  assert.deepEqual(paths(tarOf([{ name: "l", type: "2", target: "x", size: 512 }, { name: "b" }])), [
    "l",
    "b",
  ]);
});

test("what every reader refuses, or understands differently, is refused", () => {
  const ok = entryOf({ name: "a", content: "abc" });
  const damaged = Buffer.from(ok);
  damaged[3] ^= 1;
  for (const [bytes, said] of /** @type {const} */ ([
    [damaged, /checksum is wrong/],
    [Buffer.from("no archive at all, but a text ".repeat(40)), /checksum/],
    [Buffer.concat([ok, Buffer.alloc(512), ok]), /end of the archive's first half/],
    [ok.subarray(0, 700), /ends in the middle/],
    [ok.subarray(0, 300), /ends in the middle/],
    [entryOf({ name: "p", type: "x", content: paxOf({ path: "b" }) }), /ends in the middle/],
    [tarOf([{ name: "a", size: Buffer.alloc(12, 0xff) }]), /below zero, or beyond all numbers/],
    [
      tarOf([{ name: "a", size: Buffer.concat([Buffer.from([0x80]), Buffer.alloc(11, 0xff)]) }]),
      /beyond all numbers/,
    ],
    [tarOf([{ name: "a", size: Buffer.from("12345x") }]), /size is no number/],
    [tarOf([{ name: "a", pax: { size: "-1" } }]), /size is no number/],
    [tarOf([{ name: "a", pax: { size: "1e3" } }]), /size is no number/],
    [tarOf([{ name: "a", pax: { path: "a\0b" } }]), /has a NUL/],
    [tarOf([{ name: "p", type: "x", content: "7 a=b\n" }, ok]), /extended header is damaged/],
    [tarOf([{ name: "p", type: "x", content: "99 a=b\n" }, ok]), /extended header is damaged/],
    [tarOf([{ name: "p", type: "x", content: "x a=b\n" }, ok]), /extended header is damaged/],
    [tarOf([{ name: "g", type: "g", content: paxOf({ path: "all" }) }, ok]), /global header sets `path`/],
    [tarOf([{ name: "p", type: "x", size: 2 * 1024 * 1024 }]), /2097152 bytes; at most 1048576/],
    [tarOf([{ name: "L", type: "L", size: 0o777777777 }]), /at most 1048576/],
    [tarOf([{ name: "a", pax: { path: "n".repeat(5000) } }]), /name has 5000 characters/],
    [tarOf([{ name: "l", type: "2", pax: { linkpath: "n".repeat(5000) } }]), /target has 5000 characters/],
    [tarOf([{ name: "a", pax: { path: "n/".repeat(300) } }]), /300 folders deep/],
    [tarOf([{ name: "s", type: "S" }]), /`s` is of type `S`/],
    [tarOf([{ name: "m\u202e", type: "M" }]), /is of type `M`/],
  ])) {
    refuses(/** @type {Buffer} */ (bytes), said);
  }
  // A comment of git's is none of that, and what stands behind the end nobody reads.
  assert.deepEqual(
    paths(tarOf([{ name: "pax_global_header", type: "g", content: paxOf({ comment: "abc" }) }, ok])),
    ["a"],
  );
  assert.deepEqual(paths(Buffer.concat([tarOf([ok]), Buffer.from("whatever")])), ["a"]);
  assert.deepEqual(paths(ok), ["a"]);
  assert.deepEqual(paths(Buffer.alloc(0)), []);
});

test("random damage is refused as such, or does not matter", (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const archive = tarOf([
    { name: "a", content: "abc", pax: { path: "a/b", size: "3" } },
    { name: "@", type: "L", content: `${"n".repeat(200)}\0` },
    { name: "b", content: "x".repeat(1000) },
    { name: "c", type: "2", target: "b" },
  ]);
  for (let round = 0; round < 2000; round++) {
    const bytes = Buffer.from(archive);
    for (let changes = 1 + random(4); changes > 0; changes--) bytes[random(bytes.length)] = random(256);
    const cut = random(3) ? bytes : bytes.subarray(0, random(bytes.length));
    try {
      for (const { path, size } of read(cut, 1 + random(600))) assert.ok(path && Number.isSafeInteger(size));
    } catch (error) {
      assert.equal(/** @type {Error} */ (error).name, "Fault", String(error));
    }
  }
  // The header alone is the test's own work, too.
  assert.equal(headerOf({ name: "a" }).length, 512);
});
