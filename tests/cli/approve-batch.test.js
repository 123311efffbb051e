// Deciding about several requests by one deliberate act: what is shown, what is asked, what is told, and the exit code.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { idOf, imageOf, requestOf } from "../support/batch-service.js";
import { against, wordsIn } from "../support/batch-shell.js";
import { cliSandbox, documentOf } from "../support/cli.js";

let at;
let made = 0;
before(async () => {
  at = await cliSandbox("approve-batch");
});
after(() => at?.close());

/** Requests of a new batch. @param {number} count */
async function newBatch(count, changes = (/** @type {number} */ _) => ({})) {
  made += 1;
  const batch = `run-${made}`;
  const ids = [];
  for (let n = 0; n < count; n += 1) {
    const input = { productId: at.product.id, artifact: at.image, description: "Release 1.2", ...changes(n) };
    const metadata = [{ name: "ocisign-batch", value: batch }];
    ids.push((await at.as("requester").requestSigning({ ...input, metadata })).id);
  }
  return { batch, ids };
}

const approver = (role = "approver-one") => ({ env: { OCISIGN_TOKEN: at.token(role) } });
const approvals = async (id) => (await at.as("requester").signing(id)).approvals.length;
test("without a terminal it is shown, and says what to give; with that, exactly these are approved", async () => {
  const { batch, ids } = await newBatch(3, (n) => (n === 2 ? { description: "another" } : {}));
  const mute = await at.ocisign(["approve", "--batch", batch], approver());
  assert.equal(mute.code, 2);
  for (const shown of [
    ...ids,
    at.image,
    "Release 1.2",
    "another",
    "(2 of 3)",
    "OCI SIGN",
    "RSA2048 sha256:",
  ]) {
    assert.ok(mute.stderr.includes(shown), `${shown} is shown:\n${mute.stderr}`);
  }
  assert.equal(mute.stderr.split("Release 1.2").length, 2, "what most of them say is said once");
  assert.match(mute.stderr, /requests 1-3 are for the same image/);
  for (const id of ids) assert.equal(await approvals(id), 0);

  const words = wordsIn(mute.stderr);
  const approved = await at.ocisign(
    ["approve", "--batch", batch, "--confirm", words, "--comment", "seen"],
    approver(),
  );
  assert.equal(approved.code, 0, approved.stderr);
  assert.equal(approved.stdout.match(/^approved {2}/gm)?.length, 3, approved.stdout);
  assert.match(approved.stderr, /^3 requests: 3 approved\.$/m);
  for (const id of ids) {
    const [approval, ...more] = (await at.as("requester").signing(id)).approvals;
    assert.deepEqual([approval.comment, more.length], ["seen", 0]);
  }
  // Once more: nothing is sent twice, and nothing is lost.
  const again = await at.ocisign(["approve", "--batch", batch, "--confirm", words], approver());
  assert.equal(again.code, 0, again.stderr);
  for (const id of ids) assert.equal(await approvals(id), 1);
});

test("--yes and --digest approve no more than one; words of something else approve nothing", async () => {
  const { batch, ids } = await newBatch(2);
  for (const [args, code, said] of /** @type {[string[], number, RegExp][]} */ ([
    [["--batch", batch, "--yes"], 2, /--yes alone approves no more than one/],
    [[...ids, "--yes"], 2, /--yes alone approves no more than one/],
    [[...ids, "--digest", at.digest], 2, /--digest is for one request/],
    [["--batch", batch, "--confirm", "2 00000000"], 1, /Nothing was approved/],
    [["--batch", batch, "--confirm", "yes"], 2, /--confirm is not a count/],
    [["--batch", batch, ids[0]], 2, /exclude each other/],
    [["--batch", "a b"], 2, /--batch is not a batch id/],
    [["--batch", "never"], 1, /No request that you may see is of the batch `never`/],
    [[], 2, /No request is given/],
    [[ids[0], "--confirm", "1 00000000"], 2, /--confirm is for several requests/],
    [[ids[0], "--report", "a.csv"], 2, /--report is for several requests/],
    [[...ids, "--report", "a.csv", "--confirm", "2 00000000"], 1, /Nothing was approved/],
    // Before the question that asks for the act.
    [[...ids, "--report", "a.txt"], 2, /its ending names no format of a report/],
  ])) {
    const ended = await at.ocisign(["approve", ...args], approver());
    assert.equal(ended.code, code, `${args}\n${ended.stderr}`);
    assert.match(ended.stderr, said);
  }
  assert.ok(!existsSync(join(at.folder, "a.csv")), "nothing was reported");
  for (const id of ids) assert.equal(await approvals(id), 0);
});

