// A run with a journal: killed at any moment, the same command goes on; the journal of something else is refused.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { readJournal } from "ocisign/journal";
import { documentOf } from "../support/cli.js";
import { all } from "../support/journals.js";
import { imageOf, listService } from "../support/list-service.js";

const sign = (...more) => ["sign", "--from-file", "images.txt", "--skip", "none", "--journal", "j", ...more];

/** @param {{ folder: string }} at */
const journalIn = ({ folder }) => join(folder, "j");

test("what is done is not requested again; the journal is private, and says what came of each image", async (t) => {
  const at = await listService(t);
  const images = at.list(20);
  const done = await at.ocisign(sign());
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(at.images(), images);
  assert.equal(statSync(journalIn(at)).mode & 0o777, 0o600);
  const records = await all(readJournal(journalIn(at)));
  const [head] = records;
  assert.ok(head?.kind === "run" && head.count === 20 && head.productId === at.product.id);
  assert.deepEqual(
    records.flatMap((record) => (record.kind === "outcome" ? [record.reference] : [])).sort(),
    images,
  );
  assert.ok(!readFileSync(journalIn(at), "utf8").includes("Bearer"));
  const again = await at.ocisign(sign());
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stderr, /^20 images: 20 skipped \(20 waiting earlier\)\.$/m);
  assert.equal(at.posts, 20);
  const waiting = await at.ocisign(sign("--wait", "--timeout", "1ms", "--json"));
  assert.equal(waiting.code, 3, waiting.stderr);
  for (const one of at.kept) one.status = 16;
  const waited = await at.ocisign(sign("--wait", "--json"));
  assert.equal(waited.code, 0, waited.stderr);
  assert.equal(documentOf(waited).counts.signed, 20);
  assert.equal(at.posts, 20);
});

test("a restart reports what earlier runs have found out as they would, and what still waits as requested", async (t) => {
  const at = await listService(t);
  at.list(3);
  assert.equal((await at.ocisign(sign())).code, 0);
  [16, 32, 2].forEach((status, index) => {
    at.kept[index].status = status;
  });
  const waited = await at.ocisign(sign("--wait", "--timeout", "3s"));
  assert.equal(waited.code, 4, waited.stderr);
  const reports = ["r.jsonl", "r.csv", "r.xml"].flatMap((name) => ["--report", name]);
  const again = await at.ocisign(sign(...reports));
  assert.equal(again.code, 4, again.stderr);
  const [lines, csv, xml] = ["r.jsonl", "r.csv", "r.xml"].map((name) =>
    readFileSync(join(at.folder, name), "utf8"),
  );
  const rows = /** @type {Record<string, string>[]} */ (parse(csv, { columns: true }));
  const entries = lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const found of [entries, rows]) {
    assert.deepEqual(
      found.map(({ reference, state, was }) => [reference, state, was]),
      ["signed", "rejected", "waiting"].map((was, index) => [imageOf(index), "skipped", was]),
    );
  }
  assert.deepEqual(
    rows.map(({ message }) => message),
    [
      "An earlier run has finished it: signed.",
      "An earlier run has finished it: rejected.",
      "It was already requested: waiting.",
    ],
  );
  assert.match(xml, /tests="3" failures="1" errors="0" skipped="1" /);
  assert.match(xml, /<failure type="rejected" message="An earlier run has finished it: rejected\.">/);
  assert.match(xml, /<skipped>skipped: It was already requested: waiting\.\n/);
  assert.match(
    again.stderr,
    /line 2: .*: skipped, request request-2\n +An earlier run has finished it: rejected/,
  );
});

test("killed at any moment, the same command goes on: each image is requested once", async (t) => {
  let kill = Number.POSITIVE_INFINITY;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  const at = await listService(t, (number) => {
    if (number < kill) return undefined;
    // The service takes this one, and the client never hears of it.
    child?.kill("SIGKILL");
    return { hang: true };
  });
  const images = at.list(60);
  for (kill of [1, 2, 17, 30, 45]) {
    const running = at.start(sign("--settle", "1ms", "--concurrency", "4"));
    child = running.child;
    assert.equal((await running.ended).code, "SIGKILL");
  }
  kill = Number.POSITIVE_INFINITY;
  const done = await at.ocisign(sign("--settle", "1ms", "--json"));
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(at.images(), images);
  const { counts } = documentOf(done);
  assert.equal(counts.waiting + counts.skipped, 60);
});

