// `ocisign payload`: exactly the bytes that a signer signs, or their digest, and nothing around them. It asks nobody.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { signingPayload } from "ocisign";
import { entry, shellIn } from "../support/cli.js";

const digest = `sha256:${"3f".repeat(32)}`;
const images = [
  `registry.example/team/app@${digest}`,
  `localhost:5000/app:1.2@${digest}`,
  `docker.io/library/app@sha512:${"ab".repeat(64)}`,
];

let shell;
before(() => {
  shell = shellIn("payload");
});
after(() => shell?.remove());

/** Its bytes, which text would change. @param {string[]} args */
const printed = (args) =>
  execFileSync(process.execPath, [entry, "payload", ...args], { env: { HOME: shell.folder } });

test("the bytes of each format, without an end of line", async () => {
  for (const image of images) {
    for (const format of /** @type {const} */ (["simple-signing", "bundle"])) {
      const { bytes } = await signingPayload(image, format);
      assert.deepEqual(printed([image, "--format", format]), Buffer.from(bytes), `${image} ${format}`);
    }
  }
  const usual = printed([images[0]]).toString();
  assert.deepEqual(JSON.parse(usual).critical.image, { "docker-manifest-digest": digest });
  assert.match(
    printed([images[0], "--format", "bundle"]).toString(),
    /^DSSEv1 28 application\/vnd\.in-toto\+json \d+ \{/,
  );
});

test("the digest in each encoding is that of these bytes", () => {
  for (const format of ["simple-signing", "bundle"]) {
    const bytes = printed([images[0], "--format", format]);
    for (const hash of ["sha256", "sha384", "sha512"]) {
      const whole = createHash(hash).update(bytes).digest();
      const args = [images[0], "--format", format, "--digest", hash];
      assert.equal(printed(args).toString(), `${whole.toString("hex")}\n`);
      assert.equal(printed([...args, "--encoding", "base64"]).toString(), `${whole.toString("base64")}\n`);
      assert.deepEqual(printed([...args, "--encoding", "raw"]), whole);
    }
  }
});

test("one document for programs", async () => {
  const { bytes, ...payload } = await signingPayload(images[0], "bundle");
  const document = JSON.parse(printed([images[0], "--format", "bundle", "--json"]).toString());
  const text = Buffer.from(bytes).toString("base64");
  assert.deepEqual(document, { reference: images[0], ...payload, bytes: text });
});

test("what is no one payload is refused", async () => {
  /** @type {[string[], RegExp][]} */
  const mistakes = [
    [["registry.example/team/app:1.2"], /digest/],
    [["team/app"], /digest|registry/],
    [[`registry.example/team/app@sha256:${"3f".repeat(31)}`], /digest/],
    [[images[0], "--format", "both"], /payload of its own/],
    [[images[0], "--format", "cosign"], /Allowed choices/],
    [[images[0], "--digest", "sha1"], /Allowed choices/],
    [[images[0], "--encoding", "base64"], /--encoding is that of a digest/],
    [[], /missing required argument/],
  ];
  for (const [args, said] of mistakes) {
    const run = await shell.ocisign(["payload", ...args]);
    assert.equal(run.code, 2, `${args}: ${run.stderr}`);
    assert.match(run.stderr, said);
    assert.equal(run.stdout, "");
  }
});
