// Many images from a file: all checked first, and nothing lost of what was requested.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pushImage } from "../../demo/image.js";
import { cliSandbox, documentOf } from "../support/cli.js";
import { imageOf, listService } from "../support/list-service.js";

let at;
let images;
before(async () => {
  at = await cliSandbox("from-file");
  images = [];
  for (const name of ["one", "two", "three"]) {
    images.push(
      `${at.sandbox.registry.domain}/batch/${name}@${await pushImage(at.registry, `batch/${name}`)}`,
    );
  }
});
after(() => at?.close());

const count = async () => (await at.as("requester").signings()).length;

test("one request a line; comments, blank lines and repetitions are none", async () => {
  const file = at.file(
    "images.txt",
    `# a release\n${images[0]}\n\n  \n${images[1]}\r\n${images[0]}\n${images[2]}`,
  );
  const before = await count();
  const done = await at.ocisign(["sign", "--from-file", file, "-P", at.product.id]);
  assert.equal(done.code, 0, done.stderr);
  assert.equal(await count(), before + 3);
  const lines = done.stdout.trim().split("\n");
  // They are requested side by side, and told as they come.
  assert.deepEqual(lines.map((line) => line.split(/ {2,}/).at(-1)).sort(), images.toSorted());
  assert.match(done.stderr, /Line 6 repeats line 2/);
  assert.match(done.stderr, /^3 images: 3 waiting\.$/m);
});

test("a second run requests nothing again, and shows what waits already", async () => {
  const file = at.file("again.txt", images.join("\n"));
  const before = await count();
  const again = await at.ocisign(["sign", "--from-file", file, "-P", at.product.id, "--json"]);
  assert.equal(again.code, 0, again.stderr);
  const { requested } = documentOf(again);
  assert.deepEqual(
    requested.map(({ reference, takenUp }) => [reference, takenUp]),
    images.map((image) => [image, true]),
  );
  assert.equal(await count(), before);
  const none = await at.ocisign(["sign", "--from-file", file, "-P", at.product.id, "--skip", "none"]);
  assert.equal(none.code, 0, none.stderr);
  assert.equal(await count(), before + 3);
});

test("from standard input, waited for, as one document", async () => {
  const done = await at.ocisign(["sign", "--from-file", "-", "-P", "automatic", "--wait", "--json"], {
    input: images.join("\n"),
  });
  assert.equal(done.code, 0, done.stderr);
  const { requested, failed, notRequested } = documentOf(done);
  assert.deepEqual(
    requested.map(({ line, reference, signing }) => [line, reference, signing.state]),
    images.map((image, index) => [index + 1, image, "signed"]),
  );
  assert.deepEqual([failed, notRequested], [[], []]);
});

test("every line that is wrong is told, with its place, before anything is sent", async () => {
  const before = await count();
  const file = at.file("wrong.txt", `${images[0]}\nnginx\n\n${images[1].replace("batch", "Batch")}\n`);
  const refused = await at.ocisign(["sign", "--from-file", file, "-P", at.product.id]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /2 lines of .*wrong\.txt do not name an image/);
  assert.match(
    refused.stderr,
    /wrong\.txt:2:1: .* is not a registry\. The digest is missing at byte 5\.\n +Begin with/,
  );
  assert.match(refused.stderr, /wrong\.txt:4:\d+: /);
  const { error } = documentOf(
    await at.ocisign(["sign", "--from-file", file, "-P", at.product.id, "--json"]),
  );
  assert.deepEqual(
    error.lines.map(({ line, text, code }) => [line, text, code]),
    [
      [2, "[withheld]", "registry-missing"],
      [4, images[1].replace("batch", "Batch"), "repository-uppercase"],
    ],
  );
  const elsewhere = at.file("elsewhere.txt", `${images[0]}\nregistry.example/x@${at.digest}\n`);
  const other = await at.ocisign(["sign", "--from-file", elsewhere, "-P", at.product.id]);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /elsewhere\.txt:2: /);
  const told = await at.ocisign(["sign", "--from-file", elsewhere, "-P", at.product.id, "--json"]);
  const [{ line, reference, code }] = documentOf(told).error.lines;
  assert.deepEqual([line, reference, code], [2, `registry.example/x@${at.digest}`, "registry-mismatch"]);
  const empty = await at.ocisign([
    "sign",
    "--from-file",
    at.file("empty.txt", "# nothing\n"),
    "-P",
    at.product.id,
  ]);
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /names no image/);
  assert.equal(await count(), before);
});