test("the journal of another list, product, service or part, and what is none, are refused before anything is sent", async (t) => {
  const at = await listService(t);
  at.list(20);
  assert.equal((await at.ocisign(sign("--shard", "2/3"))).code, 0);
  const { posts } = at;
  const before = readFileSync(journalIn(at));
  const refused = async (args, words, env = {}) => {
    const { code, stderr, stdout } = await at.ocisign(args, { env });
    assert.match(stderr, words);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.equal(at.posts, posts);
  };
  await refused(
    sign("--shard", "1/3"),
    /The journal is of part 2\/3 of a list; this run is part 1\/3\. Nothing was requested\.\n +Give each part a journal of its own/,
  );
  await refused(
    sign(),
    /lists? of images.* differ.*\n +Name this list's journal, or a new file\. If it is a part's, give --shard/,
  );
  await refused(
    sign("--shard", "2/3", "-P", at.other.id),
    /journal is of another run: the products differ\. Nothing was requested/,
  );
  await refused(sign("--shard", "2/3", "--batch", "mine"), /the batch ids differ/);
  at.file("images.txt", Array.from({ length: 21 }, (_, n) => imageOf(`new${n}`)).join("\n"));
  await refused(sign("--shard", "2/3"), /lists? of images differ/);
  at.list(20);
  await refused(sign("--shard", "2/3", "--journal", "images.txt"), /images\.txt is another kind of file/);
  await refused(sign("--shard", "2/3", "--journal", "."), /is a folder/);
  await refused(sign("--shard", "2/3", "--journal", "/dev/null"), /is no regular file/);
  await refused(sign("--shard", "2/3", "--journal", "none/j"), /its folder is not there/);
  assert.deepEqual(readFileSync(journalIn(at)), before);
  const flipped = Buffer.from(before);
  flipped[before.length - 40] = Number(flipped.at(-40)) ^ 1;
  writeFileSync(journalIn(at), flipped);
  await refused(sign("--shard", "2/3"), /is damaged at line \d+: its checksum does not fit/);
  writeFileSync(journalIn(at), before.toString().replace('"version":1', '"version":2'));
  await refused(sign("--shard", "2/3"), /newer version of ocisign/);
  const token = "eyJhbGciOiJSUzI1NiJ9aB3dE5fG7hJ9kL1mN";
  await refused(sign("--journal", `${token}/x`), /its folder is not there/);
  const { stderr } = await at.ocisign(sign("--journal", `${token}/x`));
  assert.ok(!stderr.includes(token), stderr);
});

test("a run that sends nothing leaves an older report, and no journal beside a report that cannot be", async (t) => {
  const at = await listService(t);
  at.list(3);
  const kinds = ["r.jsonl", "r.csv", "r.xml"];
  const reports = kinds.flatMap((name) => ["--report", name]);
  assert.equal((await at.ocisign(sign(...reports))).code, 0);
  const names = () => readdirSync(at.folder).sort();
  const texts = () => kinds.map((name) => readFileSync(join(at.folder, name), "utf8"));
  const [namesBefore, textsBefore] = [names(), texts()];
  for (const [list, args, code, said] of /** @type {[string, string[], number, RegExp][]} */ ([
    [imageOf("another"), reports, 1, /lists? of images/],
    [imageOf(0), [...reports, "--journal", "images.txt"], 1, /another kind of file/],
    [imageOf(0), ["--journal", "j2", "--report", "r.txt"], 2, /its ending names no format/],
    [imageOf(0), ["--journal", "none/j", ...reports], 1, /its folder is not there/],
  ])) {
    at.file("images.txt", list);
    const refused = await at.ocisign(sign(...args));
    assert.equal(refused.code, code, refused.stderr);
    assert.match(refused.stderr, said);
    assert.deepEqual(names(), namesBefore);
    assert.deepEqual(texts(), textsBefore);
  }
  assert.equal(at.posts, 3);
});

