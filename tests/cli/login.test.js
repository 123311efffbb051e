// Signing in at an issuer: by a device code, in a browser; what is kept of it, where, and that no secret is seen.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { documentOf } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";
import { Visitor } from "../support/issuer-visitor.js";
import { sandboxWith } from "../support/sandbox-with-issuer.js";
import { filesBelow, linkIn, quickly, signInWorld } from "../support/signing-in.js";

/** @type {Awaited<ReturnType<typeof signInWorld>>} */
let at;
/** @type {Awaited<ReturnType<typeof fakeService>>} */
let service;
/** The tokens that the service does not take. @type {Set<string>} */
let refused;
before(async () => {
  refused = new Set();
  service = await fakeService(({ token }) => (!token || refused.has(token) ? { status: 401 } : { body: [] }));
  at = await signInWorld(service.url);
});
after(() => {
  service?.close();
  at?.close();
});
beforeEach(() => {
  service.asked.length = 0;
});
afterEach(async () => {
  await at.ocisign(["logout"]);
});

/** The one sign-in that is kept. */
function keptFile() {
  const names = readdirSync(at.kept).filter((name) => name.endsWith(".json"));
  assert.equal(names.length, 1, String(names));
  return join(at.kept, String(names[0]));
}

const kept = () => JSON.parse(readFileSync(keptFile(), "utf8"));
/** As if time had passed. */
function expire() {
  const document = kept();
  document.file.expiresAt = new Date(Date.now() - 1000).toISOString();
  at.file(keptFile().slice(at.folder.length + 1), JSON.stringify(document));
}

test("a device code: the next commands find the token, and no secret is anywhere but in one file", async () => {
  const running = at.start(["login", "--device", "--json"], { env: { ...quickly, OCISIGN_DEBUG: "1" } });
  await running.says(/Or open \S+/, "stderr");
  const shown =
    process.platform === "linux" ? readFileSync(`/proc/${running.child.pid}/cmdline`, "utf8") : "";
  const visitor = new Visitor();
  assert.match((await visitor.signIn(linkIn(running.said.stderr))).text, /successful/);
  const done = await running.ended;
  assert.equal(done.code, 0, done.stderr);
  const { name, renewable, keptIn, file } = documentOf(done);
  assert.deepEqual([name, renewable, keptIn, file], ["Ada Requester", true, "file", keptFile()]);

  const listed = await at.ocisign(["products"]);
  assert.equal(listed.code, 0, listed.stderr);
  const { file: secrets } = kept();
  assert.deepEqual(new Set(service.asked.map(({ token }) => token)), new Set([secrets.token]));
  const me = documentOf(await at.ocisign(["whoami", "--json"]));
  assert.match(me.tokenFrom, /^`ocisign login` at 127\.0\.0\.1:\d+ \(\/.*\.json\)$/);
  const checked = await at.ocisign(["doctor"]);
  assert.match(checked.stdout, /source: It comes from `ocisign login` at/);

  const { issuer } = at;
  assert.equal(issuer.secrets.size, 4, "access, ID and refresh token, device code");
  const said =
    [done, listed, checked].map(({ stdout, stderr }) => stdout + stderr).join() + JSON.stringify(me);
  const others = filesBelow(at.folder).filter(({ path }) => path !== keptFile());
  for (const secret of issuer.secrets) {
    for (const piece of [secret, secret.split(".")[1] ?? secret]) {
      assert.ok(!said.includes(piece), "said");
      assert.ok(!shown.includes(piece), "in the list of processes");
      assert.ok(!visitor.visited.join().includes(piece), "in an address");
      for (const { path, text } of others) assert.ok(!text.includes(piece), path);
    }
  }
  assert.ok(
    !readFileSync(keptFile(), "utf8").includes([...issuer.secrets][0] ?? ""),
    "the device code is not kept",
  );
  const modes = [keptFile(), at.kept].map((path) => statSync(path).mode & 0o777);
  assert.deepEqual(modes, [0o600, 0o700]);
});

