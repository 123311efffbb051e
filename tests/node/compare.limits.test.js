// Does reading a layer end where a limit says so, before it costs memory or time?
import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../demo/registry.js";
import { entryOf, tarOf } from "../support/layers.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/compare/layer/engine.ts")} */
const { LocalEngine } = await importSource("pkg/src/compare/layer/engine.ts");
const limits = {
  packed: 1e9,
  unpacked: 1e9,
  ratio: 100,
  free: 1e9,
  entries: 1000,
  database: 10_000,
  listed: 100_000,
};

/** Reads a layer with these limits. @param {Buffer} bytes @param {Partial<typeof limits>} own @param {boolean} [isListed] */
async function read(bytes, own, isListed = true) {
  const engine = new LocalEngine({ ...limits, ...own });
  const layer = { digest: digestOf(bytes), sizeBytes: bytes.length, mediaType: "" };
  await engine.begin(/** @type {any} */ (layer), isListed ? { side: "after", at: 0 } : undefined);
  let written = 0;
  try {
    for (let at = 0; at < bytes.length; at += 5000) {
      written = at;
      await engine.write(new Uint8Array(bytes.subarray(at, at + 5000)));
    }
    return await engine.end();
  } catch (error) {
    assert.ok(written < bytes.length);
    throw error;
  } finally {
    engine.close();
  }
}

const many = (/** @type {number} */ count, /** @type {(at: number) => any} */ entry) =>
  tarOf(Array.from({ length: count }, (_, at) => entry(at)));

test("of each kind", async () => {
  const file = (/** @type {number} */ at) => ({ name: `f${at}` });
  for (const [bytes, own, said] of /** @type {const} */ ([
    [many(1001, file), { listed: 1e9 }, /more than 1000 entries/],
    [many(1000, file), {}, /more files than can be compared here/],
    [many(900, (at) => ({ name: `.wh.f${at}` })), {}, /more files than can be compared here/],
    [many(10, file), { unpacked: 3000 }, /unpack to more than 3000/],
    [
      tarOf([{ name: "a", size: 20_000, content: Buffer.alloc(20_000) }]),
      { free: 1, ratio: 0.5 },
      /unpack to more than/,
    ],
  ])) {
    await assert.rejects(read(/** @type {Buffer} */ (bytes), own), (/** @type {Error} */ error) => {
      assert.equal(error.name, "Beyond", error.stack);
      assert.match(error.message, said);
      return true;
    });
  }
  // Who wants no list of files pays for none.
  await read(many(1000, file), {}, false);
  // One name costs once, however often it comes.
  await read(
    many(1000, () => ({ name: "again" })),
    {},
  );
});

test("links that lead past thousands of folders, for each of many entries", async () => {
  const detour = "x/../".repeat(790);
  const links = Array.from({ length: 35 }, (_, at) => ({
    ...{ name: `l${at}`, type: "2", target: "long" },
    pax: { linkpath: `${detour}${at === 34 ? "end" : `l${at + 1}`}` },
  }));
  const behind = Array.from({ length: 100 }, (_, at) => ({ name: `l0/f${at}` }));
  await assert.rejects(read(tarOf([...links, ...behind]), { listed: 1e9 }), /past more folders than/);
  await read(tarOf([...links, ...behind.slice(0, 3)]), { listed: 1e9 });
});

test("databases: of one name the last counts, and together they have a limit", async () => {
  const at = "var/lib/dpkg/status";
  const paragraph = (/** @type {string} */ name) => `Package: ${name}\nVersion: 1\n\n`;
  const content = (/** @type {number} */ number) => paragraph(`p${number}`).repeat(200);
  const facts = await read(
    many(50, (number) => ({ name: at, content: content(number) })),
    {},
  );
  const [only] = facts.databases;
  assert.ok(only && "packages" in only && only.packages[0]?.name === "p49");
  const parts = await read(
    many(950, (number) => ({ name: `${at}.d/p${number}`, content: "Package: a\n" })),
    {},
    false,
  );
  const faults = parts.databases.filter((it) => "fault" in it);
  assert.ok(faults.length > 0 && faults.length < 100);
  assert.match(
    "fault" in (faults[0] ?? {}) ? /** @type {any} */ (faults[0]).fault : "",
    /more than 10000 bytes together/,
  );
  await assert.rejects(
    read(
      many(20_001, (number) => entryOf({ name: `${at}.d/.wh.p${number}` })),
      { entries: 1e6 },
      false,
    ),
    /more than 20000 package databases, or takes away so many/,
  );
});

test("more packages than an image has", async () => {
  for (const [name, content, said] of /** @type {const} */ ([
    ["lib/apk/db/installed", "P:a\n\n".repeat(50_001), /more than 50000 packages/],
    ["var/lib/dpkg/status", "Package: a\n\n".repeat(50_001), /more than 50000 packages/],
    ["var/lib/dpkg/status", "\n \n\r\n\t\n".repeat(10_000), undefined],
    ["var/lib/dpkg/status", `Package: a\nDescription: b\n ${"x".repeat(500_000)}\nVersion: 1\n`, undefined],
  ])) {
    const { databases } = await read(tarOf([{ name, content }]), { database: 1e6 });
    const [one] = databases;
    assert.ok(one);
    if (said) assert.match("fault" in one ? one.fault : "", said);
    else assert.ok("packages" in one && one.packages.length < 2, JSON.stringify(one).slice(0, 200));
  }
});

test("nothing is told before the digest is that of the whole", async () => {
  const bytes = tarOf([{ name: "var/lib/dpkg/status", content: "Package: a\nVersion: 1\n" }]);
  const engine = new LocalEngine();
  const layer = { digest: digestOf(bytes), sizeBytes: bytes.length, mediaType: "" };
  await engine.begin(/** @type {any} */ (layer), { side: "after", at: 0 });
  const changed = new Uint8Array(bytes);
  // Behind the end of the archive, where no reader of it looks.
  changed[changed.length - 1] = 1;
  await engine.write(changed);
  await assert.rejects(engine.end(), /something else than the layer/);
});
