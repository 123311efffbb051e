// Where the token comes from, and that it goes nowhere but to the service.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { cliSandbox, shellIn } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";

const secret = "very-secret-token";
let service;
let shell;
beforeEach(async () => {
  // Only the secret is let in; whatever else it is given is refused.
  service = await fakeService(({ token }) => (token === secret ? { body: [] } : { status: 401 }));
  shell = shellIn("token", { OCISIGN_URL: service.url });
});
afterEach(() => {
  service.close();
  shell.remove();
});

test("a flag, a file, standard input, the environment, a command", async () => {
  const file = shell.file("token", `${secret}\n`);
  for (const [
    args,
    options,
  ] of /** @type {[string[], { input?: string, env?: Record<string, string> }?][]} */ ([
    [["-t", secret]],
    [["-t", `@${file}`]],
    [["-t", "@-"], { input: `${secret}\n` }],
    [["--token-file", file]],
    [["--token-command", `cat ${file}`]],
    [[], { env: { OCISIGN_TOKEN: secret } }],
    [[], { env: { OCISIGN_TOKEN_FILE: file } }],
    [[], { env: { OCISIGN_TOKEN_COMMAND: `cat ${file} | tr a-z a-z` } }],
    // A flag goes before the environment, whichever kind it is.
    [["-t", `@${file}`], { env: { OCISIGN_TOKEN: "old", OCISIGN_TOKEN_COMMAND: "" } }],
  ])) {
    for (const place of [
      [...args, "products"],
      ["products", ...args],
    ]) {
      const { code, stdout, stderr } = await shell.ocisign(place, options);
      assert.equal(code, 0, `${place}: ${stderr}`);
      assert.ok(!`${stdout}${stderr}`.includes(secret));
    }
  }
});

test("the name of a file is no token, and is not sent", async () => {
  const file = shell.file("token", secret);
  for (const [args, env, fix] of /** @type {const} */ ([
    [["-t", file], {}, /-t @FILE/],
    [[], { OCISIGN_TOKEN: file }, /OCISIGN_TOKEN_FILE/],
  ])) {
    const { code, stderr } = await shell.ocisign([...args, "products"], { env });
    assert.equal(code, 2, stderr);
    assert.match(stderr, fix);
    assert.ok(!stderr.includes(file));
  }
  assert.equal(service.asked.length, 0);
});

test("what stands around a token is left out", async () => {
  const texts = [`Bearer ${secret}`, `"${secret}"\r\n`, `\ufeffBEARER '${secret}'`, `\n\n${secret}\n\n`];
  const files = [
    ...texts,
    Buffer.from(`\ufeff${texts[1]}`, "utf16le"),
    Buffer.from(`${secret}\r\n`, "utf16le"),
  ];
  files.push(Buffer.from(`\ufeff${secret}`, "utf16le").swap16());
  for (const content of files) {
    const file = shell.file("token", content);
    for (const args of [
      ["--token-file", file],
      ["-t", `@${file}`],
      ["--token-command", `cat ${file}`],
    ]) {
      const { code, stdout, stderr } = await shell.ocisign(["products", ...args]);
      assert.equal(code, 0, `${JSON.stringify(String(content))} ${args[0]}: ${stderr}`);
      assert.ok(!`${stdout}${stderr}`.includes(secret));
    }
  }
  for (const text of texts) {
    const { code, stderr } = await shell.ocisign(["products"], { env: { OCISIGN_TOKEN: text } });
    assert.equal(code, 0, stderr);
  }
});

test("what is no token is named, with the setting that it comes from, and is not quoted", async () => {
  for (const [content, said] of /** @type {[string, RegExp][]} */ ([
    [`{"access_token": "${secret}"}`, /the token is JSON\.[\s\S]*access_token/],
    [`{\n  "accessToken": "${secret}"\n}\n`, /the token is JSON/],
    [`["${secret}"]`, /the token is JSON/],
    [`${secret}\n${secret}`, /the token has several lines/],
    [`${secret} ${secret}`, /the token has white space in it/],
    [`${secret}\u00e9`, /the token has a character at place 18/],
    [`""`, /the token is empty/],
  ])) {
    const file = shell.file("token", content);
    for (const [args, place, env] of /** @type {[string[], RegExp, Record<string, string>?][]} */ ([
      [["--token-file", file], /--token-file: .*token: the token/],
      [["-t", `@${file}`], /-t.* @…: the token/],
      [["--token-command", `cat ${file}`], /--token-command: the token/],
      [[], /OCISIGN_TOKEN: the token/, { OCISIGN_TOKEN: content }],
      [[], /OCISIGN_TOKEN_FILE: .*token: the token/, { OCISIGN_TOKEN_FILE: file }],
    ])) {
      const { code, stdout, stderr } = await shell.ocisign(["products", ...args], { env });
      assert.equal(code, 1, stderr);
      assert.match(stderr, said);
      assert.match(stderr, place);
      assert.ok(!`${stdout}${stderr}`.includes(secret), stderr);
    }
  }
  assert.deepEqual(service.asked, [], "nothing was sent");
});

