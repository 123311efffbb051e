// What differs between a terminal and a log, and how the program ends when it is interrupted.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { cliSandbox, documentOf, entry } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";

let at;
before(async () => {
  at = await cliSandbox("terminal");
});
after(() => at?.close());

const ask = () => at.as("requester").requestSigning({ productId: at.product.id, artifact: at.image });
const escapes = "\u001b[";
const hideCursor = `${escapes}?25l`;
const showCursor = `${escapes}?25h`;

async function reject(id) {
  await at.as("approver-one").reject(id, { comment: "no" });
}

test("on a terminal one line lives, and leaves the terminal as it was", async () => {
  const { id } = await ask();
  const terminal = at.terminal(`ocisign status ${id} --wait`);
  await terminal.says(/waiting for approval/);
  await reject(id);
  const { code, stdout } = await terminal.ended;
  assert.equal(code, 4);
  assert.ok(stdout.includes(hideCursor) && stdout.lastIndexOf(showCursor) > stdout.lastIndexOf(hideCursor));
  assert.ok(stdout.includes(`${escapes}31mrejected`), "in colour");
});

test("in a log: plain lines, one for each change", async () => {
  const { id } = await ask();
  const running = at.start(["status", id, "--wait"]);
  await running.says(/waiting for approval/, "stderr");
  await reject(id);
  const { stdout, stderr } = await running.ended;
  assert.ok(!`${stdout}${stderr}`.includes("\u001b"));
  assert.deepEqual(stderr.trim().split("\n"), [
    `${id}: waiting for approval (status 2)`,
    `${id}: rejected (status 32)`,
  ]);
});

test("NO_COLOR, TERM=dumb, and FORCE_COLOR", async () => {
  const { id } = await ask();
  await reject(id);
  const color = `${escapes}31m`;
  for (const [env, expected] of [
    [{}, true],
    [{ NO_COLOR: "1" }, false],
    [{ TERM: "dumb" }, false],
  ]) {
    const { stdout } = await at.terminal(`ocisign status ${id}`, { env }).ended;
    assert.equal(stdout.includes(color), expected, JSON.stringify(env));
  }
  for (const [env, expected] of [
    [{}, false],
    [{ FORCE_COLOR: "1" }, true],
    [{ FORCE_COLOR: "0" }, false],
  ]) {
    const { stdout } = await at.ocisign(["status", id], { env });
    assert.equal(stdout.includes(color), expected, JSON.stringify(env));
  }
  const live = at.terminal(`ocisign status ${id} --wait`, { env: { TERM: "dumb" } });
  assert.ok(!(await live.ended).stdout.includes("\u001b"));
});

test("the next command is a hint on a terminal, and nothing in a log or a document", async () => {
  const line = `ocisign sign ${at.image} -P ${at.product.id}`;
  const { stdout } = await at.terminal(`${line} --skip none --url ${at.sandbox.base}`).ended;
  const [, id] = stdout.match(/^request +(\S+)/m) ?? assert.fail(stdout);
  for (const next of [`approve ${id}`, `status ${id} --wait`]) {
    assert.ok(stdout.includes(`ocisign ${next} --url ${at.sandbox.base}`), stdout);
  }
  const again = `${line} --skip none`;
  const log = await at.bash(again);
  assert.deepEqual([log.code, log.stderr], [0, ""]);
  const json = await at.terminal(`${again} --json`).ended;
  assert.equal(documentOf(json).state, "waiting");
});

test("Ctrl-C during a wait tells how to go on, and that works", async () => {
  const { id } = await ask();
  const terminal = at.terminal(`ocisign --url ${at.sandbox.base} status ${id} --wait --timeout 30m`);
  await terminal.says(/waiting for approval/);
  terminal.child.stdin.write("\u0003");
  const { code, stdout } = await terminal.ended;
  assert.equal(code, 130);
  assert.ok(stdout.includes(showCursor));
  const [, resume] = stdout.match(/Resume with:\r?\n +(ocisign .*?)\r?\n/) ?? assert.fail(stdout);
  assert.equal(resume, `ocisign status ${id} --wait --timeout 30m --url ${at.sandbox.base}`);
  await reject(id);
  const resumed = await at.bash(resume);
  assert.equal(resumed.code, 4, resumed.stderr);
});

