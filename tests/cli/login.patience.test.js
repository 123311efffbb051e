// An issuer that is slow, away or dishonest, in the middle of a sign-in and of a renewal.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { shellIn } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";
import { scriptedIssuer } from "../support/scripted-issuer.js";
import { importSource } from "../support/source.js";

/** @type {typeof import("../../pkg/src/journal/lock.ts")} */
const { Lock } = await importSource("pkg/src/journal/lock.ts");
const noted = pathToFileURL(new URL("../support/noted-pauses.js", import.meta.url).pathname).href;
/** @type {Awaited<ReturnType<typeof fakeService>>} */
let service;
let shell;
before(async () => {
  service = await fakeService(() => ({ body: [] }));
  shell = shellIn("login-patience", {
    ...{ OCISIGN_URL: service.url, OCISIGN_OIDC_CLIENT_ID: "ocisign", OCISIGN_KEYCHAIN: "no" },
    NODE_OPTIONS: `--import ${noted}`,
  });
});
after(() => {
  service?.close();
  shell?.remove();
});

const refusal = (/** @type {string} */ error) => ({ status: 400, body: { error } });
const login = (issuer, args = ["--device"]) =>
  shell.start(["login", ...args], { env: { OCISIGN_OIDC_ISSUER: issuer.url } });

test("slow_down adds five seconds for good, and an issuer that is away is asked ever more rarely", async () => {
  const issuer = await scriptedIssuer({
    tokens: [
      refusal("authorization_pending"),
      refusal("slow_down"),
      refusal("authorization_pending"),
      { status: 503, body: {} },
      refusal("expired_token"),
    ],
  });
  try {
    const { code, stderr } = await login(issuer).ended;
    assert.equal(code, 1);
    const pauses = Array.from(stderr.matchAll(/^pause (\d+)$/gm), ([, ms]) => Number(ms) / 1000);
    // Others are limits of a connection.
    assert.deepEqual(
      pauses.filter((seconds) => seconds >= 5),
      [5, 5, 10, 10, 20],
    );
    assert.match(stderr, /does not answer\. Still trying/);
    assert.match(stderr, /The code WDJB-MJHT was not used within 30m: it has expired\./);
    assert.equal(issuer.asked.length, 5);
    assert.ok(!stderr.includes("the-device-code"), stderr);
  } finally {
    issuer.close();
  }
});

test("an issuer that asks for no pause is not hammered, and one whose code lasts for ever is not waited for so long", async () => {
  const pending = refusal("authorization_pending");
  const hurried = await scriptedIssuer({
    tokens: [pending, pending, refusal("expired_token")],
    device: { interval: 1e-9 },
  });
  const endless = await scriptedIssuer({ tokens: [pending], device: { interval: 1e12, expires_in: 1e300 } });
  try {
    const { stderr } = await login(hurried).ended;
    assert.deepEqual(stderr.match(/^pause 2000$/gm)?.length, 3, stderr);
    const waiting = login(endless);
    await waiting.says(/Waiting for you/, "stderr");
    waiting.child.kill("SIGINT");
    const { stderr: said } = await waiting.ended;
    assert.match(said, /The code is good for 24h\./);
    assert.doesNotMatch(said, /TimeoutOverflowWarning/);
    assert.equal(endless.asked.length, 0);
  } finally {
    hurried.close();
    endless.close();
  }
});

test("a token that lives for longer than any calendar is kept as one that does not say when it ends", async () => {
  const issuer = await scriptedIssuer({ tokens: ["nothing"] });
  try {
    const body = { token_type: "bearer", expires_in: 1e300, access_token: "access-for-ever" };
    issuer.answers.splice(0, 1, { body: { ...body, id_token: issuer.idToken() } });
    const { code, stdout, stderr } = await login(issuer).ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /expires +unknown/);
    assert.equal((await shell.ocisign(["products"])).code, 0);
  } finally {
    issuer.close();
    service.asked.length = 0;
    await shell.ocisign(["logout"]);
  }
});

