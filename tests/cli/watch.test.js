// What a watch tells, of whom, and when; and that it goes on through what passes.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  eventsIn,
  group,
  me,
  otherGroup,
  productId,
  requester,
  signedAs,
  tokenOf,
  waiting,
  watchedService,
} from "../support/watched-service.js";

const told = (/** @type {{ stdout: string }} */ said) =>
  eventsIn(said).map(({ event, id }) => `${event} ${id}`);

/** Starts a watch, and waits until it watches. @param {any} at @param {string[]} args @param {object} [env] */
async function started(at, args, env = {}) {
  const running = at.start(["watch", ...args], { env });
  await running.says(/Watching\./, "stderr");
  return running;
}

/** Ends it as a person does. @param {any} running */
async function stopped(running) {
  running.child.kill("SIGINT");
  return running.ended;
}

test("what comes after its start is told, with all that a program needs; Ctrl-C ends it with 130", async (t) => {
  const at = await watchedService(t);
  at.add("old");
  const running = await started(at, ["--json", "--page", "https://portal.example/sign/"]);
  at.add("new", {
    name: "Release",
    description: "why",
    payload: { ...waiting("new").payload, metadata: [] },
  });
  await running.says(/"event":"new"/);
  const done = await stopped(running);
  assert.equal(done.code, 130);
  const [first, last, ...others] = eventsIn(done);
  assert.deepEqual(others, []);
  assert.deepEqual(first, {
    ...{ version: 1, event: "new", isNew: true, id: "request-new", state: "waiting", status: 2 },
    ...{ reference: signedAs("new"), registry: "registry.example", repository: "team/appnew", tag: "1.2" },
    digest: `sha256:${"ab".repeat(32)}`,
    ...{ name: "Release", description: "why", reason: null, requester },
    product: { id: productId, name: "OCI SIGN" },
    ...{ batch: null, createdAt: "2026-11-29T08:00:00.000Z" },
    missingGroups: [
      { id: group, name: "Release managers" },
      { id: otherGroup, name: null },
    ],
    ...{ needsReview: true, link: "https://portal.example/sign/#/requests/request-new", cut: [] },
  });
  assert.deepEqual([last.error.code, last.error.exitCode], ["interrupted", 130]);
});

test("SIGTERM ends it with 143, a reader that goes away with 141", async (t) => {
  const at = await watchedService(t);
  const running = await started(at, []);
  running.child.kill("SIGTERM");
  assert.equal((await running.ended).code, 143);
  at.add(1);
  at.add(2);
  const line = `set -o pipefail; ocisign watch --since 2000-01-01 | true; echo code \${PIPESTATUS[0]}`;
  const piped = at.startBash(line);
  await piped.says(/code (0|141)/);
  assert.match((await piped.ended).stdout, /code 141/);
});

test("a request is followed: another approval, and its end, each told once", async (t) => {
  const at = await watchedService(t);
  at.add(1);
  const running = await started(at, ["--json"]);
  at.change(1, { missingGroups: [group] });
  await running.says(/"changed"/);
  at.change(1, { status: 16, missingGroups: [] });
  await running.says(/"signed"/);
  at.add(2);
  await running.says(/"new"/);
  at.change(2, { status: 32, reason: "no" });
  await running.says(/"rejected"/);
  const done = await stopped(running);
  assert.deepEqual(told(done).slice(0, 4), [
    "changed request-1",
    "signed request-1",
    "new request-2",
    "rejected request-2",
  ]);
  assert.equal(eventsIn(done)[3].reason, "no");
});

test("by default only what may need this person's review; --mine, --all, --state, --product and --event choose others", async (t) => {
  const other = "f1ec8ea5-b569-4da7-8a70-6eb910dad8ac";
  const at = await watchedService(t);
  at.add("review");
  at.add("mine", { requester: me });
  at.add("not-my-group", { requiredGroups: [otherGroup], missingGroups: [otherGroup] });
  at.add("approved-by-me", { approvals: [{ ...me, groups: [group], at: "2026-11-29T09:00:00Z" }] });
  at.add("unexplained", { status: 7 });
  at.add("signed", { status: 16, missingGroups: [] });
  at.add("elsewhere", { productId: other });
  const once = async (/** @type {string[]} */ ...args) => {
    const done = await at.ocisign(["watch", "--json", "--once", "--since", "2026-11-01", ...args]);
    assert.equal(done.code, 0, done.stderr);
    return told(done).map((one) => one.replace("request-", ""));
  };
  assert.deepEqual(await once(), ["new review", "new unexplained", "new elsewhere"]);
  assert.deepEqual(await once("--mine"), ["new mine"]);
  assert.equal((await once("--all")).length, 7);
  assert.deepEqual(await once("--all", "--state", "signed"), ["signed signed"]);
  assert.deepEqual(await once("--all", "--event", "signed"), ["signed signed"]);
  assert.deepEqual(await once("--product", productId), ["new review", "new unexplained"]);
  assert.ok(at.service.asked.some(({ path }) => path.includes(`productId=${productId}`)));
});

