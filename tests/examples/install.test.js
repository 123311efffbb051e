// examples/install-ocisign.sh: it installs exactly the tarball that is expected, and nothing else.
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { finish } from "../../tools/machine/command.js";
import { installed, root } from "../support/examples.js";
import { pinOf } from "../support/jobs.js";
import { temporaryFolder } from "../support/sandbox.js";

/** @type {Awaited<ReturnType<typeof installed>>} */
let made;
/** @type {ReturnType<typeof temporaryFolder>} */
let place;

before(async () => {
  made = await installed();
});
after(() => made?.remove());
beforeEach(() => {
  place = temporaryFolder("install");
});
afterEach(() => place.remove());

/** @param {Record<string, string>} env */
async function install(env) {
  const { folder } = place;
  const { code, output } = await finish("sh", [join(root, "examples", "install-ocisign.sh")], {
    cwd: folder,
    env: {
      PATH: `${join(folder, "programs")}:${process.env.PATH}`,
      HOME: folder,
      npm_config_prefix: join(folder, "global"),
      ...env,
    },
  });
  return { code, output, isThere: existsSync(join(folder, "global", "bin", "ocisign")) };
}

test("the expected tarball is installed, and its program starts", async () => {
  const { code, output, isThere } = await install(pinOf(made.tarball));
  assert.deepEqual([code, isThere], [0, true], output);
  const started = await finish(join(place.folder, "global", "bin", "ocisign"), ["--version"]);
  assert.match(started.output, /^\d+\.\d+\.\d+$/m);
});

test("a tarball of other bytes is not installed", async () => {
  const other = join(place.folder, "other.tgz");
  writeFileSync(other, Buffer.concat([readFileSync(made.tarball), Buffer.from([0])]));
  const { code, output, isThere } = await install({ ...pinOf(made.tarball), OCISIGN_PACKAGE: other });
  assert.deepEqual([code, isThere], [1, false], output);
  assert.match(output, /not OCISIGN_INTEGRITY\. Nothing was installed\./);
});

test("a URL is fetched with https only, and checked likewise", async () => {
  // curl, which puts the tarball where it is asked to.
  mkdirSync(join(place.folder, "programs"));
  copyFileSync(made.tarball, join(place.folder, "served.tgz"));
  const curl = join(place.folder, "programs", "curl");
  writeFileSync(
    curl,
    `#!/bin/sh
case "$*" in *"--proto =https"*https://packages.example/ocisign.tgz) ;; *) exit 9 ;; esac
while [ "$1" != --output ]; do shift; done
cp "${place.folder}/served.tgz" "$2"`,
  );
  chmodSync(curl, 0o755);
  const pin = { ...pinOf(made.tarball), OCISIGN_PACKAGE: "https://packages.example/ocisign.tgz" };
  const { code, output, isThere } = await install(pin);
  assert.deepEqual([code, isThere], [0, true], output);

  writeFileSync(join(place.folder, "served.tgz"), "something else");
  const { code: refused, output: said } = await install({ ...pin, npm_config_prefix: place.folder });
  assert.equal(refused, 1, said);
});

for (const [what, env, said] of /** @type {[string, Record<string, string>, RegExp][]} */ ([
  ["no tarball", { OCISIGN_INTEGRITY: "sha512-x" }, /OCISIGN_PACKAGE: Set it to/],
  ["no integrity", { OCISIGN_PACKAGE: "ocisign.tgz" }, /OCISIGN_INTEGRITY: Set it to/],
  [
    "a URL without TLS",
    { OCISIGN_PACKAGE: "http://x.example/o.tgz", OCISIGN_INTEGRITY: "sha512-x" },
    /https/,
  ],
])) {
  test(`${what}: nothing is installed`, async () => {
    const { code, output, isThere } = await install(env);
    assert.notEqual(code, 0, output);
    assert.equal(isThere, false);
    assert.match(output, said);
  });
}
