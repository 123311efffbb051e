// The programs that a watch runs: what they get, and what becomes of those that fail, hang, or do not listen.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventsIn, token, watchedService } from "../support/watched-service.js";

const since = ["--since", "2000-01-01"];
const once = ["watch", "--json", "--once", ...since];

/** What a program writes down of what it was given. */
const notes = `
import { appendFileSync } from "node:fs";
let input = "";
for await (const chunk of process.stdin) input += chunk;
const given = { args: process.argv.slice(2), env: process.env, event: JSON.parse(input) };
appendFileSync("notes", JSON.stringify(given) + "\\n");
console.log("the program says this");
`;

/** @param {{ folder: string }} at @returns {any[]} */
const noted = ({ folder }) =>
  existsSync(join(folder, "notes"))
    ? readFileSync(join(folder, "notes"), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];

test("a program gets the event on its standard input, its arguments as they are, and none of our secrets", async (t) => {
  const at = await watchedService(t);
  at.add(1);
  at.file("notes.mjs", notes);
  const args = ["--exec", "--", "node", "notes.mjs", "$(touch ran)", "a b", ";", "--json", "-t"];
  const env = {
    ...{ OCISIGN_REGISTRY_PASSWORD: "registry-password", OCISIGN_TLS_PASSPHRASE: "pass-phrase" },
    ...{ MY_TOKEN: `Bearer ${token}`, WEBHOOK_SECRET: "for-the-program", NODE_OPTIONS: "" },
  };
  const done = await at.ocisign([...once, ...args], { env });
  assert.equal(done.code, 0, done.stderr);
  const [first, ...others] = noted(at);
  assert.deepEqual(others, []);
  assert.deepEqual(first.args, ["$(touch ran)", "a b", ";", "--json", "-t"]);
  assert.deepEqual([first.event], eventsIn(done));
  assert.ok(!existsSync(join(at.folder, "ran")));
  assert.deepEqual(
    Object.keys(first.env).filter((name) => /^OCISIGN|MY_TOKEN/.test(name)),
    [],
  );
  assert.ok(!JSON.stringify(first).includes(token));
  assert.equal(first.env.WEBHOOK_SECRET, "for-the-program");
  // What it says is beside the events.
  assert.match(done.stderr, /the program says this/);
});

test("hostile values reach a program exactly, and nothing of them is run", async (t) => {
  const at = await watchedService(t);
  const name = `$(touch ran) \`touch ran\` "; touch ran; ' \n\u202e`;
  at.add(1, { name });
  at.file("notes.mjs", notes);
  const done = await at.ocisign([...once, "--exec", "--", "node", "notes.mjs"]);
  assert.equal(done.code, 0, done.stderr);
  assert.equal(noted(at)[0].event.name, name);
  assert.ok(!existsSync(join(at.folder, "ran")));
});

test("a program that fails is told and counted; the others run, and --once ends with 1", async (t) => {
  const at = await watchedService(t);
  for (const n of [1, 2, 3]) at.add(n);
  at.file("fails.sh", 'grep -q request-2 && exit 7\necho "$1" >> ran\n', 0o700);
  const done = await at.ocisign([...once, "--exec", "--", "sh", "fails.sh", "yes"]);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /warning: The program for request-2 \(new\) ended with code 7\./);
  assert.match(done.stderr, /^1 of 3 programs failed\.$/m);
  assert.equal(readFileSync(join(at.folder, "ran"), "utf8"), "yes\nyes\n");
  assert.equal(eventsIn(done).length, 3);
});

test("a program that hangs is ended with all that it started, although it ignores the signal", async (t) => {
  const at = await watchedService(t);
  at.add(1);
  at.file(
    "hangs.sh",
    "trap '' TERM\nsleep 1000 &\necho $! > child\necho $$ > self\nwhile :; do sleep 1000; done\n",
  );
  const done = await at.ocisign([...once, "--exec-timeout", "1s", "--exec", "--", "bash", "hangs.sh"]);
  assert.equal(done.code, 1);
  assert.match(done.stderr, /The program for request-1 \(new\) did not end within 1s\./);
  for (const name of ["child", "self"]) {
    const pid = Number(readFileSync(join(at.folder, name), "utf8"));
    assert.ok(isGone(pid), `${name} runs on`);
  }
});

