// How the sandbox deals with an issuer: its keys, its silence and its lies, and what the page is told of it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { audience, issuerKey, startFakeIssuer } from "../support/fake-issuer.js";
import * as real from "../support/issuer.js";
import { program, temporaryFolder, testSandbox } from "../support/sandbox.js";
import { sandboxWith, tried, withFake } from "../support/sandbox-with-issuer.js";

test("the page is told where to sign in, and its policy lets it", async () => {
  const issuer = await startFakeIssuer();
  const { folder, remove } = temporaryFolder("page");
  writeFileSync(join(folder, "index.html"), "<!doctype html>");
  const args = ["--www", folder, "--oidc-scope", "openid profile groups", "--oidc-token", "id_token"];
  const sandbox = await sandboxWith(issuer.url, { args });
  try {
    const { oidc } = await (await fetch(new URL("settings.json", sandbox.url))).json();
    assert.deepEqual(oidc, {
      issuer: issuer.url,
      clientId: real.clientId,
      scope: "openid profile groups",
      token: "id_token",
    });
    const sources = async () => {
      const policy = (await fetch(sandbox.url)).headers.get("content-security-policy");
      return policy?.match(/connect-src ([^;]*)/)?.[1].split(" ");
    };
    // Its tokens are at another origin, as large issuers have them.
    assert.deepEqual(await sources(), [
      ...["'self'", sandbox.registry.url, issuer.url],
      new URL(issuer.metadata.token_endpoint).origin,
    ]);
    // What an issuer cannot be asked, the page is not told; it works for who has a token already.
    issuer.close();
    await sandbox.close();
    const without = await sandboxWith(issuer.url, { args });
    const policy = (await fetch(without.url)).headers.get("content-security-policy");
    await without.close();
    assert.match(String(policy), new RegExp(`connect-src 'self' ${without.registry.url} ${issuer.url}$`));
  } finally {
    await sandbox.close();
    issuer.close();
    remove();
  }
});

test("a page without an issuer is told of none", async () => {
  const sandbox = await testSandbox();
  try {
    const settings = await (await fetch(new URL("settings.json", sandbox.url))).json();
    assert.ok(!("oidc" in settings));
  } finally {
    await sandbox.close();
  }
});

test("a new key is found at once, and unknown ones do not make the sandbox a flood", () =>
  withFake(async ({ issuer, key, sandbox }) => {
    assert.equal(issuer.asked.keys, 0, "nobody asks before there is a token");
    const first = await Promise.all(Array.from({ length: 20 }, () => tried(sandbox, issuer.token(key))));
    assert.ok(first.every(({ status }) => status === 200));
    assert.deepEqual(issuer.asked, { metadata: 1, keys: 1, moved: 0 });

    const next = issuerKey("ES256");
    issuer.publish(next);
    assert.equal((await tried(sandbox, issuer.token(next))).status, 200);
    assert.deepEqual(issuer.asked, { metadata: 2, keys: 2, moved: 0 });
    assert.match(
      (await tried(sandbox, issuer.token(key))).message,
      /no key with its kid/,
      "it was withdrawn",
    );

    const flood = Array.from({ length: 50 }, (_, index) =>
      tried(sandbox, issuer.token({ ...key, kid: `unknown ${index}` })),
    );
    assert.ok((await Promise.all(flood)).every(({ status }) => status === 401));
    assert.deepEqual(issuer.asked, { metadata: 2, keys: 2, moved: 0 }, "one search a minute");
    assert.equal((await tried(sandbox, issuer.token(next))).status, 200);
  }));

test("an issuer that is down is not the token's fault, and is asked again", { timeout: 60_000 }, () =>
  withFake(async ({ issuer, key, sandbox }) => {
    const { metadata, keys } = issuer.answers;
    issuer.answers = { metadata: null, keys: null, moved: null };
    const token = issuer.token(key);
    for (const down of await Promise.all(Array.from({ length: 20 }, () => tried(sandbox, token)))) {
      assert.deepEqual([down.status, down.code], [503, "issuer-unreachable"]);
      assert.ok(down.message && down.fix);
    }
    assert.equal(issuer.asked.metadata, 1, "it is left alone for a while");
    assert.equal((await tried(sandbox, sandbox.person("requester").token)).status, 200);

    issuer.answers = { metadata, keys, moved: null };
    while ((await tried(sandbox, token)).status === 503) await pause(100);
    assert.equal((await tried(sandbox, token)).status, 200);

    // What is known stays good while the issuer is down; what may be new cannot be told.
    issuer.answers = { metadata: null, keys: null, moved: null };
    assert.equal((await tried(sandbox, token)).status, 200);
    assert.equal((await tried(sandbox, issuer.token(issuerKey("ES256")))).status, 503);
  }),
);

