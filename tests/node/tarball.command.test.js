// `npm run tarball`, and its file as docs/first-day.md uses it: the variables name the tarball, and pin its bytes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { finish, root } from "../../tools/machine/command.js";
import { pinOf } from "../support/jobs.js";

test("it prints and keeps where the tarball is, and the integrity of its bytes", async () => {
  const made = await finish(process.execPath, ["tools/tasks/tarball.js"]);
  assert.equal(made.code, 0, made.output);
  const kept = readFileSync(join(root, "target", "tarball", "pin.env"), "utf8");
  assert.ok(made.stdout.endsWith(kept), made.stdout);
  const shown = await finish("sh", [
    "-ec",
    '. target/tarball/pin.env; printf "%s\\n" "$OCISIGN_PACKAGE" "$OCISIGN_INTEGRITY"',
  ]);
  const [file = "", integrity] = shown.stdout.split("\n");
  assert.equal(integrity, pinOf(join(root, file)).OCISIGN_INTEGRITY);
  assert.match(file, /^target\/tarball\/ocisign-\d+\.\d+\.\d+\.tgz$/);
});