/** A process that ended, and that nobody has asked for yet, is gone, too. @param {number} pid */
function isGone(pid) {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

test("a program need not read its input, may write a lot, and may leave something running", async (t) => {
  const at = await watchedService(t);
  at.add(1, { description: "x".repeat(4000) });
  at.add(2);
  at.file("deaf.sh", "exec 0<&-\nhead -c 5000000 /dev/zero | tr '\\0' 'x'\nsleep 20 &\n");
  const done = await at.ocisign([...once, "--exec", "--", "sh", "deaf.sh"]);
  assert.equal(done.code, 0, done.stderr.slice(0, 500));
  assert.equal(eventsIn(done).length, 2);
  assert.ok(done.stderr.length >= 10_000_000);
});

test("no more programs than --at-once run at a time", async (t) => {
  const at = await watchedService(t);
  for (let n = 0; n < 9; n += 1) at.add(n);
  const code = `
import { mkdirSync, readdirSync, rmdirSync, appendFileSync } from "node:fs";
mkdirSync("now/" + process.pid, { recursive: true });
appendFileSync("most", readdirSync("now").length + "\\n");
await new Promise((resolve) => setTimeout(resolve, 50));
rmdirSync("now/" + process.pid);
`;
  at.file("counts.mjs", code);
  const run = async (/** @type {string[]} */ ...args) => {
    const done = await at.ocisign([...once, ...args, "--exec", "--", "node", "counts.mjs"]);
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual(readdirSync(join(at.folder, "now")), []);
    return readFileSync(join(at.folder, "most"), "utf8").trimEnd().split("\n").map(Number);
  };
  const two = await run("--at-once", "2");
  assert.equal(two.length, 9);
  assert.ok(Math.max(...two) <= 2, String(two));
  assert.ok(Math.max(...(await run()).slice(9)) <= 4);
});

for (const [what, program] of /** @type {const} */ ([
  ["is not there", "no-such-program"],
  ["may not be run", "./plain.txt"],
  ["has a zero byte", "a\0b"],
])) {
  if (program.includes("\0")) continue;
  test(`a program that ${what} ends the watch, and the event stays untold`, async (t) => {
    const at = await watchedService(t);
    at.add(1);
    at.file("plain.txt", "no program");
    const args = ["--state-file", "told.json", "--exec", "--", program];
    const done = await at.ocisign([...once, ...args]);
    assert.equal(done.code, 1);
    assert.match(done.stderr, /--exec: .* cannot be started \((ENOENT|EACCES)\)\./);
    at.file("notes.mjs", notes);
    await at.ocisign(["watch", "--once", "--state-file", "told.json", "--exec", "--", "node", "notes.mjs"]);
    assert.equal(noted(at).length, 1);
  });
}

test("Ctrl-C ends running programs, too, and the event is told again by the next start", async (t) => {
  const at = await watchedService(t);
  at.add(1);
  at.file("waits.sh", "echo $$ > self\necho started\nsleep 1000\n");
  const state = ["--state-file", "told.json"];
  const running = at.start(["watch", ...since, ...state, "--exec", "--", "bash", "waits.sh"]);
  await running.says(/started/, "stderr");
  running.child.kill("SIGINT");
  const done = await running.ended;
  assert.equal(done.code, 130, done.stderr);
  assert.ok(isGone(Number(readFileSync(join(at.folder, "self"), "utf8"))));
  at.file("notes.mjs", notes);
  const again = await at.ocisign(["watch", "--once", ...state, "--exec", "--", "node", "notes.mjs"]);
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(
    noted(at).map(({ event }) => event.id),
    ["request-1"],
  );
});
