// How an error is told: to a person, and to a program.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cliSandbox, documentOf } from "../support/cli.js";

let at;
before(async () => {
  at = await cliSandbox("errors");
});
after(() => at?.close());

const damagedKey = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";

test("an error with --json is one document, too, and a person still reads it", async () => {
  for (const [args, code, exit] of /** @type {[string[], string, number][]} */ ([
    [["sign", "nginx", "-P", "automatic"], "usage", 2],
    [["sign", at.image, "-P", "automtaic"], "product-unknown", 1],
    [["status", at.product.id], "not-found", 1],
    [["status"], "usage", 2],
    [["nonsense"], "usage", 2],
    [["verify", at.image, "--key", at.file("damaged.pem", damagedKey)], "bad-public-key", 1],
    [["sign", at.image, "-P", "automatic", "--operation", "none"], "operation-missing", 1],
  ])) {
    const outcome = await at.ocisign([...args, "--json"]);
    const { error } = documentOf(outcome);
    assert.deepEqual([error.code, error.exitCode, outcome.code], [code, exit, exit]);
    assert.ok(error.message && error.fix);
    assert.match(outcome.stderr, /^error: /m);
    assert.ok(!/^ +at /m.test(outcome.stderr), "no stack");
  }
});

test("JSON that is nested too deeply is told as such, whoever wrote it", async () => {
  for (const levels of [5000, 200_000]) {
    for (const text of [
      `${"[".repeat(levels)}${"]".repeat(levels)}`,
      `{"statuses":${'{"a":'.repeat(levels)}1${"}".repeat(levels + 1)}`,
      "[".repeat(levels),
    ]) {
      const file = at.file("deep.json", text);
      for (const flag of ["--profile", "--config"]) {
        const { error } = documentOf(await at.ocisign(["products", flag, file, "--json"]));
        assert.ok(["bad-file", "bad-profile", "bad-config"].includes(error.code), error.message);
      }
    }
  }
});

test("the help that is shown for a missing command is one document, too", async () => {
  for (const args of [[], ["help", "nonsense"], ["imagesigning"]]) {
    const outcome = await at.ocisign([...args, "--json"]);
    assert.deepEqual([documentOf(outcome).error.code, outcome.code], ["usage", 2]);
    assert.match(outcome.stderr, /^Usage: ocisign/);
  }
});

test("a key that is none is told with its file, and what to do on a command line", async () => {
  const file = at.file("damaged.pem", damagedKey);
  const verified = await at.ocisign(["verify", at.image, "--key", file]);
  assert.match(verified.stderr, /--key: .*damaged\.pem: .*\n +Give a public key in PEM or DER/);
  const asked = await at.ocisign(["sign", at.image, "-P", "automatic", "--operation", "none"]);
  assert.match(asked.stderr, /`ocisign products ID` lists the operations/);
});