test("only the service that one signed in for gets the token", async () => {
  await at.login();
  const other = await fakeService(() => ({ body: [] }));
  try {
    const { code, stderr } = await at.ocisign(["products", "-a", other.url]);
    assert.equal(code, 2);
    assert.match(stderr, /No token is given[\s\S]*`ocisign login`/);
    assert.equal(other.asked.length, 0);
    const given = await at.ocisign(["products"], { env: { OCISIGN_TOKEN: "another-token" } });
    assert.equal(given.code, 0, given.stderr);
    assert.equal(service.asked.at(-1)?.token, "another-token");
  } finally {
    other.close();
  }
});

test("a service that takes ID tokens gets one", async () => {
  const { code, stderr } = await at.login(["--token", "id"]);
  assert.equal(code, 0, stderr);
  const { token, accessToken, idToken } = kept().file;
  assert.equal(token, idToken);
  assert.notEqual(token, accessToken);
  assert.equal(documentOf(await at.ocisign(["whoami", "--json"])).audience[0], "ocisign");
});

test("a browser: it gets an address of this machine, which leads to the issuer once; one answer counts", async () => {
  const browser = at.file(
    "browser",
    '#!/bin/sh\nprintf "%s" "$@" > "$HOME/opening"; mv "$HOME/opening" "$HOME/opened"\n',
    0o700,
  );
  const running = at.start(["login", "--json"], { env: { BROWSER: browser } });
  await running.says(/Waiting for you/, "stderr");
  await at.bash('while [ ! -e "$HOME/opened" ]; do :; done');
  const start = new URL(readFileSync(join(at.folder, "opened"), "utf8"));
  assert.match(start.href, /^http:\/\/127\.0\.0\.1:\d+\/start-[\w-]{22}$/);
  const led = await fetch(start, { redirect: "manual" });
  const to = new URL(led.headers.get("location") ?? assert.fail("it leads nowhere"));
  assert.equal(to.origin, at.issuer.url);
  assert.equal(to.searchParams.get("code_challenge_method"), "S256");
  const status = async (path, init = {}) =>
    (await fetch(`${start.origin}${path}`, { ...init, redirect: "manual" })).status;
  assert.equal(await status(start.pathname), 404, "once");
  assert.equal(await status("/?code=x&state=of-another"), 400);
  assert.equal(await status("/?code=x"), 400);
  assert.equal(await status("//"), 404);
  assert.equal(await status("/?state=x", { method: "POST" }), 405);
  const foreign = await at.bash(
    `curl -s -o /dev/null -w '%{http_code}' -H 'Host: page.example' ${start.origin}/`,
  );
  assert.equal(foreign.stdout, "421");

  // A browser connects before it has something to ask; another program may never end its question.
  const idle = ["", "GET / HTTP/1.1\r\nHost: x"].map((said) => {
    const socket = connect(Number(start.port), "127.0.0.1", () => socket.write(said));
    return socket.on("error", () => {});
  });
  const visitor = new Visitor();
  const { status: last, text } = await visitor.signIn(to);
  assert.deepEqual([last, text], [200, "The answer has arrived. Go back to the terminal.\n"]);
  const done = await running.ended;
  for (const socket of idle) socket.destroy();
  assert.equal(done.code, 0, done.stderr);
  assert.equal(documentOf(done).name, "Ada Requester");
  await assert.rejects(fetch(start), "nothing listens any more");
  for (const secret of at.issuer.secrets) assert.ok(!`${done.stdout}${done.stderr}`.includes(secret));
  assert.equal((await at.ocisign(["products"])).code, 0);
});