test("what is secret is not in the words to go on with", async () => {
  const { id } = await ask();
  const token = at.token("requester");
  const file = at.file("a token", token);
  for (const [args, resume] of /** @type {[string[], RegExp][]} */ ([
    [["-t", token], /status \S+ --wait\n +\(and the token, given as before\)$/m],
    [["--token-command", `echo ${token}`], /given as before/],
    [["-t", `@${file}`], /-t '@\S+a token'$/m],
    [["--token-file", file], /--token-file '\S+a token'$/m],
  ])) {
    const running = at.start(["status", id, "--wait", ...args], { env: { OCISIGN_TOKEN: "" } });
    await running.says(/waiting for approval/, "stderr");
    running.child.kill("SIGINT");
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 130);
    assert.match(stderr, resume);
    assert.ok(!`${stdout}${stderr}`.includes(token));
  }
});

test("SIGTERM ends with 143; with --json the one document says that it was interrupted", async () => {
  const { id } = await ask();
  const running = at.start(["status", id, "--wait", "--json"]);
  await running.says(/waiting for approval/, "stderr");
  running.child.kill("SIGTERM");
  const ended = await running.ended;
  assert.equal(ended.code, 143);
  const { error } = documentOf(ended);
  assert.deepEqual([error.code, error.exitCode], ["interrupted", 143]);
  assert.match(error.resume, new RegExp(`^ocisign status ${id} --wait`));
});

test("Ctrl-C ends it even where a token command does not heed it, or standard input stays open", async () => {
  const command = "trap '' INT TERM; echo ready >&2; while kill -0 $PPID 2>&-; do sleep 0.05; done";
  const stubborn = at.start(["products", "--token-command", command], { env: { OCISIGN_TOKEN: "" } });
  await stubborn.says(/ready/, "stderr");
  stubborn.child.kill("SIGINT");
  assert.equal((await stubborn.ended).code, 130);

  const typing = at.terminal("ocisign products -t @-");
  await typing.says(/Ctrl-D ends the input/);
  typing.child.stdin.write("a part of a token");
  typing.child.stdin.write("\u0003");
  assert.equal((await typing.ended).code, 130);
});

test("a second Ctrl-C ends at once, even where nobody reads what is said", async () => {
  const service = await fakeService(() => ({ body: [{ id: "p", name: "x".repeat(4_000_000) }] }));
  try {
    /** @type {import("node:child_process").SpawnOptionsWithStdioTuple<"ignore", "pipe", "ignore">} */
    const options = { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, OCISIGN_TOKEN: "t" } };
    const args = [entry, "products", "--json", "-a", service.url, "--config", at.file("config.json", "{}")];
    const child = spawn(process.execPath, args, options);
    const exit = once(child, "exit");
    // The first of so many bytes shows that the rest is on its way; then nobody reads on.
    await once(child.stdout, "readable");
    child.kill("SIGINT");
    const again = setInterval(() => child.kill("SIGINT"), 50);
    const [code] = await exit;
    clearInterval(again);
    assert.equal(code, 130);
  } finally {
    service.close();
  }
});

test("a reader that goes away ends it quietly", async () => {
  for (let count = 0; count < 3; count++) await ask();
  for (const line of [
    "ocisign signings --json | head -1",
    "ocisign signings | true",
    "ocisign --help | head -1",
    `ocisign verify ${at.image} -P automatic | true`,
    "ocisign sign --help | true",
  ]) {
    const { code, stderr } = await at.bash(line);
    assert.equal(code, 0);
    assert.ok(!/EPIPE|Error|^ +at /m.test(stderr), stderr);
  }
  const closed = await at.bash("ocisign products >&-; echo $?");
  assert.ok(!/^ +at /m.test(closed.stderr), closed.stderr);
  const full = await at.bash("ocisign products > /dev/full; echo $?");
  assert.ok(!/^ +at /m.test(full.stderr), full.stderr);
  assert.equal(full.stdout, "1\n", "what could not be written is an error");
});