test("--since tells what was made since then, and the rest stays untold", async (t) => {
  const at = await watchedService(t);
  const hoursAgo = (/** @type {number} */ hours) => new Date(Date.now() - hours * 3_600_000).toISOString();
  at.add("old", { createdAt: hoursAgo(30) });
  at.add("young", { createdAt: hoursAgo(1) });
  at.add("timeless", { createdAt: undefined });
  for (const since of ["2h", hoursAgo(2), hoursAgo(2).replace("Z", "+00:00")]) {
    const done = await at.ocisign(["watch", "--json", "--once", "--since", since]);
    assert.deepEqual(told(done), ["new request-young", "new request-timeless"], since);
  }
});

test("a token without an identity: every open request may need a review, and --mine is refused", async (t) => {
  const at = await watchedService(t);
  at.add(1);
  const env = { OCISIGN_TOKEN: "opaque-token-of-a-service" };
  const done = await at.ocisign(["watch", "--json", "--once", "--since", "2000-01-01"], { env });
  assert.deepEqual(told(done), ["new request-1"]);
  assert.match(done.stderr, /not a JSON Web Token.*Every open request may need it/);
  const mine = await at.ocisign(["watch", "--mine", "--once", "--since", "2000-01-01"], { env });
  assert.equal(mine.code, 1);
});

test("an outage is told once when it begins and once when it ends, and nothing is lost", async (t) => {
  let isAway = false;
  let failures = 0;
  const answers = [
    { status: 503 },
    { body: "Bad gateway" },
    { status: 429, headers: { "retry-after": "1" } },
  ];
  const at = await watchedService(t, ({ path }) => {
    if (!isAway || path.includes("products")) return undefined;
    failures += 1;
    return answers[failures % answers.length];
  });
  const running = await started(at, ["--json"]);
  isAway = true;
  at.add(1);
  await running.says(/cannot be read, and the watch goes on/, "stderr");
  isAway = false;
  await running.says(/"new"/);
  const done = await stopped(running);
  assert.equal(done.stderr.match(/cannot be read, and the watch goes on/g)?.length, 1, done.stderr);
  assert.equal(done.stderr.match(/can be read again, after \d+s/g)?.length, 1, done.stderr);
});

test("a token that is renewed late is asked for again; one that stays refused ends the watch", async (t) => {
  let isExpired = false;
  const at = await watchedService(t, ({ token }) =>
    isExpired && !token?.startsWith("e31") ? { status: 401, body: { message: "expired" } } : undefined,
  );
  const good = tokenOf({ oid: me.objectId, groups: [group] });
  at.file("token", good);
  const running = await started(at, ["--json", "--token-file", "token"], { OCISIGN_TOKEN: "" });
  isExpired = true;
  at.add(1);
  await running.says(/cannot be read, and the watch goes on/, "stderr");
  at.file("token", good.replace("e30", "e31"));
  await running.says(/"new"/);
  await stopped(running);
  const given = at.start(["watch"]);
  assert.equal((await given.ended).code, 1);
  assert.match((await given.ended).stderr, /expired/);
});