test("a person who refuses, in a browser and by a code", async () => {
  const coded = at.start(["login", "--device"], { env: quickly });
  await coded.says(/Or open \S+/, "stderr");
  await new Visitor().signIn(linkIn(coded.said.stderr), { refuses: true });
  const { code, stderr } = await coded.ended;
  assert.equal(code, 1);
  assert.match(stderr, /did not let you in: access_denied[\s\S]*Run `ocisign login` again/);

  const browsed = at.start(["login"], { env: { BROWSER: "true" } });
  await browsed.says(/Waiting for you/, "stderr");
  const [, url = ""] = browsed.said.stderr.match(/^(http\S+\/auth\?\S+)$/m) ?? [];
  const to = new URL(url);
  const answer = new URL(to.searchParams.get("redirect_uri") ?? "");
  answer.search = String(
    new URLSearchParams({
      ...{ error: "access_denied", error_description: "nobody", iss: at.issuer.url },
      state: to.searchParams.get("state") ?? "",
    }),
  );
  assert.equal(await (await fetch(answer)).text(), "The sign-in failed. Go back to the terminal.\n");
  const refusal = await browsed.ended;
  assert.equal(refusal.code, 1);
  assert.match(refusal.stderr, /did not let you in: access_denied, nobody/);
  assert.equal(existsSync(at.kept) && readdirSync(at.kept).some((name) => name.endsWith(".json")), false);
});

test("Ctrl-C ends the wait for a code, and nothing is kept", async () => {
  const running = at.start(["login", "--device"]);
  await running.says(/Waiting for you/, "stderr");
  running.child.kill("SIGINT");
  assert.equal((await running.ended).code, 130);
  assert.deepEqual(readdirSync(at.kept), []);
});

test("a sign-in that nobody comes to ends at its time", async () => {
  const { code, stderr } = await at.ocisign(["login", "--timeout", "300ms"], { env: { BROWSER: "true" } });
  assert.equal(code, 1);
  assert.match(stderr, /No sign-in came back from 127\.0\.0\.1:\d+ within 300ms\./);
});

test("two processes at once renew an expired token once, and both go on", async () => {
  await at.login();
  const before = at.issuer.grants.length;
  const first = kept().file;
  expire();
  const both = await Promise.all([
    at.ocisign(["products"]),
    at.ocisign(["products"]),
    at.ocisign(["products"]),
  ]);
  for (const { code, stderr } of both) assert.equal(code, 0, stderr);
  assert.deepEqual(at.issuer.grants.slice(before), ["refresh_token"]);
  const now = kept().file;
  assert.notEqual(now.refreshToken, first.refreshToken);
  assert.deepEqual(new Set(service.asked.map(({ token }) => token)), new Set([now.token]));
  assert.deepEqual(readdirSync(at.kept).length, 1, "no lock is left");
});

test("a token that the service refuses is renewed in the middle", async () => {
  await at.login();
  const first = kept().file.token;
  refused.add(first);
  const { code, stderr } = await at.ocisign(["products"]);
  assert.equal(code, 0, stderr);
  const [before, after] = service.asked.map(({ token }) => token);
  assert.deepEqual([before, after], [first, kept().file.token]);
});

test("a refresh token that the issuer refuses is not tried again, and the error says `ocisign login`", async () => {
  await at.login();
  const document = kept();
  document.file.refreshToken = "never-given-by-the-issuer";
  at.file(keptFile().slice(at.folder.length + 1), JSON.stringify(document));
  expire();
  const { code, stderr } = await at.ocisign(["products"], { env: { OCISIGN_DEBUG: "1" } });
  assert.equal(code, 1);
  assert.match(stderr, /cannot be renewed: 127\.0\.0\.1:\d+ refused its refresh token\.\n.*`ocisign login`/);
  assert.ok(!stderr.includes("never-given"), stderr);
  assert.equal(kept().file.refreshToken, undefined);
  const again = await at.ocisign(["products"]);
  assert.match(again.stderr, /expired at 20\d\d-.*\n.*`ocisign login`/);
  assert.equal(service.asked.length, 0);
});

