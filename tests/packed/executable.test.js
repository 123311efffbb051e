// The command line as one file: it runs where there is no Node, and carries all that it loads.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { after, before, test } from "node:test";
import { buildExecutable, carried } from "../../tools/build/executable.js";
import { cliSandbox } from "../support/cli.js";
import { temporaryFolder } from "../support/sandbox.js";

const place = temporaryFolder("executable");
let at;
let file;
before(async () => {
  [at, file] = await Promise.all([cliSandbox("executable"), buildExecutable(place.folder)]);
});
after(async () => {
  await at?.close();
  place.remove();
});

/** Without Node, or anything else of ours, on the PATH. */
const ocisign = (line) => at.bash(`"${file}" ${line}`, { env: { PATH: "/usr/bin:/bin" } });

test("it carries every file that one of its files loads", () => {
  const files = carried();
  for (const [name, path] of Object.entries(files)) {
    if (!name.endsWith(".cjs")) continue;
    for (const [, wanted] of readFileSync(path, "utf8").matchAll(/\brequire\("(\.[^"]+)"\)/g)) {
      assert.ok(posix.join(posix.dirname(name), wanted) in files, `${name}: ${wanted}`);
    }
  }
});

test("it says its version and its help, as the package does", async () => {
  for (const line of ["--version", "verify --help", "help connection"]) {
    const [own, ofPackage] = [await ocisign(line), await at.ocisign(line.split(" "))];
    assert.deepEqual([own.code, own.stdout], [0, ofPackage.stdout], own.stderr);
  }
});

test("it signs and verifies, with certificates and its own network, too", async () => {
  const signed = await ocisign(`sign ${at.image} --product automatic --verify`);
  assert.equal(signed.code, 0, signed.stderr);
  const key = await ocisign("key --product automatic");
  at.file("key.pem", key.stdout);
  const verified = await ocisign(`verify ${at.image} --key ${join(at.folder, "key.pem")}`);
  assert.equal(verified.code, 0, verified.stderr);
  assert.match(verified.stdout, /^verified/);
  // A proxy needs the library that is a file of its own.
  const env = {
    PATH: "/usr/bin:/bin",
    OCISIGN_PROFILE: "",
    OCISIGN_URL: "https://service.example/api",
    HTTPS_PROXY: "http://127.0.0.1:9",
  };
  const proxied = await at.bash(`"${file}" products`, { env });
  assert.equal(proxied.code, 1, proxied.stdout);
  assert.match(proxied.stderr, /proxy/i);
});