test("who does not answer as the issuer is none", async () => {
  const withKeysAt = (metadata, change) => ({ ...metadata, jwks_uri: change(metadata.jwks_uri) });
  /** @type {((issuer: any) => object)[]} */
  const lies = [
    ({ metadata }) => ({ metadata: { body: { ...metadata, issuer: "https://login.example" } } }),
    ({ metadata }) => ({ metadata: { body: { ...metadata, issuer: `${metadata.issuer}/` } } }),
    // This machine by a name that is none of its own; with a password; and not by HTTP at all.
    ({ metadata }) => ({
      metadata: { body: withKeysAt(metadata, (url) => url.replace("127.0.0.1", "0.0.0.0")) },
    }),
    ({ metadata }) => ({ metadata: { body: withKeysAt(metadata, (url) => url.replace("//", "//u:p@")) } }),
    ({ metadata }) => ({ metadata: { body: withKeysAt(metadata, () => "file:///etc/passwd") } }),
    ({ metadata }) => ({
      metadata: { status: 302, headers: { location: "/moved" }, body: "" },
      moved: { body: metadata },
    }),
    ({ answers }) => ({
      keys: { status: 302, headers: { location: "/moved" }, body: "" },
      moved: answers.keys,
    }),
    () => ({ metadata: { body: "<html>" } }),
    () => ({ metadata: { status: 404, body: {} } }),
    () => ({ keys: { status: 500, body: {} } }),
    () => ({ keys: { body: { keys: "none" } } }),
    () => ({ keys: { body: " ".repeat(1024 * 1024 + 1) } }),
  ];
  for (const lie of lies) {
    await withFake(async ({ issuer, key, sandbox }) => {
      issuer.answers = { ...issuer.answers, ...lie(issuer) };
      const { status, code } = await tried(sandbox, issuer.token(key));
      assert.deepEqual([status, code], [503, "issuer-unreachable"], String(lie));
    });
  }
});

test("keys that are not understood hide no others", () =>
  withFake(async ({ issuer, key, sandbox }) => {
    const odd = [
      { kty: "AKP", kid: "a", pub: "AA" },
      { kty: "EC", crv: "secp256k1", kid: "b" },
      { kid: 7 },
      null,
    ];
    issuer.answers.keys = { body: { keys: [...odd, key.published] } };
    assert.equal((await tried(sandbox, issuer.token(key))).status, 200);
  }));

test("a start with half of an issuer, or an unsafe one, says what to do", () => {
  const { folder, remove } = temporaryFolder("start");
  const rest = ["--oidc-audience", audience, "--oidc-client-id", real.clientId];
  /** @type {[string[], RegExp][]} */
  const refused = [
    [["--oidc-issuer", "https://login.example"], /--oidc-audience[\s\S]*--oidc-client-id/],
    [["--oidc-issuer", "https://login.example", "--oidc-audience", "a"], /--oidc-client-id/],
    [rest, /--oidc-issuer/],
    [["--oidc-token", "id_token"], /--oidc-issuer/],
    [["--oidc-scope", "openid"], /--oidc-issuer/],
    [["--oidc-issuer", "https://login.example", ...rest, "--oidc-token", "both"], /id_token/],
    [
      ["--oidc-issuer", "https://login.example", "--oidc-audience", "", "--oidc-client-id", "c"],
      /--oidc-audience/,
    ],
    [["--oidc-issuer", "http://login.example", ...rest], /neither https nor on this machine.*Write it/],
    [["--oidc-issuer", "login.example", ...rest], /is not a URL/],
    [["--oidc-issuer", "https://u:p@login.example", ...rest], /username/],
    [["--oidc-issuer", "https://login.example/?a", ...rest], /query/],
  ];
  try {
    for (const [args, words] of refused) {
      const data = [
        "--data",
        join(folder, "data"),
        "--listen",
        "127.0.0.1:0",
        "--registry-listen",
        "127.0.0.1:0",
      ];
      const ended = spawnSync(program, [...data, ...args], { encoding: "utf8", timeout: 30_000 });
      assert.ok(Number(ended.status) > 0, `${args}: ${ended.status}`);
      assert.match(ended.stderr, words);
    }
  } finally {
    remove();
  }
});
