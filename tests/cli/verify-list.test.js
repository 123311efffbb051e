// Many images of a file or of standard input, verified: what is told of each, of all, and in reports.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeRegistry } from "../support/fake-registry.js";
import { keyPair, manifestOf, payloadFor, simpleLayer } from "../support/signatures.js";

const key = keyPair("P-256");
const other = keyPair("P-256");

/** @type {Awaited<ReturnType<typeof fakeRegistry>>} */
let registry;
/** @type {ReturnType<typeof shellIn>} */
let shell;
/** @type {string} */
let pem;
/** @type {{ good: string[], unsigned: string, invalid: string, broken: string }} */
let images;

before(async () => {
  registry = await fakeRegistry();
  shell = shellIn("verify-list");
  pem = shell.file("key.pem", key.pem);
  images = {
    good: ["one", "two", "three"].map((text) => image(text, key.privateKey)),
    unsigned: image("unsigned"),
    invalid: image("invalid", other.privateKey),
    broken: image("broken"),
  };
  const digest = images.broken.split("@")[1];
  registry.answer(`GET /v2/team/app/manifests/${digest}`, (_, reply) =>
    reply.writeHead(403, { "content-type": "text/plain" }).end("=cmd|' /C calc'!A0 \u0007 <b>no</b>"),
  );
});
after(() => {
  registry?.close();
  shell?.remove();
});

/** @param {string} text @param {import("node:crypto").KeyObject} [signer] */
function image(text, signer) {
  const digest = registry.manifest(
    "team/app",
    manifestOf({ digest: text, size: 1, mediaType: "text/plain" }),
  );
  const name = `${registry.domain}/team/app`;
  if (signer) {
    const payload = Buffer.from(JSON.stringify(payloadFor({ repository: name, digest })));
    registry.blob("team/app", payload);
    const tag = `${digest.replace(":", "-")}.sig`;
    registry.manifest("team/app", manifestOf(simpleLayer(signer, payload)), tag);
  }
  return `${name}@${digest}`;
}

/** @param {string[]} lines @param {string[]} args @param {object} [options] */
const verifyAll = (lines, args = [], options = {}) =>
  shell.ocisign(["verify", "--from-file", "-", "--key", pem, ...args], {
    input: lines.join("\n"),
    ...options,
  });

test("all are verified: a line for each, a summary, and exit 0", async () => {
  const file = shell.file("good.txt", `# a release\r\n${images.good.join("\r\n")}\r\n\r\n`);
  const done = await shell.ocisign(["verify", "--from-file", file, "--key", pem]);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(done.stdout.trim().split("\n").sort(), images.good.map((it) => `verified  ${it}`).sort());
  assert.match(done.stderr, /3 images: 3 verified\.\n/);
  assert.doesNotMatch(done.stderr, /Not verified/);
});

test("a comment hides no image that stands behind a line break of any kind", async () => {
  const { good, unsigned } = images;
  for (const lines of [
    `# a release\r${unsigned}\n${good[0]}\n`,
    `${good[0]}\r\n# a release\r${unsigned}\r\n`,
    `# ${"x".repeat(300_000)}\r${unsigned}\r${good[0]}`,
    `${good[0]}\r \t# indented\r${unsigned}\r`,
  ]) {
    const { code, stderr } = await verifyAll([lines]);
    assert.equal(code, 5, lines.slice(0, 40));
    assert.match(stderr, /2 images: 1 verified, 1 unsigned\./);
  }
});

test("what is not verified is named with its reason, and the exit code is that of the worst", async () => {
  const { good, unsigned, invalid, broken } = images;
  const all = await verifyAll([good[0], unsigned, invalid, broken, good[0]]);
  assert.equal(all.code, 5, all.stderr);
  assert.match(all.stderr, /Line 5 repeats line 1; the image is verified once\./);
  assert.match(
    all.stderr,
    /5 images: 1 verified, 1 unsigned, 1 invalid, 1 unreachable, 1 skipped \(repeated\)\./,
  );
  for (const [line, reference, state] of /** @type {const} */ ([
    [2, unsigned, "unsigned"],
    [3, invalid, "invalid"],
    [4, broken, "unreachable"],
  ])) {
    assert.ok(all.stderr.includes(`  line ${line}: ${reference}: ${state}\n    `), all.stderr);
  }
  const away = await verifyAll([good[0], broken]);
  assert.equal(away.code, 1, away.stderr);
});