test("a command is run again when the service refuses what it gave", async () => {
  shell.file(
    "give",
    `#!/bin/sh\necho run >> runs\nif [ "$(wc -l < runs)" -eq 1 ]; then echo expired; else echo ${secret}; fi\n`,
    0o700,
  );
  const done = await shell.ocisign(["products", "--token-command", "./give"]);
  assert.equal(done.code, 0, done.stderr);
  assert.equal(readFileSync(`${shell.folder}/runs`, "utf8"), "run\nrun\n");
  assert.deepEqual(
    service.asked.map(({ token }) => token),
    ["expired", secret],
  );
});

test("a file is read again when the service refuses what stood in it", async () => {
  const file = shell.file("token", "expired");
  service.close();
  service = await fakeService(({ token }) => {
    if (token === secret) return { body: [] };
    shell.file("token", secret);
    return { status: 401 };
  });
  const done = await shell.ocisign(["products", "-a", service.url, "-t", `@${file}`]);
  assert.equal(done.code, 0, done.stderr);
});

test("a token that has expired is said to have", async () => {
  const claims = Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString("base64url");
  const { code, stderr } = await shell.ocisign(["products", "-t", `e30.${claims}.x`]);
  assert.equal(code, 1);
  assert.match(stderr, /expired at 2023-11-14T22:13:20\.000Z/);
  assert.ok(!stderr.includes(claims));
});

test("a command's failure tells its code, and never what it printed", async () => {
  for (const [command, message] of /** @type {[string, RegExp][]} */ ([
    [`echo ${secret}; echo why >&2; exit 3`, /why[\s\S]*ended with code 3/],
    ["true", /prints nothing/],
    ["no-such-command-here", /ended with code 127/],
    ["kill -9 $$", /was ended by SIGKILL|ended with code 137/],
    ["yes", /^error: .*prints more than a token/m],
    ["yes; echo done", /^error: .*prints more than a token/m],
  ])) {
    const { code, stdout, stderr } = await shell.ocisign(["products", "--token-command", command], {
      env: { OCISIGN_DEBUG: "1" },
    });
    assert.equal(code, 1, command);
    assert.match(stderr, message);
    assert.match(stderr, /^error: --token-command: the command /m);
    assert.ok(!`${stdout}${stderr.replaceAll(command, "")}`.includes(secret), stderr);
  }
});

test("files that are none", async () => {
  for (const [path, message] of /** @type {[string, RegExp][]} */ ([
    ["missing.token", /: missing\.token: there is no such file/],
    ["missing", /: there is no such file\.\n.* not shown here/],
    [".", /is a folder/],
    [shell.file("empty", " \n"), /is empty/],
    [shell.file("binary", Buffer.from([0, 1, 2])), /binary/],
    // Endless, and of no size that could be asked for.
    ["/dev/zero", /\/dev\/zero: it is larger than 64 MiB/],
  ])) {
    const { code, stderr } = await shell.ocisign(["products", "-t", `@${path}`]);
    assert.equal(code, 1);
    assert.match(stderr, message);
  }
  const nothing = await shell.ocisign(["products", "-t", "@-"], { input: "" });
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /standard input/);
});

test("no token, two tokens, and two readers of standard input are wrong usage", async () => {
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [["products"], /No token is given/],
    [["products", "-t", "x", "--token-command", "echo"], /--token and --token-command/],
    [["products", "-t", "x", "--token-file", "y"], /--token and --token-file/],
    [["sign", "--from-file", "-", "-P", "p", "-t", "@-"], /both read standard input/],
  ])) {
    const { code, stderr } = await shell.ocisign(args, { input: "x" });
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
  const env = { OCISIGN_TOKEN: "x", OCISIGN_TOKEN_FILE: "y" };
  const twice = await shell.ocisign(["products"], { env });
  assert.equal(twice.code, 2);
  assert.match(twice.stderr, /OCISIGN_TOKEN and OCISIGN_TOKEN_FILE/);
});

const hidden = "the list of processes does not show a token for longer than the start takes";
test(hidden, { skip: process.platform !== "linux" && "there is no /proc" }, async () => {
  service.close();
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  service = await fakeService(() => {
    resolve();
    return { hang: true };
  });
  const running = shell.start(["products", "-a", service.url, "-t", secret]);
  await promise;
  const shown = readFileSync(`/proc/${running.child.pid}/cmdline`, "utf8");
  running.child.kill("SIGINT");
  assert.equal((await running.ended).code, 130);
  assert.ok(!shown.includes(secret), shown);
});

let sandbox;
before(async () => {
  sandbox = await cliSandbox("token");
});
after(() => sandbox?.close());

test("with the sandbox: a damaged token first, then a good one, in the middle of a wait", async () => {
  const script = `echo x >> calls; if [ "$(wc -l < calls)" -eq 1 ]; then echo a.b.c; else echo ${sandbox.token("requester")}; fi`;
  const done = await sandbox.ocisign(
    ["sign", sandbox.image, "-P", "automatic", "--wait", "--token-command", script],
    { env: { OCISIGN_TOKEN: "" } },
  );
  assert.equal(done.code, 0, done.stderr);
  assert.equal(readFileSync(`${sandbox.folder}/calls`, "utf8"), "x\nx\n");
});
