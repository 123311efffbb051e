// The parts of a list, and their journals as one report.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { documentOf } from "../support/cli.js";
import { imageOf, listService } from "../support/list-service.js";

const sign = (...more) => ["sign", "--from-file", "images.txt", "--skip", "none", ...more];

test("each part by itself, all of it once; the journals as one report", async (t) => {
  const failing = imageOf(7);
  const at = await listService(t, (_, image) => (image === failing ? { status: 409 } : undefined));
  const images = at.list(40);
  const parts = [1, 2, 3, 4];
  for (const part of parts) {
    const done = await at.ocisign(sign("--shard", `${part}/4`, "--journal", `j${part}`));
    assert.ok(done.code === 0 || done.code === 1, done.stderr);
  }
  assert.deepEqual([...at.images(), failing].sort(), images);
  const journals = parts.map((part) => `j${part}`);
  const told = await at.ocisign(["report", ...journals, "--report", "r.jsonl", "--report", "r.xml"]);
  assert.equal(told.code, 1);
  assert.match(told.stdout, /^Not signed:\n {2}registry\.example\/app7@\S+: failed\n {4}.*409/);
  assert.match(told.stdout, /^40 images: 39 waiting, 1 failed\.$/m);
  const entries = readFileSync(join(at.folder, "r.jsonl"), "utf8").trimEnd().split("\n");
  assert.deepEqual(entries.map((line) => JSON.parse(line).reference).sort(), images);
  assert.match(
    readFileSync(join(at.folder, "r.xml"), "utf8"),
    /tests="40" failures="1" errors="0" skipped="39"/,
  );
  const document = documentOf(await at.ocisign(["report", ...journals, "--json"]));
  assert.deepEqual([document.counts.waiting, document.counts.failed, document.batches.length], [39, 1, 4]);
  assert.deepEqual(
    document.notSigned.map(({ reference, state, error }) => [reference, state, error.code]),
    [[failing, "failed", "conflict"]],
  );
  for (const one of at.kept) one.status = 16;
  for (const part of parts) await at.ocisign(sign("--shard", `${part}/4`, "--journal", `j${part}`, "--wait"));
  const later = await at.ocisign(["report", ...journals]);
  assert.match(later.stdout, /^40 images: 39 signed, 1 failed\.$/m);
});

test("journals that cannot be put together are refused exactly", async (t) => {
  const at = await listService(t);
  at.list(10);
  for (const [name, ...more] of [
    ["a"],
    ["b", "-P", at.other.id],
    ["c", "--shard", "1/2"],
    ["d", "--shard", "2/2"],
  ]) {
    const { code, stderr } = await at.ocisign(sign("--journal", String(name), ...more));
    assert.equal(code, 0, stderr);
  }
  copyFileSync(join(at.folder, "c"), join(at.folder, "copy"));
  at.file("empty", "");
  for (const [journals, words] of /** @type {[string[], RegExp][]} */ ([
    [
      ["a", "b"],
      /of different runs: the product of a is e1ec\S+, that of b is f1ec\S+\.\n +Report each by itself/,
    ],
    [["a", "c"], /\d+ images are in two of the journals\.\n {2}registry\.example\/app\d+@\S+: in a and c\n/],
    [["c", "d", "copy"], /are in two of the journals\.\n.*: in c and copy/],
    [["c", "d", "c"], /are in two of the journals/],
    [["c", "missing.journal"], /missing\.journal is not there\. *\n +Check the path/],
    [["c", "images.txt"], /images\.txt is another kind of file/],
    [["c", "empty"], /empty is empty/],
  ])) {
    const refused = await at.ocisign(["report", ...journals]);
    assert.match(refused.stderr, words);
    assert.equal(refused.code, 1);
    assert.equal(refused.stdout, "");
  }
  assert.equal((await at.ocisign(["report", "c", "d"])).code, 3);
  assert.equal((await at.ocisign(["report"])).code, 2);
});

test("a run that goes on, or was killed: what is open is told", async (t) => {
  const at = await listService(t, (number) => (number > 4 ? { hang: true } : undefined));
  at.list(400);
  const running = at.start(sign("--journal", "j", "--concurrency", "1"));
  while (at.posts < 5) await new Promise((resolve) => setImmediate(resolve));
  const meanwhile = await at.ocisign(["report", "j"]);
  assert.equal(meanwhile.code, 1);
  assert.match(meanwhile.stdout, /^400 images: 4 waiting, 252 doubtful, 144 not requested\.$/m);
  assert.match(
    meanwhile.stdout,
    /^j: 252 images were under way when this was written\. After a stop, run the same command again\.$/m,
  );
  running.child.kill("SIGKILL");
  await running.ended;
  assert.equal((await at.ocisign(["report", "j"])).stdout, meanwhile.stdout);
});