test("4 when one of them is rejected, 3 when one still waits", async () => {
  const file = at.file("wait.txt", images.slice(0, 2).join("\n"));
  const waiting = at.start(["sign", "--from-file", file, "-P", at.product.id, "--wait"]);
  await waiting.says(/requested \S+ +.*batch\/two/, "stderr");
  const ids = [...waiting.said.stderr.matchAll(/^requested (\S+)/gm)].map(([, id]) => id);
  for (const id of ids) await at.as("approver-one").reject(id, { comment: "no" });
  assert.equal((await waiting.ended).code, 4);
  const late = await at.ocisign([
    "sign",
    "--from-file",
    file,
    "-P",
    at.product.id,
    "--wait",
    "--timeout",
    "50ms",
  ]);
  assert.equal(late.code, 3);
  assert.match(late.stdout, /waiting for approval/);
});

/**
 * A service that takes as many requests as it is told to, and a shell with a list of four images.
 *
 * @param {import("node:test").TestContext} t
 * @param {((image: string) => import("../support/fake-service.js").Answer | undefined) | import("../support/fake-service.js").Answer[]} answers
 */
async function limited(t, answers) {
  const one = (number, image) => (typeof answers === "function" ? answers(image) : answers[number - 1]);
  const at = await listService(t, (number, image) => {
    const answer = one(number, image);
    return answer?.status || answer?.hang ? answer : undefined;
  });
  at.file("images.txt", [1, 2, 3, 4].map(imageOf).join("\n"));
  return at;
}

test("what failed for one does not stop the others, and is told by name and reason", async (t) => {
  const shell = await limited(t, [{}, { status: 409, body: { message: "already" } }]);
  const done = await shell.ocisign(["sign", "--from-file", "images.txt", "--json", "--concurrency", "1"]);
  assert.equal(done.code, 1);
  const { batch, counts, requested, failed, notRequested } = documentOf(done);
  assert.match(batch, /^[a-z0-9]{16}$/);
  assert.deepEqual(
    requested.map(({ line, signing }) => [line, signing.id]),
    [1, 3, 4].map((line, index) => [line, `request-${index + 1}`]),
  );
  assert.deepEqual([failed[0].line, failed[0].error.code, notRequested], [2, "conflict", []]);
  assert.deepEqual([counts.waiting, counts.failed, counts.signed, counts.notRequested], [3, 1, 0, 0]);
  assert.match(done.stderr, /^Not signed:\n {2}line 2: registry\.example\/app2@\S+: failed\n {4}.*already/m);
  assert.match(done.stderr, /^4 images: 3 waiting, 1 failed\.$/m);
});

test("what would fail for all of them stops the run; nothing is lost, and the command to go on is told", async (t) => {
  const shell = await limited(t, [{}, {}, ...Array(5).fill({ status: 401 })]);
  const args = ["sign", "--from-file", "images.txt", "--concurrency", "1", "--metadata", "Version=1 2"];
  // A stopped run may have sent something that the list does not show yet: the next one waits for it.
  args.push("--settle", "1ms");
  const done = await shell.ocisign(args);
  assert.equal(done.code, 1);
  assert.match(done.stdout, /^request-1 .*\nrequest-2 .*\n$/);
  assert.match(done.stderr, /^4 images: 2 waiting, 1 failed, 1 not requested\.$/m);
  assert.match(done.stderr, /error: .*HTTP 401\.\n +Get a new token/);
  const [, again = ""] = /goes on where this one stopped:\n +(ocisign .*)\n/.exec(done.stderr) ?? [];
  assert.match(
    again,
    /^ocisign sign --from-file images\.txt --metadata 'Version=1 2' .*--batch [a-z0-9]{16}$/,
  );
  const next = await shell.bash(again);
  assert.equal(next.code, 0, next.stderr);
  assert.equal(shell.posts, 9);
  assert.deepEqual(shell.images(), [1, 2, 3, 4].map(imageOf));
  assert.match(next.stderr, /^4 images: 4 waiting \(2 requested before\)\.$/m);
});

test("Ctrl-C in the middle loses nothing", async (t) => {
  for (const [args, json] of /** @type {[string[], boolean][]} */ ([
    [[], false],
    [["--json"], true],
  ])) {
    const answers = (image) => (image.includes("app2") ? { hang: true } : {});
    const shell = await limited(t, answers);
    const running = shell.start(["sign", "--from-file", "images.txt", "--concurrency", "1", ...args]);
    while (shell.posts < 2) await new Promise((resolve) => setImmediate(resolve));
    running.child.kill("SIGINT");
    const ended = await running.ended;
    assert.equal(ended.code, 130);
    if (json) {
      const { requested, doubtful, notRequested } = documentOf(ended);
      assert.deepEqual(
        [requested, doubtful, notRequested].map((those) => those.map(({ line }) => line)),
        [[1], [2], [3, 4]],
      );
      assert.equal(requested[0].signing.id, "request-1");
    } else assert.match(ended.stdout, /^request-1 /);
    assert.match(
      ended.stderr,
      /line 2: registry\.example\/app2@\S+: doubtful\n +Whether the service has a request .* is not known/,
    );
    assert.match(ended.stderr, /^4 images: 1 waiting, 1 doubtful, 2 not requested\.$/m);
    assert.match(
      ended.stderr,
      /Interrupted\.\n.*\n +ocisign sign --from-file images\.txt .*--batch [a-z0-9]{16}\n/,
    );
  }
});