/** Types each of these when it is asked. @param {string} line @param {((shown: string) => string)[]} answers */
async function typing(line, ...answers) {
  const terminal = at.terminal(line, approver());
  for (const [tried, typed] of answers.entries()) {
    await terminal.says(new RegExp(`(last 8 characters of the hash[\\s\\S]*){${tried + 1}}`));
    terminal.child.stdin.write(typed(stripVTControlCharacters(terminal.said.stdout)));
  }
  return terminal.ended;
}

const act = (shown) => {
  const [, count, hash] =
    shown.match(/^(\d+) requests?, with the hash\r?\n([0-9a-f]{64})\r?$/m) ?? assert.fail(shown);
  return `${count} ${hash.slice(-8)}\n`;
};

test("on a terminal the count and the end of the hash are typed, and nothing else will do", async () => {
  const { batch, ids } = await newBatch(2);
  const line = `ocisign approve --batch ${batch}`;
  for (const answers of [
    [() => "\n"],
    [() => "\u0004"],
    [() => "yes\n", () => "2\n", (shown) => act(shown).replace("2 ", "")],
    [(shown) => act(shown).replace("2 ", "3 "), () => "\n"],
  ]) {
    const ended = await typing(line, ...answers);
    assert.equal(ended.code, 1, ended.stdout);
    assert.match(ended.stdout, /Nothing was approved/);
  }
  for (const id of ids) assert.equal(await approvals(id), 0);
  const ended = await typing(
    line,
    () => "no\n",
    (shown) => act(shown).replace(" ", "   ").toUpperCase(),
  );
  assert.equal(ended.code, 0, ended.stdout);
  for (const id of ids) assert.equal(await approvals(id), 1);
});

test("ids on the command line, by their beginnings, and in a file or on standard input", async () => {
  const { ids } = await newBatch(3);
  const [one, two, three] = ids;
  const byId = await at.ocisign(["approve", one, two.slice(0, 8), one], approver());
  assert.equal(byId.code, 2);
  assert.match(byId.stderr, /1 id is named again/);
  assert.match(wordsIn(byId.stderr), /^2 /);

  const file = at.file("ids.txt", `\ufeff# a comment\r\n${one}\r\n\r\n  ${two}\r\n${three}\r\n`);
  const fromFile = await at.ocisign(["approve", "--from-file", file], approver());
  const words = wordsIn(fromFile.stderr);
  assert.match(words, /^3 /);
  const stdin = { ...approver(), input: `${three}\n${two}\n${one}\n` };
  const piped = await at.ocisign(["approve", "--from-file", "-", "--confirm", words], stdin);
  assert.equal(piped.code, 0, piped.stderr);
  for (const id of ids) assert.equal(await approvals(id), 1);

  for (const [content, said] of /** @type {[string, RegExp][]} */ ([
    [`${one}\nnot an id\n${two}\n`, /1 line of .* is no id, the first is line 2\. *\n.*Write one id a line/s],
    ["# nothing\n", /names no request/],
    ["", /it is empty/],
  ])) {
    const wrong = await at.ocisign(["approve", "--from-file", at.file("wrong.txt", content)], approver());
    assert.equal(wrong.code, 1, wrong.stderr);
    assert.match(wrong.stderr, said);
  }
});