test("one document tells all of it, in the order of the list", async () => {
  const { good, unsigned, invalid } = images;
  const done = await verifyAll([unsigned, good[1], invalid], ["--json"]);
  assert.equal(done.code, 5);
  const { counts, images: told } = documentOf(done);
  assert.deepEqual(counts, {
    verified: 1,
    unsigned: 1,
    invalid: 1,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    notVerified: 0,
  });
  assert.deepEqual(
    told.map(({ line, reference, state, verification }) => [line, reference, state, verification.state]),
    [
      [1, unsigned, "unsigned", "unsigned"],
      [2, good[1], "verified", "verified"],
      [3, invalid, "invalid", "invalid"],
    ],
  );
});

test("reports have an entry for each image, and no text of a registry breaks them", async () => {
  const { good, unsigned, broken } = images;
  const files = ["r.jsonl", "r.csv", "r.xml"].map((name) => join(shell.folder, name));
  const done = await verifyAll(
    [good[0], unsigned, broken],
    files.flatMap((file) => ["--report", file]),
  );
  assert.equal(done.code, 5, done.stderr);
  const [lines, csv, xml] = files.map((file) => readFileSync(file, "utf8"));
  const entries = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(entries.map(({ index, line, state }) => [index, line, state]).sort(), [
    [0, 1, "verified"],
    [1, 2, "unsigned"],
    [2, 3, "unreachable"],
  ]);
  const rows = /** @type {Record<string, string>[]} */ (parse(csv, { columns: true }));
  assert.equal(rows.length, 3);
  const bad = rows.find(({ state }) => state === "unreachable");
  assert.equal(bad?.code, "forbidden");
  assert.match(`${bad?.message}`, /calc/);
  const [, counts] = /<testsuite [^>]* (tests="3" failures="1" errors="1" skipped="0")/.exec(xml) ?? [];
  assert.ok(counts, xml);
  assert.ok(!xml.includes("<b>"));
});

test("a wrong line: nothing is asked; with --keep-going the others are verified, and it is told", async () => {
  const { good } = images;
  const lines = [good[0], "nginx", good[1], `${registry.domain}/Team/app`];
  const { length } = registry.requests;
  const refused = await verifyAll(lines);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /2 lines of standard input do not name an image\./);
  assert.match(refused.stderr, /standard input:2:1: .*--keep-going verifies the others\./s);
  assert.equal(registry.requests.length, length);
  const done = await verifyAll(lines, ["--keep-going", "--json"]);
  assert.equal(done.code, 1);
  const { counts, images: told } = documentOf(done);
  assert.deepEqual([counts.verified, counts.failed], [2, 2]);
  assert.equal(told[1].error.code, "registry-missing");
});

test("the parts of a list are all of it, and each image is in one", async () => {
  const seen = [];
  for (const part of ["1/3", "2/3", "3/3"]) {
    const done = await verifyAll(images.good, ["--shard", part]);
    assert.equal(done.code, 0, done.stderr);
    seen.push(...done.stdout.trim().split("\n").filter(Boolean));
  }
  assert.deepEqual(seen.sort(), images.good.map((it) => `verified  ${it}`).sort());
});

