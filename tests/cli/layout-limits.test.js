// A layout whose files are longer than anybody waits for: what is not needed is passed over, and the time that was given ends
// the rest. Such files take no room on a disk, since they are holes.
import assert from "node:assert/strict";
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { shellIn } from "../support/cli.js";
import { entryOf, headerOf, paxOf, tarOf } from "../support/layers.js";
import { imageType, key, MadeLayout, name, pathOf, tag } from "../support/made-layout.js";

const shell = shellIn("layout-limits");
after(shell.remove);
const pem = shell.file("key.pem", key.pem);
/** Nobody reads so much within the seconds of a processor that a run gets here. */
const endless = 2 ** 41;
const secondsOfProcessor = 30;

/** @param {...string} args */
const verify = (...args) => {
  const line = ["verify", ...args, "--key", pem].map((word) => `'${word}'`).join(" ");
  return shell.bash(`ulimit -t ${secondsOfProcessor}; exec ocisign ${line}`);
};

/** In base 256, as GNU writes what has no room in octal digits. @param {number} size */
function inBase256(size) {
  const field = Buffer.alloc(12);
  field[0] = 0x80;
  field.writeBigUInt64BE(BigInt(size), 4);
  return field;
}

/** @param {string} path @param {Buffer} before @param {Buffer} behind */
function archiveWithHole(path, before, behind) {
  const file = openSync(join(shell.folder, path), "w");
  writeSync(file, before);
  writeSync(file, behind, 0, behind.length, before.length + endless);
  closeSync(file);
  return join(shell.folder, path);
}

function signedLayout() {
  const layout = new MadeLayout();
  const digest = layout.image("one", tag("1.0"));
  layout.sign(digest);
  layout.held.set("index.json", layout.index());
  return {
    digest,
    entries: [...layout.held].map(([path, bytes]) => entryOf({ name: path, content: Buffer.from(bytes) })),
  };
}

test("an archive is read past what nobody asks for, however long that is", async () => {
  const { digest, entries } = signedLayout();
  const image = `${name}@${digest}`;
  const other = "blobs/sha256/other";
  const hidden = {
    gnu: headerOf({ name: other, size: inBase256(endless) }),
    pax: Buffer.concat([
      entryOf({ name: "pax", type: "x", content: paxOf({ size: String(endless) }) }),
      headerOf({ name: other }),
    ]),
  };
  for (const [format, header] of Object.entries(hidden)) {
    const [first, ...others] = entries;
    const before = Buffer.concat([first ?? Buffer.of(), header]);
    const path = archiveWithHole(`${format}.tar`, before, tarOf(others));
    const { code, stdout, stderr } = await verify(image, "--layout", path);
    assert.equal(code, 0, stdout + stderr);
    truncateSync(path, before.length + endless - 512);
    const cut = await verify(image, "--layout", path);
    assert.equal(cut.code, 1, cut.stdout);
    assert.match(cut.stderr, /ends in the middle of an entry/);
  }
});

test("a blob that takes longer than the time that was given ends with it", async () => {
  const layout = new MadeLayout();
  const config = {
    mediaType: "application/vnd.oci.image.config.v1+json",
    digest: layout.blob("{}"),
    size: 2,
  };
  const layers = [1, 2].map((n) => ({
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    digest: `sha256:${String(n).repeat(64)}`,
    size: endless,
  }));
  const digest = layout.manifest({ schemaVersion: 2, mediaType: imageType, config, layers }, tag("1.0"));
  layout.sign(digest);
  const root = join(shell.folder, "long");
  layout.held.set("index.json", layout.index());
  for (const [path, bytes] of layout.held) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  for (const one of layers) {
    writeFileSync(join(root, pathOf(one.digest)), "");
    truncateSync(join(root, pathOf(one.digest)), endless);
  }
  const { code, stdout, stderr } = await verify(`${name}:1.0`, "--layout", root, "--total-timeout", "1s");
  assert.equal(code, 1, stdout + stderr);
  assert.match(stdout, /^unreachable [\s\S]*took more than 1000 ms/);
  assert.equal(stdout.match(/could not be read/g)?.length, 1, "it is said once");
});
