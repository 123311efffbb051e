// What `npm run reproduce` tells of two tarballs that are not the same: the file, and the place in it.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { difference } from "../../tools/check/reproduce/compare.js";
import { finish } from "../../tools/machine/command.js";
import { temporaryFolder } from "../support/sandbox.js";

const { folder, remove } = temporaryFolder("reproduce");
after(remove);

/** @typedef {{ name: string, text: string, mode?: number }} File */

/** @param {string} name @param {File[]} files @param {number} [level] of the compression */
async function tarball(name, files, level = 9) {
  const writing = pack();
  for (const { name, text, mode = 0o644 } of files) writing.entry({ name, mode, mtime: new Date(0) }, text);
  writing.finalize();
  const file = join(folder, `${name}.tgz`);
  writeFileSync(file, gzipSync(await buffer(writing), { level }));
  return { name, file };
}

/** @param {File[]} one @param {File[]} other @param {number} [level] */
async function compared(one, other, level) {
  return difference(await tarball("here", one), await tarball("there", other, level));
}

const a = { name: "package/a.js", text: "a".repeat(5_000) };
const b = { name: "package/b.js", text: 'const where = "/home/one/b.js";' };

test("the same bytes are no difference", async () => {
  assert.equal(await compared([a, b], [a, b]), undefined);
});

test("a file that differs is named, with the first differing byte and what stands around it", async () => {
  const told = await compared([a, b], [a, { ...b, text: b.text.replace("one", "two") }]);
  assert.match(told ?? "", /^package\/b\.js differs at byte 21 \(31 bytes and 31\)/);
  assert.match(told ?? "", /here: .*\/home\/one\/b\.js/);
  assert.match(told ?? "", /there: .*\/home\/two\/b\.js/);
});

test("of several files the first is shown, and the others are named", async () => {
  const told = await compared(
    [a, b],
    [
      { ...a, text: `${a.text}!` },
      { ...b, text: "" },
    ],
  );
  assert.match(told ?? "", /^package\/a\.js differs at byte 5000 \(5000 bytes and 5001\)/);
  assert.match(told ?? "", /package\/b\.js differs, too/);
});

test("bytes that a terminal would obey are written out", async () => {
  const told = await compared([a], [{ ...a, text: "\u001b[31m\u0000" }]);
  assert.match(told ?? "", /there: "\\u001b\[31m\\u0000"/);
});

test("a file that is missing", async () => {
  assert.match((await compared([a, b], [b])) ?? "", /package\/a\.js is only in here/);
  assert.match((await compared([b], [a, b])) ?? "", /package\/a\.js is only in there/);
});

test("another mode", async () => {
  const told = await compared([a, b], [a, { ...b, mode: 0o600 }]);
  assert.match(told ?? "", /package\/b\.js has the same bytes, and another header/);
  assert.match(told ?? "", /mode 644[\s\S]*mode 600/);
});

test("another order", async () => {
  assert.match(
    (await compared([a, b], [b, a])) ?? "",
    /file 1 is package\/a\.js in here, package\/b\.js in there/,
  );
});

test("another compression of the same files", async () => {
  assert.match(
    (await compared([a, b], [a, b], 1)) ?? "",
    /Only the compression differs.*same version of Node/,
  );
});

test("a file that stands there twice is not taken for another compression", async () => {
  assert.match(
    (await compared([a, b], [{ ...a, text: "other" }, a, b])) ?? "",
    /What stands beside them differs at byte \d+ of the archive/,
  );
});

test("what is no tarball is refused before anything is built", async () => {
  for (const text of ["", "no tarball"]) {
    const file = join(folder, "text");
    writeFileSync(file, text);
    const { code, output } = await finish(process.execPath, ["tools/tasks/reproduce.js", "--against", file]);
    assert.equal(output, `${file} is no tarball: see --help.\n`);
    assert.equal(code, 2);
  }
});
