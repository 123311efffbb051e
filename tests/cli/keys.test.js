// Files of public keys: which are read, and what is said of those that are not? openssl makes them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { shellIn } from "../support/cli.js";

const image = `127.0.0.1:9/team/app@sha256:${"ab".repeat(32)}`;
let shell;
let pem = "";
before(() => {
  shell = shellIn("keys");
  run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem");
  run("pkey -in private.pem -pubout -out key.pem");
  run("rsa -in private.pem -RSAPublicKey_out -out pkcs1.pem");
  run("pkey -pubin -in key.pem -outform DER -out key.der");
  run("rsa -in private.pem -RSAPublicKey_out -outform DER -out pkcs1.der");
  run("pkey -in private.pem -outform DER -out private.der");
  run("req -x509 -key private.pem -subj /CN=x -days 2 -out x.crt");
  run("req -new -key private.pem -subj /CN=x -out x.csr");
  pem = readFileSync(join(shell.folder, "key.pem"), "utf8");
});
after(() => shell.remove());

/** @param {string} line */
function run(line) {
  execFileSync("openssl", line.split(" "), { cwd: shell.folder, stdio: "pipe" });
}

test("what openssl reads is read", async () => {
  shell.file("around.pem", `Release key 2026\n${pem}# rotated\n`);
  shell.file("utf16.pem", Buffer.from(`\ufeff${pem.replaceAll("\n", "\r\n")}`, "utf16le"));
  shell.file("bom.pem", `\ufeff${pem}`);
  shell.file("escaped.pem", JSON.stringify(pem));
  for (const name of [
    "around.pem",
    "utf16.pem",
    "bom.pem",
    "escaped.pem",
    "pkcs1.pem",
    "key.der",
    "pkcs1.der",
  ]) {
    const { code, stdout, stderr } = await shell.ocisign(["verify", image, "--key", name]);
    assert.match(stdout, /^unreachable/, `${name}: ${stderr}`);
    assert.equal(code, 1);
  }
  const piped = await shell.ocisign(["verify", image, "--key", "-"], { input: `some text\n${pem}` });
  assert.match(piped.stdout, /^unreachable/, piped.stderr);
});

test("several keys in a file are several", async () => {
  run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.private");
  run("pkey -in ec.private -pubout -out ec.pem");
  shell.file("both.pem", pem + readFileSync(join(shell.folder, "ec.pem"), "utf8"));
  const two = await shell.ocisign(["verify", image, "--key", "both.pem", "--threshold", "2"]);
  assert.match(two.stdout, /^unreachable/, two.stderr);
  const three = await shell.ocisign(["verify", image, "--key", "both.pem", "--threshold", "3"]);
  assert.equal(three.code, 2);
  assert.match(three.stderr, /needs 3 keys, but there are 2/);
});

test("what is no public key is named, with its file and the way out", async () => {
  shell.file("bad.pem", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  shell.file("id.pub", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 jane@laptop\n");
  shell.file(
    "gpg.asc",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----\n",
  );
  shell.file(
    "private16.pem",
    Buffer.from(`\ufeff${readFileSync(join(shell.folder, "private.pem"))}`, "utf16le"),
  );
  const secret = readFileSync(join(shell.folder, "private.pem"), "utf8").split("\n")[1];
  for (const [name, said] of /** @type {[string, RegExp][]} */ ([
    ["bad.pem", /bad\.pem: The public key is not a DER/],
    ["private.pem", /private\.pem: it holds a private key\.[\s\S]*--tls-key/],
    ["private.der", /private\.der: it holds a private key/],
    ["private16.pem", /private16\.pem: it holds a private key/],
    ["x.crt", /x\.crt: it holds a certificate, not a public key\.[\s\S]*openssl x509/],
    ["x.csr", /x\.csr: it holds a certificate signing request[\s\S]*openssl req/],
    ["id.pub", /id\.pub: it holds a key of SSH[\s\S]*ssh-keygen -e -m pkcs8/],
    ["gpg.asc", /gpg\.asc: it holds a key of PGP/],
  ])) {
    const { code, stdout, stderr } = await shell.ocisign([
      "verify",
      image,
      "--key",
      "key.pem",
      "--key",
      name,
    ]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, said);
    assert.ok(!`${stdout}${stderr}`.includes(secret), name);
  }
});
