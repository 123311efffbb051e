// Is the package the same wherever it is built? A clean build in another folder, home, time, language, umask and order of
// files is compared with that of this checkout, byte for byte.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { finish, root } from "../../tools/machine/command.js";

test("a build elsewhere gives the same tarball, byte for byte", async () => {
  const packed = await finish(process.execPath, ["tools/tasks/tarball.js"]);
  assert.equal(packed.code, 0, packed.output);
  const pin = readFileSync(join(root, "target", "tarball", "pin.env"), "utf8");
  const [, file = ""] = /OCISIGN_PACKAGE=(.+)/.exec(pin) ?? [];
  const [, integrity = ""] = /OCISIGN_INTEGRITY=(.+)/.exec(pin) ?? [];
  const { code, output } = await finish(process.execPath, ["tools/tasks/reproduce.js", "--against", file]);
  // The steps before the one that failed say nothing of the file that differs.
  const why = output.split(/failed after .*\n+/).at(-1);
  assert.equal(code, 0, `to see it again: npm run test:reproduce. ${why}`);
  assert.ok(output.includes(`Both are ${integrity}`), output);
});