test("a reader that goes away in the middle loses nothing", async (t) => {
  const shell = await limited(t, []);
  const { stdout, stderr } = await shell.bash("ocisign sign --from-file images.txt | true");
  assert.equal(stdout, "");
  const told = [...stderr.matchAll(/^requested request-\d/gm)];
  assert.equal(told.length, shell.posts, stderr);
  assert.ok(!/^ +at /m.test(stderr));
});

test("options for lists need a list", async (t) => {
  const shell = await limited(t, []);
  for (const args of [["--journal", "j"], ["--keep-going"], ["--shard", "1/2"], ["--skip", "verified"]]) {
    const refused = await shell.ocisign(["sign", imageOf(1), ...args]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, new RegExp(`${args[0]} needs --from-file\\.`));
  }
  for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
    [["--shard", "0/4"], /with i from 1 to n, here 1\/4 to 4\/4/],
    [["--shard", "5/4"], /with i from 1 to n, here 1\/4 to 4\/4/],
    [["--shard", "1/0"], /with n from 1/],
    [["--shard", "one"], /Write i\/n, such as 2\/8/],
    [["--skip", "all"], /Write verified, pending/],
    [["--concurrency", "0"], /whole number above 0/],
    [["--batch", "a b"], /batch id/],
    [["--report", "x.pdf"], /names no format of a report/],
  ])) {
    const refused = await shell.ocisign(["sign", "--from-file", "images.txt", ...args]);
    assert.match(refused.stderr, words);
    assert.equal(refused.code, args[0] === "--batch" ? 1 : 2, refused.stderr);
  }
  assert.equal(shell.posts, 0);
});

test("reports say what came of each image", async (t) => {
  const shell = await limited(t, [{}, { status: 409 }]);
  const args = ["--concurrency", "1", "--report", "r.jsonl", "--report", "r.xml", "--report", "r.csv"];
  const done = await shell.ocisign(["sign", "--from-file", "images.txt", ...args]);
  assert.equal(done.code, 1);
  const entries = readFileSync(join(shell.folder, "r.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    entries.map(({ index, line, reference, state, id }) => [index, line, reference, state, id]),
    [
      [0, 1, imageOf(1), "waiting", "request-1"],
      [1, 2, imageOf(2), "failed", undefined],
      [2, 3, imageOf(3), "waiting", "request-2"],
      [3, 4, imageOf(4), "waiting", "request-3"],
    ],
  );
  assert.equal(entries[1].error.code, "conflict");
  assert.match(readFileSync(join(shell.folder, "r.xml"), "utf8"), /failures="1" errors="0" skipped="3"/);
  assert.equal(readFileSync(join(shell.folder, "r.csv"), "utf8").trimEnd().split("\r\n").length, 5);
});

test("on a terminal a bar tells how far it is", async (t) => {
  const shell = await limited(t, []);
  const lines = Array.from({ length: 400 }, (_, n) => `registry.example/a${n}@sha256:${"0".repeat(64)}`);
  shell.file("many.txt", lines.join("\n"));
  const { code, stdout } = await shell.terminal("ocisign sign --from-file many.txt > ids").ended;
  assert.equal(code, 0, stdout);
  assert.match(stdout, /\[#*-*\] \d+ of 400 \(\d+ %\), \d+\/s, \d+ s left/);
  assert.match(stdout, /400 images: 400 waiting\./);
  assert.equal(readFileSync(join(shell.folder, "ids"), "utf8").trimEnd().split("\n").length, 400);
});

test("--no-mark: requests carry no batch id, and no command promises to go on by it", async (t) => {
  const shell = await limited(t, [{}, {}, ...Array(20).fill({ status: 401 })]);
  const args = ["sign", "--from-file", "images.txt", "--concurrency", "1", "--no-mark"];
  const done = await shell.ocisign([...args, "--json"]);
  assert.equal(done.code, 1);
  const { batch, requested, error } = documentOf(done);
  assert.deepEqual([batch, error.resume], [undefined, undefined]);
  assert.deepEqual(
    requested.map(({ signing }) => signing.payload.metadata ?? []),
    [[], []],
  );
  assert.doesNotMatch(done.stderr, /--batch|goes on where/);
  const kept = await shell.ocisign([...args, "--journal", "j"]);
  assert.match(kept.stderr, /ocisign sign --from-file images\.txt .*--journal j --no-mark\n/);
  const both = await shell.ocisign([...args, "--batch", "b"]);
  assert.match(both.stderr, /batch/);
  assert.equal(both.code, 1);
  const alone = await shell.ocisign(["sign", imageOf(1), "--no-mark"]);
  assert.match(alone.stderr, /--no-mark needs --from-file/);
});