test("a sign-in is not kept while another process keeps or renews one", async () => {
  const issuer = await scriptedIssuer({ tokens: ["nothing"] });
  const folder = join(shell.folder, ".local/state/ocisign/login");
  /** @type {{ release(): Promise<void> } | undefined} */
  let lock;
  try {
    const given = (/** @type {string} */ name) => ({
      body: { token_type: "bearer", expires_in: 600, access_token: name, id_token: issuer.idToken() },
    });
    issuer.answers.splice(0, 1, given("access-one"), given("access-two"));
    assert.equal((await login(issuer).ended).code, 0);
    const [file = ""] = readdirSync(folder);
    const kept = () => JSON.parse(readFileSync(join(folder, file), "utf8")).file.token;
    lock = await Lock.take(join(folder, file));
    const second = login(issuer);
    let hasEnded = false;
    second.ended.then(() => {
      hasEnded = true;
    });
    // What it tries to lock with.
    const tries = () => readdirSync(folder).some((name) => name.startsWith(`${file}.lock.`));
    while (!hasEnded && !tries()) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([hasEnded, kept()], [false, "access-one"]);
    await lock.release();
    lock = undefined;
    const { code, stderr } = await second.ended;
    assert.equal(code, 0, stderr);
    assert.equal(kept(), "access-two");
  } finally {
    await lock?.release();
    issuer.close();
    await shell.ocisign(["logout"]);
  }
});

test("an issuer that repeats the device code in its words does not get it shown", async () => {
  const error_description = "bad: the-device-code-of-the-script";
  const issuer = await scriptedIssuer({
    tokens: [{ status: 400, body: { error: "invalid_grant", error_description } }],
  });
  try {
    const { code, stderr } = await login(issuer, ["--device", "--json"]).ended;
    assert.equal(code, 1);
    assert.match(stderr, /refused: invalid_grant, bad: \[secret\]/);
  } finally {
    issuer.close();
  }
});

test("a page for the code that is no https address is not shown; nor one without device codes asked", async () => {
  for (const [script, said] of /** @type {const} */ ([
    [{ device: { verification_uri: "javascript:alert(1)" } }, /page for the code is not an https address/],
    [{ metadata: { device_authorization_endpoint: undefined } }, /offers no sign-in by device code/],
  ])) {
    const issuer = await scriptedIssuer({ tokens: [], ...script });
    try {
      const { code, stderr } = await login(issuer).ended;
      assert.equal(code, 1);
      assert.match(stderr, said);
      assert.ok(!stderr.includes("javascript"));
    } finally {
      issuer.close();
    }
  }
});

test("Ctrl-C in a renewal waits for the new refresh token, and another person's is refused", async () => {
  let release = () => {};
  const held = new Promise((resolve) => {
    release = () => resolve(undefined);
  });
  const issuer = await scriptedIssuer({ tokens: ["nothing"] });
  try {
    const given = (name, more = {}) => ({
      body: {
        token_type: "bearer",
        expires_in: 1,
        access_token: `access-${name}`,
        refresh_token: `refresh-${name}`,
        ...more,
      },
    });
    issuer.answers.splice(
      0,
      1,
      given("first", { id_token: issuer.idToken() }),
      { ...given("second"), after: held },
      given("third", { id_token: issuer.idToken({ sub: "another" }) }),
    );
    const signedIn = await login(issuer).ended;
    assert.equal(signedIn.code, 0, signedIn.stderr);
    const running = shell.start(["products"]);
    await shell.bash(`until ls .local/state/ocisign/login/*.lock > /dev/null 2>&1; do :; done`);
    while (issuer.asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    running.child.kill("SIGINT");
    await running.says(/Interrupted/, "stderr");
    release();
    assert.equal((await running.ended).code, 130);
    const folder = join(shell.folder, ".local/state/ocisign/login");
    const [file = ""] = readdirSync(folder);
    const kept = () => JSON.parse(readFileSync(join(folder, file), "utf8")).file;
    assert.deepEqual([kept().token, kept().refreshToken], ["access-second", "refresh-second"]);

    const other = await shell.ocisign(["products"]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /renewed for another person, which is refused/);
    assert.equal(kept().token, "access-second");
    assert.equal(service.asked.length, 0);
  } finally {
    release();
    issuer.close();
  }
});