test("options that do not fit together are refused before anything is asked", async () => {
  const { length } = registry.requests;
  const [one] = images.good;
  /** @type {[string[], RegExp][]} */
  const cases = [
    [["verify", one, "--from-file", "-", "--key", pem], /IMAGE and --from-file exclude each other/],
    [["verify", "--key", pem], /No image is given/],
    [["verify", one, "--key", pem, "--report", "r.csv"], /--report needs --from-file/],
    [["verify", one, "--key", pem, "--keep-going"], /--keep-going needs --from-file/],
    [["verify", "--from-file", "-", "--key", pem, "--shard", "4/3"], /i from 1 to n/],
    [["verify", "--from-file", "-", "--key", pem, "--report", "r.txt"], /its ending names no format/],
    [["verify", "--from-file", "-", "--key", pem, "--report", "no/r.csv"], /its folder is not there/],
    [["verify", "--from-file", "-"], /No key is given/],
    [["verify", "--from-file", "-", "--key", pem, "--concurrency", "0"], /whole number above 0/],
  ];
  for (const [args, message] of cases) {
    const done = await shell.ocisign(args, { input: one });
    assert.equal(done.code, 2, `${args}: ${done.stderr}`);
    assert.match(done.stderr, message);
  }
  assert.equal(registry.requests.length, length);
});

test("a password is for one registry: a list of several is refused, and nothing is asked", async () => {
  const { length } = registry.requests;
  const lines = [images.good[0], `other.example/app@sha256:${"ab".repeat(32)}`];
  const env = { OCISIGN_REGISTRY_USERNAME: "robot", OCISIGN_REGISTRY_PASSWORD: "secret" };
  const done = await verifyAll(lines, [], { env });
  assert.equal(done.code, 2, done.stderr);
  assert.match(done.stderr, /OCISIGN_REGISTRY_USERNAME is for one registry, and standard input names 2: /);
  assert.equal(registry.requests.length, length);
});

test("a report on a disk that becomes full ends no run: all is verified, and the lack is told", async () => {
  // Room for the beginning of a report, and for a few of its entries.
  const many = Array.from({ length: 400 }, (_, at) => image(`many ${at}`));
  writeFileSync(join(shell.folder, "many.txt"), many.join("\n"));
  const line = `ulimit -f 66; ocisign verify --from-file many.txt --key ${pem} --report full.jsonl`;
  const done = await shell.bash(line);
  assert.equal(done.code, 1, done.stderr);
  assert.match(done.stderr, /400 images: 400 unsigned\./);
  assert.match(
    done.stderr,
    /--report .*full\.jsonl: no file may be so large here\. It lacks \d+ of the images\./,
  );
  const lines = readFileSync(join(shell.folder, "full.jsonl"), "utf8").split("\n");
  assert.equal(lines.pop(), "");
  for (const entry of lines) assert.equal(JSON.parse(entry).state, "unsigned");
  const refused = await shell.bash(line.replace("66", "8"));
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /no file may be so large here\. *\n? *.*Nothing was sent\./s);
});

for (const format of ["sarif", "junit", "github", "vsa"]) {
  test(`who reads only what a stopped run printed as ${format} takes no image for good`, async () => {
    const good = ["one", "two", "three"].map((name) => image(name, key.privateKey));
    const held = image("held", key.privateKey);
    let isHeld = false;
    registry.answer(`GET /v2/team/app/manifests/${held.split("@")[1]}`, () => {
      isHeld = true;
    });
    const file = shell.file("held.txt", [...good, held].join("\n"));
    const args = ["verify", "--from-file", file, "--key", pem, "--output", format, "--report", "held.xml"];
    const running = shell.start([...args, "--concurrency", "1"]);
    while (!isHeld) await new Promise((resolve) => setImmediate(resolve));
    running.child.kill("SIGTERM");
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 143, stderr);
    assert.match(stderr, /4 images: 3 verified, 1 not looked at\./);
    const xml = readFileSync(join(shell.folder, "held.xml"), "utf8");
    for (const text of format === "junit" ? [stdout, xml] : [xml]) {
      assert.match(text, /tests="4" failures="0" errors="1"/);
      assert.match(text, /<error type="interrupted" message="It was not looked at/);
    }
    if (format === "sarif") {
      const [run] = JSON.parse(stdout).runs;
      assert.equal(run.invocations[0].executionSuccessful, false);
      assert.deepEqual(
        run.results.map((/** @type {any} */ it) => [it.ruleId, it.message.text.startsWith(held)]),
        [["unreachable", true]],
      );
    }
    if (format === "github") assert.match(stdout, /^::error .*not looked at/m);
    if (format === "vsa") assert.ok(!stdout.includes(held.split("sha256:")[1] ?? ""), stdout);
  });
}