test("a token of another person ends the watch", async (t) => {
  let isExpired = false;
  const at = await watchedService(t, ({ token }) =>
    isExpired && token === first ? { status: 401 } : undefined,
  );
  const first = tokenOf({ oid: me.objectId, groups: [group] });
  at.file("token", first);
  const running = await started(at, ["--token-file", "token"], { OCISIGN_TOKEN: "" });
  at.file("token", tokenOf({ oid: requester.objectId, groups: [group] }));
  isExpired = true;
  const { code, stderr } = await running.ended;
  assert.equal(code, 1);
  assert.match(stderr, /another person's/);
});

test("a clock that jumps neither ends it nor repeats anything", async (t) => {
  const at = await watchedService(t);
  const jumping = new URL("../support/jumping-clock.js", import.meta.url);
  const quick = new URL("../support/quick-pauses.js", import.meta.url);
  const running = await started(at, ["--json"], { NODE_OPTIONS: `--import ${quick} --import ${jumping}` });
  for (const n of [1, 2, 3]) {
    at.add(n);
    await running.says(new RegExp(`"request-${n}"`));
  }
  assert.deepEqual(
    told(await stopped(running)).slice(0, 3),
    [1, 2, 3].map((n) => `new request-${n}`),
  );
});

test("of 10,000 requests the newest and the older ones are looked at in turn, by two GETs a look", async (t) => {
  const at = await watchedService(t);
  for (let n = 0; n < 10_000; n += 1) at.list.push(waiting(n));
  const running = await started(at, ["--json"]);
  const before = at.service.asked.length;
  assert.equal(before, 41);
  at.change(7777, { status: 16, missingGroups: [] });
  at.add("newest");
  await running.says(/"signed"/);
  const done = await stopped(running);
  assert.deepEqual(told(done).slice(0, 2), ["new request-newest", "signed request-7777"]);
  const looks = at.service.asked.slice(before).filter(({ path }) => path.includes("imagesignings"));
  assert.ok(looks.length <= 2 * 40 + 2, String(looks.length));
  assert.ok(looks.every(({ path }) => path.includes("limit=250")));
});

test("a pipe gets whole values with tabs between, a terminal one line that fits", async (t) => {
  const at = await watchedService(t);
  at.add(1, { name: "Release" });
  const args = ["watch", "--once", "--since", "2000-01-01"];
  const { stdout } = await at.ocisign([...args, "--page", "https://portal.example/"]);
  assert.deepEqual(stdout.trimEnd().split("\t"), [
    ...["new", "request-1", "waiting", signedAs(1), "Release", requester.name, "OCI SIGN"],
    ...["2026-11-29T08:00:00.000Z", productId, requester.objectId, "-"],
    "https://portal.example/#/requests/request-1",
  ]);
  const { stdout: shown } = await at.terminal(`stty cols 100; NO_COLOR=1 ocisign ${args.join(" ")}`).ended;
  assert.match(shown, /^new {7}request-1 {2}team\/app1:1\.2@…abababab {2}by Rik Requester {2}Release /m);
  for (const line of shown.split(/\r?\n/)) assert.ok(line.length <= 100, line);
});

test("hostile texts are written out, and a program gets them exactly", async (t) => {
  const at = await watchedService(t);
  const hostile = '\u001b[31m"\\\u202e\n{}<!channel>\ud800';
  at.add(1, { name: hostile, description: "x".repeat(5000), requester: { name: hostile } });
  at.add("../../x?a#b", { name: hostile });
  const args = ["watch", "--once", "--since", "2000-01-01", "--page", "https://portal.example/"];
  const { stdout } = await at.ocisign(args);
  assert.equal(stdout.trimEnd().split("\n").length, 2);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may come through
  assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f\u202e]/);
  const [first, second] = eventsIn(await at.ocisign([...args, "--json"]));
  assert.equal(first.name, hostile);
  assert.equal(first.description.length, 4000);
  assert.deepEqual(first.cut, ["description"]);
  assert.equal(second.link, "https://portal.example/#/requests/request-..%2F..%2Fx%3Fa%23b");
});

test("an element that cannot be read is told, once", async (t) => {
  const at = await watchedService(t);
  at.list.push({ id: "broken" }, { status: 2 });
  const running = await started(at, []);
  at.add(1);
  await running.says(/^new/);
  const { stderr } = await stopped(running);
  assert.equal(stderr.match(/cannot be read, and cannot be watched/g)?.length, 1, stderr);
});

for (const [what, args, said] of /** @type {[string, string[], RegExp][]} */ ([
  ["--once without a memory", ["--once"], /would tell nothing.*\n.*--state-file/],
  ["a wrong time", ["--since", "yesterday"], /--since is neither/],
  ["a time without a zone", ["--since", "2026-11-29T08:00:00"], /--since is neither/],
  ["--exec without a program", ["--exec"], /--exec names no program/],
  ["a program without --exec", ["node"], /program without --exec/],
  ["--at-once without --exec", ["--at-once", "2"], /--at-once is for programs/],
  ["--all and --mine", ["--all", "--mine"], /cannot be used/],
  ["a page that is no URL", ["--page", "portal"], /--page/],
])) {
  test(`wrong usage: ${what}`, async (t) => {
    const at = await watchedService(t);
    const { code, stderr } = await at.ocisign(["watch", ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
    assert.deepEqual(at.service.asked, []);
  });
}
