// What a watch remembers from one start to the next: nothing is told twice, and nothing is lost when it is killed.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventsIn, group, tokenOf, waiting, watchedService } from "../support/watched-service.js";

const once = ["watch", "--json", "--once", "--state-file", "told.json"];
const told = (/** @type {{ stdout: string }} */ said) =>
  eventsIn(said).map(({ event, id }) => `${event} ${id}`);

test("by cron: what is there at first is not told, and all that comes is told once", async (t) => {
  const at = await watchedService(t);
  const run = async () => {
    const done = await at.ocisign(once);
    assert.equal(done.code, 0, done.stderr);
    return told(done);
  };
  at.add(1);
  assert.deepEqual(await run(), []);
  at.add(2);
  at.add(3);
  assert.deepEqual(await run(), ["new request-2", "new request-3"]);
  assert.deepEqual(await run(), []);
  at.change(1, { status: 16, missingGroups: [] });
  at.change(2, { missingGroups: [group] });
  assert.deepEqual(await run(), ["signed request-1", "changed request-2"]);
  assert.deepEqual(await run(), []);
  const path = join(at.folder, "told.json");
  assert.equal(statSync(path).mode & 0o077, 0, "for nobody else");
  assert.doesNotMatch(readFileSync(path, "utf8"), /e30\.|app1|Ann|Rik/);
  assert.deepEqual(
    readdirSync(at.folder).filter((name) => name.includes("told.json") && name !== "told.json"),
    [],
  );
});

test("--since tells at the first start what was made since then", async (t) => {
  const at = await watchedService(t);
  at.add(1);
  const since = [...once, "--since", "2000-01-01"];
  assert.deepEqual(told(await at.ocisign(since)), ["new request-1"]);
  assert.deepEqual(told(await at.ocisign(since)), []);
});

test("killed in the middle, it tells the rest, and at most what ran then twice", async (t) => {
  const at = await watchedService(t);
  assert.deepEqual(told(await at.ocisign(once)), []);
  for (let n = 0; n < 12; n += 1) at.add(n);
  const code = `
import { appendFileSync } from "node:fs";
let input = "";
for await (const chunk of process.stdin) input += chunk;
appendFileSync("seen", JSON.parse(input).id + "\\n");
console.error("seen");
`;
  at.file("sees.mjs", code);
  const args = ["--state-file", "told.json", "--at-once", "2", "--exec", "--", "node", "sees.mjs"];
  const seen = () => readFileSync(join(at.folder, "seen"), "utf8").trimEnd().split("\n");
  let kills = 0;
  for (const before of [1, 4, 7]) {
    const running = at.start(["watch", ...args]);
    await running.says(new RegExp(`(seen[^]*){${before > 1 ? 3 : before}}`), "stderr");
    running.child.kill("SIGKILL");
    await running.ended;
    kills += 1;
  }
  const last = await at.ocisign(["watch", "--once", ...args]);
  assert.equal(last.code, 0, last.stderr);
  const all = seen();
  assert.equal(new Set(all).size, 12);
  assert.ok(all.length <= 12 + 2 * 2 * kills, String(all));
  assert.deepEqual(told(await at.ocisign(once)), []);
});

test("one process uses a file at a time", async (t) => {
  const at = await watchedService(t);
  const running = at.start(["watch", "--state-file", "told.json"]);
  await running.says(/Watching\./, "stderr");
  const other = await at.ocisign(once);
  assert.equal(other.code, 1);
  assert.match(
    JSON.parse(other.stdout).error.message,
    /^--state-file: The state file .* is in use by process \d+/,
  );
  running.child.kill("SIGTERM");
  await running.ended;
  assert.equal((await at.ocisign(once)).code, 0);
});

test("a file of another watch, another person or another service is refused", async (t) => {
  const at = await watchedService(t);
  assert.equal((await at.ocisign(once)).code, 0);
  const { stdout } = await at.ocisign([...once, "--all"]);
  assert.match(JSON.parse(stdout).error.message, /belongs to a watch with another watches/);
  const env = { OCISIGN_TOKEN: tokenOf({ oid: "somebody-else", groups: [group] }) };
  const other = await at.ocisign(once, { env });
  assert.equal(other.code, 1);
  assert.match(JSON.parse(other.stdout).error.message, /another person/);
});

for (const [what, content] of /** @type {const} */ ([
  ["cut off", '{"ocisignWatch":1,"told":{"request-1":"abc"'],
  ["of another program", '{"told":[]}'],
  ["binary", "\0\0\0"],
  ["empty", ""],
])) {
  test(`a file that is ${what} is refused, and stays as it is`, async (t) => {
    const at = await watchedService(t);
    const path = at.file("told.json", content);
    const done = await at.ocisign(once);
    assert.equal(done.code, 1);
    assert.equal(JSON.parse(done.stdout).error.code, "bad-file");
    assert.equal(readFileSync(path, "utf8"), content);
  });
}

test("a folder that is not there, or a file that cannot be written, ends it before anything is told", async (t) => {
  const at = await watchedService(t);
  at.add(1);
  for (const path of ["nowhere/told.json", "bin"]) {
    const done = await at.ocisign([
      "watch",
      "--json",
      "--once",
      "--since",
      "2000-01-01",
      "--state-file",
      path,
    ]);
    assert.equal(done.code, 1, path);
    assert.deepEqual(Object.keys(JSON.parse(done.stdout)), ["error"]);
  }
  assert.ok(!existsSync(join(at.folder, "nowhere")));
});

test("10,000 requests are told once each, and remembered", async (t) => {
  const at = await watchedService(t);
  for (let n = 0; n < 10_000; n += 1) at.list.push(waiting(n));
  const all = [...once, "--all", "--since", "2000-01-01"];
  const first = await at.ocisign(all);
  assert.equal(first.code, 0, first.stderr);
  assert.equal(new Set(told(first)).size, 10_000);
  assert.deepEqual(told(await at.ocisign(all)), []);
  // What the service does not show any more is forgotten.
  at.list.splice(5);
  await at.ocisign(all);
  assert.equal(Object.keys(JSON.parse(readFileSync(join(at.folder, "told.json"), "utf8")).told).length, 5);
});
