// `ocisign verify IMAGE --covered-by INDEX`: what is told of an image that only the signature of its index speaks for.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const indexType = "application/vnd.oci.image.index.v1+json";
const imageType = "application/vnd.oci.image.manifest.v1+json";
const key = keyPair("P-256");

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {ReturnType<typeof shellIn>} */
let shell;
let pem, name, platform, stranger, index;

before(async () => {
  registry = await fakeRegistry();
  shell = shellIn("covered-by");
  pem = shell.file("key.pem", key.pem);
  name = `${registry.domain}/team/app`;
  const manifest = (text) => manifestOf({ digest: text, size: 1, mediaType: "text/plain" });
  platform = registry.manifest("team/app", manifest("linux/arm64"));
  stranger = registry.manifest("team/app", manifest("of another release"));
  const entry = { mediaType: imageType, digest: platform, size: 1 };
  const whole = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [entry] });
  index = registry.manifest("team/app", Buffer.from(whole), "1.0", indexType);
  const payload = Buffer.from(JSON.stringify(payloadFor({ repository: name, digest: index })));
  registry.blob("team/app", payload);
  registry.manifest(
    "team/app",
    manifestOf(simpleLayer(key.privateKey, payload)),
    `${index.replace(":", "-")}.sig`,
  );
});
after(() => {
  registry?.close();
  shell?.remove();
});

const verify = (of, ...args) => shell.ocisign(["verify", `${name}@${of}`, "--key", pem, ...args]);

test("without the option it is unsigned, with it verified: in words, as JSON, by the exit code", async () => {
  assert.equal((await verify(platform)).code, 5);
  const covered = await verify(platform, "--covered-by", `${name}@${index}`);
  assert.equal(covered.code, 0, covered.stderr);
  assert.match(
    covered.stdout,
    new RegExp(`^verified {2}${name}@${platform}\\n {2}Covered by the signed index ${index}`),
  );
  assert.match(
    covered.stdout,
    new RegExp(`\\n {2}covered by the index ${name}@${index}\\n {4}valid: simple-signing`),
  );
  const json = documentOf(await verify(platform, "--covered-by", `${name}@${index}`, "--json"));
  assert.deepEqual([json.state, json.coveredBy.digest, json.coveredBy.through], ["verified", index, []]);
});

test("the index may be named by its tag, which is shown as a digest", async () => {
  const covered = await verify(platform, "--covered-by", `${name}:1.0`);
  assert.equal(covered.code, 0, covered.stderr);
  assert.match(covered.stderr, new RegExp(index));
});

test("an image that the index does not list is not verified", async () => {
  const { code, stdout } = await verify(stranger, "--covered-by", `${name}@${index}`);
  assert.equal(code, 5);
  assert.match(stdout, /^unsigned .*\n.*is signed, but does not list this image/);
});

test("wrong usage is told before anything is asked", async () => {
  const asked = registry.requests.length;
  /** @type {[string[], RegExp][]} */
  const wrong = [
    [["--covered-by", `registry.example/team/app@${index}`], /another repository/],
    [["--covered-by", `${registry.domain}/team/ap@${index}`], /another repository/],
    [["--covered-by", `${name}@${index}`, "--recursive"], /exclude each other/],
    [["--covered-by", "index.json"], /./],
  ];
  for (const [args, said] of wrong) {
    const { code, stderr } = await verify(platform, ...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
  }
  const list = await shell.ocisign(
    ["verify", "--from-file", "-", "--key", pem, "--covered-by", `${name}@${index}`],
    {
      input: `${name}@${platform}\n`,
    },
  );
  assert.equal(list.code, 2);
  assert.match(list.stderr, /--covered-by and --from-file exclude/);
  assert.equal(registry.requests.length, asked);
});
