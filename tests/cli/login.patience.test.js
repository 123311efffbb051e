// An issuer that is slow, away or dishonest, in the middle of a sign-in and of a renewal.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { shellIn } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";
import { scriptedIssuer } from "../support/scripted-issuer.js";

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