test("a store that others can reach is refused, and its token is not used", async () => {
  await at.login();
  const file = keptFile();
  for (const [spoil, mend, said] of /** @type {[() => void, () => void, RegExp][]} */ ([
    [() => chmodSync(file, 0o640), () => chmodSync(file, 0o600), /other users can reach it \(mode 0640\)/],
    [
      () => chmodSync(at.kept, 0o755),
      () => chmodSync(at.kept, 0o700),
      /other users can reach it \(mode 0755\)/,
    ],
    [
      () => {
        renameSync(file, join(at.folder, "elsewhere"));
        symlinkSync(join(at.folder, "elsewhere"), file);
      },
      () => renameSync(join(at.folder, "elsewhere"), file),
      /it is a symbolic link/,
    ],
    [
      () => {
        renameSync(file, join(at.folder, "elsewhere"));
        execFileSync("mkfifo", [file]);
      },
      () => renameSync(join(at.folder, "elsewhere"), file),
      /it is no file/,
    ],
  ])) {
    spoil();
    for (const command of ["products", "whoami", "logout"]) {
      const { code, stderr } = await at.ocisign([command]);
      assert.equal(code, 1, `${command} ${said}`);
      assert.match(stderr, said);
    }
    mend();
  }
  assert.equal(service.asked.length, 0);
  assert.equal((await at.ocisign(["products"])).code, 0);
});

test("logout has the issuer revoke the refresh token, and removes what is kept", async () => {
  await at.login();
  const { refreshToken } = kept().file;
  const { code, stdout, stderr } = await at.ocisign(["logout", "--json"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    documentOf({ stdout }).ended.map(({ revoked }) => revoked),
    [["refresh_token"]],
  );
  assert.deepEqual(readdirSync(at.kept), []);
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "ocisign",
    refresh_token: refreshToken,
  });
  const reply = await fetch(`${at.issuer.url}/token`, { method: "POST", body });
  assert.equal((await reply.json()).error, "invalid_grant");
  assert.equal((await at.ocisign(["logout"])).stdout, `No sign-in at ${service.url} is kept.\n`);
});

test("what is missing or wrong is named by its setting, and nothing is asked", async () => {
  for (const [args, said] of /** @type {[string[], RegExp][]} */ ([
    [["--issuer", "http://login.example"], /--issuer is not the https address of an issuer/],
    [["--issuer", "https://login.example/?x=y"], /--issuer is not the https address of an issuer/],
    [["--token", "refresh"], /--token is neither access nor id/],
    [["--redirect-uri", "http://page.example/"], /--redirect-uri is not an http address of this machine/],
  ])) {
    const { code, stderr } = await at.ocisign(["login", "--device", ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, said);
  }
  const { code, stderr } = await at.ocisign(["login"], { env: { OCISIGN_OIDC_CLIENT_ID: "" } });
  assert.equal(code, 2);
  assert.match(stderr, /neither --client-id nor OCISIGN_OIDC_CLIENT_ID is set/);
});

test("a code that is never used ends at its time, in exact words", async () => {
  const brief = await signInWorld(service.url, { deviceCodeS: 1 });
  try {
    const { code, stderr } = await brief.ocisign(["login", "--device"]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /error: The code [A-Z]{4}-[A-Z]{4} was not used within 1s: it has expired\.\n {2}Run `ocisign login` again/,
    );
  } finally {
    brief.close();
  }
});

test("a sandbox takes the token", async () => {
  const sandbox = await sandboxWith(at.issuer.url);
  try {
    const env = { OCISIGN_URL: sandbox.base };
    const signedIn = await at.login(["-a", sandbox.base]);
    assert.equal(signedIn.code, 0, signedIn.stderr);
    const { code, stderr } = await at.ocisign(["products"], { env });
    assert.equal(code, 0, stderr);
    assert.equal((await at.ocisign(["logout"], { env })).code, 0);
  } finally {
    await sandbox.close();
  }
});