test("a document of a run that was stopped, or refused, says so, and names what it did not look at", async () => {
  const good = ["one", "two"].map((name) => image(name, key.privateKey));
  const held = image("never answered", key.privateKey);
  let isHeld = false;
  registry.answer(`GET /v2/team/app/manifests/${held.split("@")[1]}`, () => {
    isHeld = true;
  });
  const file = shell.file("stopped.txt", [...good, held].join("\n"));
  const args = ["verify", "--from-file", file, "--key", pem, "--json", "--concurrency", "1"];
  const running = shell.start(args);
  while (!isHeld) await new Promise((resolve) => setImmediate(resolve));
  running.child.kill("SIGTERM");
  const stopped = await running.ended;
  assert.equal(stopped.code, 143, stopped.stderr);
  const { counts, images: told, error } = documentOf(stopped);
  assert.deepEqual([counts.verified, counts.notVerified, error.code], [2, 1, "interrupted"]);
  assert.deepEqual(
    told.map((/** @type {any} */ it) => [it.reference, it.state, it.error?.code]),
    [...good.map((reference) => [reference, "verified", undefined]), [held, "unreachable", "interrupted"]],
  );
  const trust = { version: 1, keys: { only: { publicKey: key.pem } } };
  const rules = [{ name: "elsewhere", images: ["registry.example/**"], keys: ["only"] }];
  const ruleless = shell.file("ruleless.json", JSON.stringify({ ...trust, rules }));
  const list = shell.file("refused.txt", good.join("\n"));
  const refused = await shell.ocisign(["verify", "--from-file", list, "--trust", ruleless, "--json"]);
  assert.equal(refused.code, 5, refused.stderr);
  const document = documentOf(refused);
  assert.deepEqual([document.error.code, document.error.exitCode], ["bad-list", 5]);
  assert.match(document.error.message, /has no rule for/);
  assert.deepEqual(
    document.images.map((/** @type {any} */ it) => it.state),
    ["unreachable", "unreachable"],
  );
});

test("Ctrl-C leaves reports that are whole, and says what was not looked at", async () => {
  const slow = Array.from({ length: 200 }, (_, at) => image(`slow ${at}`));
  let held = 0;
  registry.answerAll("GET", (_, reply) => {
    held += 1;
    if (held > 100) return;
    reply
      .writeHead(404, { "content-type": "application/json" })
      .end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
  });
  const file = shell.file("slow.txt", slow.join("\n"));
  const args = ["verify", "--from-file", file, "--key", pem, "--report", "slow.xml", "--report", "slow.csv"];
  const running = shell.start(args);
  await running.says(/unreachable/);
  running.child.kill("SIGINT");
  const done = await running.ended;
  assert.equal(done.code, 130, done.stderr);
  assert.match(done.stderr, /200 images: \d+ unreachable, \d+ not looked at\./);
  const xml = readFileSync(join(shell.folder, "slow.xml"), "utf8");
  const rows = parse(readFileSync(join(shell.folder, "slow.csv"), "utf8"), { columns: true });
  assert.equal(xml.match(/<testcase /g)?.length, rows.length);
  assert.match(xml, /<\/testsuites>\n$/);
});

test("a run that was stopped before it has found out anything leaves an older report", async () => {
  let held = 0;
  registry.answerAll("GET", () => {
    held += 1;
  });
  const older = shell.file("older.csv", "older");
  const file = shell.file("older.txt", images.unsigned);
  const running = shell.start(["verify", "--from-file", file, "--key", pem, "--report", older]);
  while (held === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(readFileSync(older, "utf8"), "older");
  running.child.kill("SIGINT");
  assert.equal((await running.ended).code, 130);
  assert.equal(readFileSync(older, "utf8"), "older");
});
