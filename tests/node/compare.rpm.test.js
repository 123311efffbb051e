// Are packages read from rpm's own databases in SQLite, however SQLite lays them out?
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { inFake } from "../support/changing.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { compareLayers, linesOf } from "../support/layers.js";
import { newSeed, randomNumbers } from "../support/random.js";
import { temporaryFolder } from "../support/sandbox.js";

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let fake;
beforeEach(async () => {
  fake = await fakeRegistry();
});
afterEach(() => fake.close());

const tags = { name: 1000, version: 1001, release: 1002, epoch: 1003, licence: 1014, description: 1005 };

/** A header of rpm. @param {Record<string, string | number>} fields */
function headerOf(fields) {
  const entries = [];
  let store = Buffer.alloc(0);
  for (const [name, value] of Object.entries(fields)) {
    const isNumber = typeof value === "number";
    if (isNumber) store = Buffer.concat([store, Buffer.alloc((4 - (store.length % 4)) % 4)]);
    const entry = Buffer.alloc(16);
    entry.writeUInt32BE(tags[/** @type {keyof typeof tags} */ (name)], 0);
    entry.writeUInt32BE(isNumber ? 4 : name === "description" ? 9 : 6, 4);
    entry.writeUInt32BE(store.length, 8);
    entry.writeUInt32BE(1, 12);
    entries.push(entry);
    const bytes = isNumber ? Buffer.alloc(4) : Buffer.from(`${value}\0`);
    if (isNumber) bytes.writeUInt32BE(value);
    store = Buffer.concat([store, bytes]);
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(entries.length, 0);
  head.writeUInt32BE(store.length, 4);
  return Buffer.concat([head, ...entries, store]);
}

/** A database, made by SQLite's own program. @param {Buffer[]} headers */
function databaseOf(headers, pageSize = 4096, before = "") {
  const { folder, remove } = temporaryFolder("rpm");
  try {
    const file = join(folder, "rpmdb.sqlite");
    const rows = headers.map((header) => `INSERT INTO Packages(blob) VALUES (x'${header.toString("hex")}');`);
    const sql = [
      `PRAGMA page_size=${pageSize};`,
      before,
      "CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL);",
      "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);",
      "CREATE INDEX Name_key_idx ON Name(key ASC);",
      "BEGIN;",
      ...rows,
      "COMMIT;",
    ].join("\n");
    execFileSync("sqlite3", [file], { input: sql, maxBuffer: 1 << 26 });
    return readFileSync(file);
  } finally {
    remove();
  }
}

/** @param {Buffer} was @param {Buffer} is */
async function packages(was, is) {
  const layer = (/** @type {Buffer} */ content) => [
    { name: "usr/lib/sysimage/rpm/rpmdb.sqlite", content },
    { name: "usr/lib/sysimage/rpm/rpmdb.sqlite-wal" },
    { name: "var/lib/rpm", type: "2", target: "../../usr/lib/sysimage/rpm" },
  ];
  return (await compareLayers(inFake(fake), [layer(was)], [layer(is)], { packages: "layers" })).packages;
}

test("names, versions with epoch and release, licences", async () => {
  const bash = { name: "bash", version: "5.2", release: "1.fc40", licence: "GPL-3.0-or-later" };
  const was = databaseOf([
    headerOf(bash),
    headerOf({ name: "gpg-pubkey", version: "a", release: "b" }),
    headerOf({ name: "old", version: "1", release: "1" }),
  ]);
  const is = databaseOf([
    headerOf({ ...bash, epoch: 1 }),
    headerOf({ name: "new", version: "2", release: "3", epoch: 0 }),
  ]);
  const result = await packages(was, is);
  assert.deepEqual(linesOf(result), ["bash 5.2-1.fc40 → 1:5.2-1.fc40", "+ new 2-3", "- old 1-1"]);
  assert.ok(result.state === "compared" && result.changes[0]?.state === "changed");
  assert.deepEqual(result.changes[0].after.licences, ["GPL-3.0-or-later"]);
  assert.ok(result.after[0]?.from === "database" && result.after[0].format === "rpm");
});

test("hundreds of packages, small and large, on pages of every size", async (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  for (const pageSize of [512, 1024, 4096, 65_536]) {
    const all = Array.from({ length: 300 }, (_, at) => ({
      name: `package-${at}`,
      version: String(random(100)),
      release: "1",
      description: "d".repeat(random(random(4) ? 300 : 20_000)),
    }));
    const result = await packages(databaseOf([]), databaseOf(all.map(headerOf), pageSize));
    assert.deepEqual(linesOf(result).sort(), all.map(({ name, version }) => `+ ${name} ${version}-1`).sort());
  }
});

test("damage is told, and never runs in circles", async (t) => {
  const seed = newSeed();
  t.diagnostic(`OCISIGN_SEED=${seed}`);
  const random = randomNumbers(seed);
  const header = headerOf({ name: "a", version: "1", release: "1", description: "d".repeat(3000) });
  const whole = databaseOf(
    Array.from({ length: 40 }, () => header),
    512,
  );
  for (let round = 0; round < 60; round++) {
    const bytes = Buffer.from(whole);
    for (let changes = 1 + random(6); changes > 0; changes--)
      bytes[random(round % 2 ? 600 : bytes.length)] = random(256);
    const cut = random(3) ? bytes : bytes.subarray(0, random(bytes.length));
    const result = await packages(whole, cut);
    assert.ok(result.state === "compared" || result.state === "unknown");
    if (result.state === "unknown") assert.equal(result.error.code, "bad-reply");
  }
  const utf16 = await packages(whole, databaseOf([header], 4096, "PRAGMA encoding='UTF-16le';"));
  assert.ok(utf16.state === "unknown");
  assert.match(utf16.error.message, /UTF-16/);
});

/** A number as SQLite writes it, up to two bytes. @param {number} value */
const varint = (value) => (value < 128 ? [value] : [0x80 | (value >> 7), value & 127]);

/** A row in a cell, each value with its type. @param {[type: number, bytes: Buffer][]} values */
function cellOf(values) {
  const types = values.flatMap(([type]) => varint(type));
  const record = Buffer.concat([
    Buffer.from([types.length + 1, ...types]),
    ...values.map(([, bytes]) => bytes),
  ]);
  return Buffer.concat([Buffer.from([...varint(record.length), 1]), record]);
}

/** A database in which each of many pointers leads to the same rows: as many as rows fit. @param {number} pointers */
function pointingTo(/** @type {Buffer} */ cell, pointers) {
  const size = 4096;
  const text = (/** @type {string} */ it) =>
    /** @type {[number, Buffer]} */ ([13 + 2 * it.length, Buffer.from(it)]);
  const table = cellOf([text("table"), text("Packages"), text("Packages"), [1, Buffer.from([2])], text("")]);
  const pages = Buffer.alloc(2 * size);
  pages.write("SQLite format 3\0", 0);
  pages.writeUInt16BE(size, 16);
  const leaf = (
    /** @type {number} */ page,
    /** @type {number} */ at,
    /** @type {Buffer} */ row,
    /** @type {number} */ count,
  ) => {
    const place = size - row.length;
    pages.writeUInt8(13, at);
    pages.writeUInt16BE(count, at + 3);
    for (let cell = 0; cell < count; cell++) pages.writeUInt16BE(place, at + 8 + 2 * cell);
    row.copy(pages, page * size + place);
  };
  leaf(0, 100, table, 1);
  leaf(1, size, cell, pointers);
  return pages;
}

test("pointers that all lead to one row cost no more than the file is long", async () => {
  // Keys that were imported are passed over, and not counted as packages.
  const header = headerOf({ name: "gpg-pubkey", version: "1", release: "1" });
  const cell = cellOf([
    [0, Buffer.alloc(0)],
    [12 + 2 * header.length, header],
  ]);
  const once = await packages(databaseOf([]), pointingTo(cell, 1));
  assert.deepEqual(linesOf(once), []);
  const often = await packages(databaseOf([]), pointingTo(cell, 1500));
  assert.ok(often.state === "unknown");
  assert.match(often.error.message, /it is no SQLite database/);
});