test("a second process on one journal stops, and names the first", async (t) => {
  const at = await listService(t, () => ({ hang: true }));
  at.list(3);
  const first = at.start(sign());
  while (at.posts === 0) await new Promise((resolve) => setImmediate(resolve));
  const second = await at.ocisign(sign());
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`in use by process ${first.child.pid} on `));
  first.child.kill("SIGKILL");
  await first.ended;
});

test("a full disk stops the run; every id is told, and the same command goes on", async (t) => {
  const at = await listService(t);
  const images = at.list(200);
  const script = `trap "" XFSZ; ulimit -f 16; exec ocisign ${sign("--json").join(" ")}`;
  const full = await at.bash(script);
  assert.equal(full.code, 1);
  assert.match(
    full.stderr,
    /no file may be so large here\.\n +Raise the limit on the size of files\. Then start again with the same journal/,
  );
  const { requested, error } = documentOf(full);
  assert.equal(error.code, "bad-journal");
  assert.ok(requested.length > 10 && requested.length < 200);
  const again = await at.ocisign(sign("--settle", "1ms"));
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(at.images(), images);
});

test("Ctrl-C names the command that goes on, and so does SIGTERM", async (t) => {
  let slow = imageOf(2);
  const at = await listService(t, (_, image) => (image === slow ? { hang: true } : undefined));
  const images = at.list(5);
  for (const [signal, code, next] of /** @type {[NodeJS.Signals, number, string][]} */ ([
    ["SIGINT", 130, imageOf(3)],
    ["SIGTERM", 143, ""],
  ])) {
    const running = at.start(sign("--concurrency", "1", "--settle", "100ms", "--name", "the release's"));
    while (!at.images().includes(slow)) await new Promise((resolve) => setImmediate(resolve));
    running.child.kill(signal);
    const ended = await running.ended;
    slow = next;
    assert.equal(ended.code, code);
    assert.match(ended.stderr, /Interrupted\.\nWhat was requested stays so\. The same command goes on/);
    const [, again = ""] = /\n {2}(ocisign .*)/.exec(ended.stderr) ?? [];
    assert.match(
      again,
      /^ocisign sign --from-file images\.txt --name 'the release'\\''s' --skip none --concurrency 1 --settle 100ms --journal j$/,
    );
    if (next) continue;
    const done = await at.bash(again);
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(at.images(), images);
  }
});

test("a token that looks like a part of an id changes no id and no reference, and stands in no message", async (t) => {
  const at = await listService(t, (number) =>
    number === 2 ? { status: 409, body: { message: "no: request-token" } } : undefined,
  );
  at.list(3);
  const env = { OCISIGN_TOKEN: "request" };
  const done = await at.ocisign(sign("--concurrency", "1"), { env });
  assert.equal(done.code, 1, done.stderr);
  const outcomes = (await all(readJournal(journalIn(at)))).filter((record) => record.kind === "outcome");
  assert.deepEqual(
    outcomes.map(({ index, reference, id }) => [index, reference, id]),
    [
      [0, imageOf(0), "request-1"],
      [1, imageOf(1), undefined],
      [2, imageOf(2), "request-2"],
    ],
  );
  assert.ok(!outcomes[1]?.error?.message.includes("request-token"), outcomes[1]?.error?.message);
  const again = await at.ocisign(sign(), { env });
  assert.match(again.stderr, /^3 images: 1 waiting, 2 skipped \(2 waiting earlier\)\.$/m);
  for (const one of at.kept) one.status = 16;
  const waited = await at.ocisign(sign("--wait"), { env });
  assert.match(waited.stderr, /^3 images: 3 signed/m);
  assert.equal(at.posts, 4);
  const app = await at.ocisign(
    ["sign", "--from-file", "images.txt", "--journal", "other", "--skip", "none"],
    {
      env: { OCISIGN_TOKEN: "registry.example" },
    },
  );
  assert.equal(app.code, 0, app.stderr);
  const references = (await all(readJournal(join(at.folder, "other")))).flatMap((record) =>
    record.kind === "outcome" ? [record.reference] : [],
  );
  assert.deepEqual(references.sort(), [0, 1, 2].map(imageOf));
});