test("--json has an outcome for each, and --report writes them down", async () => {
  const { batch, ids } = await newBatch(3);
  const words = wordsIn((await at.ocisign(["approve", "--batch", batch], approver())).stderr);
  await at.as("approver-two").reject(ids[1], { comment: "not this one" });
  const reports = ["out.jsonl", "out.xml", "out.csv"].flatMap((name) => ["--report", name]);
  const ended = await at.ocisign(
    ["approve", "--batch", batch, "--confirm", words, "--json", ...reports],
    approver(),
  );
  // It was closed already when it was shown.
  assert.equal(ended.code, 4, ended.stderr);
  const document = documentOf(ended);
  assert.deepEqual([document.batch, document.words], [batch, words]);
  assert.deepEqual(document.counts, { approved: 2, "rejected before": 1 });
  const states = Object.fromEntries(document.requests.map(({ id, state }) => [id, state]));
  assert.deepEqual(states, { [ids[0]]: "approved", [ids[1]]: "notTried", [ids[2]]: "approved" });
  const report = (name) => readFileSync(join(at.folder, name), "utf8");
  const lines = report("out.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(Object.fromEntries(lines.map(({ id, state }) => [id, state])), states);
  for (const { reference } of lines) assert.equal(reference, at.image);
  assert.match(report("out.xml"), /tests="3" failures="0" errors="0" skipped="1"/);
  assert.equal(report("out.csv").trim().split("\r\n").length, 4);
});

test("reject is asked for in the same way, and says why to each requester", async () => {
  const { batch, ids } = await newBatch(2);
  const mute = await at.ocisign(["reject", "--batch", batch, "--comment", "wrong branch"], approver());
  assert.equal(mute.code, 2);
  assert.match(mute.stderr, /nothing was rejected/);
  const args = ["--batch", batch, "--comment", "wrong branch", "--confirm", wordsIn(mute.stderr)];
  const empty = await at.ocisign(["reject", ...args.with(3, " ")], approver());
  assert.equal(empty.code, 2, empty.stderr);
  const rejected = await at.ocisign(["reject", ...args, "--report", "rejected.xml"], approver());
  assert.equal(rejected.code, 0, rejected.stderr);
  assert.match(rejected.stdout, /^rejected {2}/m);
  for (const id of ids) assert.match((await at.as("requester").signing(id)).reason, /wrong branch/);
  assert.match(
    readFileSync(join(at.folder, "rejected.xml"), "utf8"),
    /tests="2" failures="0" errors="0" skipped="0"/,
  );
  const closed = await at.ocisign(["reject", ...args], approver());
  assert.equal(closed.code, 0, closed.stderr);
  assert.match(closed.stderr, /2 requests: 2 rejected before\./);
  assert.equal((await at.ocisign(["approve", "--batch", batch], approver())).code, 4);
});

test("signings filters by batch, and shows it", async () => {
  const { batch, ids } = await newBatch(2);
  await at.as("requester").requestSigning({ productId: at.product.id, artifact: at.image });
  const listed = await at.ocisign(["signings", "--batch", batch, "--limit", "5"]);
  assert.equal(listed.code, 0, listed.stderr);
  const rows = listed.stdout
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  assert.deepEqual(rows.map(([id]) => id).sort(), ids.toSorted());
  for (const row of rows) assert.equal(row.at(-1), batch);
  const terminal = await at.terminal(`stty cols 200; ocisign signings --batch ${batch}`).ended;
  assert.match(terminal.stdout, /BATCH/);
  assert.match(terminal.stdout, new RegExp(`ocisign approve --batch ${batch}`));
  assert.equal((await at.ocisign(["signings", "--batch", "a b"])).code, 2);
  assert.match((await at.ocisign(["signings", "--batch", "never"])).stderr, /no such requests/);
});

const several = (count) => Array.from({ length: count }, (_, n) => requestOf(n + 1));

test("what differs is marked, what hides is written out, and what cannot be approved is named", async () => {
  const requests = several(5);
  requests[1].description = "evil\u202e text";
  requests[2].payload.optionalParameters = [];
  requests[3] = requestOf(4, { status: 16 });
  requests[4].deployTo = "production";
  const fake = await against(requests);
  try {
    const shown = await fake.ocisign(fake.args("approve", "--batch", "nightly"));
    assert.equal(shown.code, 2, shown.stderr);
    assert.ok(!shown.stderr.includes("\u202e"));
    assert.match(shown.stderr, / {2}! description {2}evil\\u\{202e\}/);
    assert.match(shown.stderr, / {2}! other field {2}deployTo: production/);
    assert.match(shown.stderr, / {2}! cannot be approved: It is unclear which image/);
    assert.match(shown.stderr, /warning: 1 request cannot be approved/);
    assert.match(shown.stderr, /^ {2}4: signed \(status 16\)$/m);
    const ended = await fake.ocisign(
      fake.args("approve", "--batch", "nightly", "--confirm", wordsIn(shown.stderr)),
    );
    assert.equal(ended.code, 1, "one was not approved");
    assert.match(ended.stderr, /5 requests: (?=.*3 approved)(?=.*1 not tried)(?=.*1 signed before)/);
    assert.equal(fake.posts().length, 3);
  } finally {
    fake.close();
  }
});

test("one approver cannot pose as two, nor a field as what stands around it", async () => {
  const requests = several(2);
  requests[0].approvals = [{ name: "Ann, Bob" }, { name: "Carl" }];
  requests[1].approvals = [{ name: "Ann" }, { name: "Bob (o-2)" }];
  requests[0].idProductOperation = { name: "o", of: "word-inside" };
  const fake = await against(requests);
  try {
    const { stderr } = await fake.ocisign(fake.args("approve", "--batch", "nightly"));
    assert.match(stderr, /approved by "Ann, Bob", Carl$/m);
    assert.match(stderr, /approved by Ann, "Bob \(o-2\)"$/m);
    assert.match(stderr, /operation .*word-inside/);
  } finally {
    fake.close();
  }
});

test("changed, decided by somebody else, forbidden, lost: each is told, and the exit code follows the worst", async () => {
  const requests = several(6);
  const looks = new Map();
  const fake = await against(requests, ({ method, path, held, socket }) => {
    const id = path.match(/imagesignings\/([^/?]+)/)?.[1];
    if (method === "GET" && id) looks.set(id, (looks.get(id) ?? 0) + 1);
    // The first look is for what is shown.
    if (method === "GET" && id === idOf(1) && looks.get(id) === 2) {
      return { body: { ...held.get(id), description: "another" } };
    }
    if (method === "GET" && id === idOf(2) && looks.get(id) > 1) {
      return { body: { ...held.get(id), status: 32 } };
    }
    if (method !== "POST") return undefined;
    if (id === idOf(3)) return { status: 403, body: { message: "not yours" } };
    if (id !== idOf(4)) return undefined;
    // The service takes it, and the answer is lost.
    held.get(id).approvals.push({ objectId: "me" });
    socket.destroy();
    return { hang: true };
  });
  try {
    const words = wordsIn((await fake.ocisign(fake.args("approve", "--batch", "nightly"))).stderr);
    looks.clear();
    const args = fake.args("approve", "--batch", "nightly", "--confirm", words, "--json");
    const ended = await fake.ocisign(args);
    assert.equal(ended.code, 1, ended.stderr);
    const told = documentOf(ended).requests.map(({ state, error }) => [state, error?.code]);
    assert.deepEqual(told, [
      ["changed", "changed"],
      ["conflict", "conflict"],
      ["forbidden", "forbidden"],
      ["approved", undefined],
      ["approved", undefined],
      ["approved", undefined],
    ]);
    assert.match(ended.stderr, /The request changed since it was shown: description\./);
    assert.equal(fake.posts().filter(({ path }) => path.includes(idOf(4))).length, 1, "never sent again");
    assert.equal(fake.posts().length, 4);
  } finally {
    fake.close();
  }
});

test("how long a lost answer is looked for, and how many are sent at a time, is said by options", async () => {
  const fake = await against(several(4), ({ method, socket }) => {
    if (method !== "POST") return undefined;
    socket.destroy();
    return { hang: true };
  });
  try {
    const words = wordsIn((await fake.ocisign(fake.args("approve", "--batch", "nightly"))).stderr);
    const pace = ["--settle", "1ms", "--patience", "1m", "--concurrency", "1"];
    const ended = await fake.ocisign(
      fake.args("reject", "--batch", "nightly", "--comment", "no", "--confirm", words, "--json", ...pace),
    );
    assert.equal(ended.code, 1, ended.stderr);
    const states = documentOf(ended).requests.map(({ state }) => state);
    assert.deepEqual(states, ["doubtful", "doubtful", "doubtful", "doubtful"]);
    for (const option of ["--settle", "--patience"]) {
      const one = await fake.ocisign(fake.args("reject", idOf(1), "--comment", "no", option, "1s"));
      assert.match(one.stderr, new RegExp(`${option} is for several requests`));
    }
  } finally {
    fake.close();
  }
});

test("Ctrl-C: what was approved, and what was not tried, is told", async () => {
  const requests = several(30);
  let posts = 0;
  let hang = () => {};
  const hung = new Promise((resolve) => {
    hang = () => resolve(undefined);
  });
  const fake = await against(requests, ({ method }) => {
    if (method !== "POST") return undefined;
    posts += 1;
    if (posts <= 8) return undefined;
    hang();
    return { hang: true };
  });
  try {
    const words = wordsIn((await fake.ocisign(fake.args("approve", "--batch", "nightly"))).stderr);
    const running = fake.start(fake.args("approve", "--batch", "nightly", "--confirm", words, "--json"));
    await hung;
    running.child.kill("SIGINT");
    const ended = await running.ended;
    assert.equal(ended.code, 130, ended.stderr);
    const { counts, requests: told } = documentOf(ended);
    assert.equal(told.length, 30);
    assert.equal(counts.approved, 8);
    assert.ok(counts["in doubt"] >= 1, JSON.stringify(counts));
    assert.equal(counts.approved + counts["in doubt"] + counts["not tried"], 30);
    assert.match(ended.stderr, /In doubt; look at each with `ocisign status ID`/);
    assert.equal(fake.posts().length, posts, "nothing is sent after it");
  } finally {
    fake.close();
  }
});

test("two hundred: all are shown, and each is approved once", async () => {
  const fake = await against(several(200));
  try {
    const shown = await fake.ocisign(fake.args("approve", "--batch", "nightly"));
    for (const n of [1, 77, 200])
      assert.ok(shown.stderr.includes(`${n}.  ${idOf(n)}  ${imageOf(n)}`), `${n} is shown`);
    const ended = await fake.ocisign(
      fake.args("approve", "--batch", "nightly", "--confirm", wordsIn(shown.stderr)),
    );
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /200 requests: 200 approved\./);
    assert.equal(new Set(fake.posts().map(({ path }) => path)).size, 200);
    assert.equal(fake.posts().length, 200);
  } finally {
    fake.close();
  }
});
