// Tokens of an OpenID Connect issuer: accepted beside the sandbox's own, and refused for everything that is wrong.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { publicKey, SigningClient } from "ocisign";
import { pushImage } from "../../demo/image.js";
import { Registry } from "../../demo/registry.js";
import { audience, inSeconds, issuerKey, jwt, startFakeIssuer } from "../support/fake-issuer.js";
import * as real from "../support/issuer.js";
import { prove } from "../support/proof.js";
import { productFor, profileOf, program, temporaryFolder, testSandbox } from "../support/sandbox.js";

const quick = { intervalMs: 20, maxIntervalMs: 100, timeoutMs: 60_000 };

/** A sandbox that accepts an issuer's tokens. */
function sandboxWith(url, { expected = audience, args = [] } = {}) {
  const issuer = ["--oidc-issuer", url, "--oidc-audience", expected, "--oidc-client-id", real.clientId];
  return testSandbox({ name: "oidc", args: [...issuer, ...args] });
}

/** What a token gets: the status, and the body of a refusal. */
async function tried(sandbox, token) {
  const reply = await fetch(`${sandbox.base}/products`, { headers: { authorization: `Bearer ${token}` } });
  return { status: reply.status, challenge: reply.headers.get("www-authenticate"), ...(await reply.json()) };
}

/** Runs with an issuer of our own, a key that it publishes, and a sandbox that accepts it. */
async function withFake(run, alg = "ES256") {
  const issuer = await startFakeIssuer();
  const key = issuerKey(alg);
  issuer.publish(key);
  const sandbox = await sandboxWith(issuer.url);
  try {
    await run({ issuer, key, sandbox });
  } finally {
    await sandbox.close();
    issuer.close();
  }
}

test("three people of a real issuer request, approve and get a signature", async () => {
  const issuer = await real.startIssuer();
  const sandbox = await sandboxWith(issuer.url, { expected: real.audience });
  try {
    const profile = await profileOf(sandbox);
    const client = (token) => new SigningClient({ baseUrl: sandbox.base, profile, token });
    const as = async (account) => client((await real.signIn(issuer.url, account)).accessToken);
    const [ada, ben, cleo] = [await as("ada"), await as("ben"), await as("cleo")];
    const product = await ada.createProduct(productFor(sandbox));
    const registry = new Registry(sandbox.registry);
    const image = `${sandbox.registry.domain}/team/oidc@${await pushImage(registry, "team/oidc")}`;
    const { id } = await ada.requestSigning({ productId: product.id, artifact: image });
    await assert.rejects(ada.approve(id), { code: "forbidden" });
    // The sandbox's own people decide beside them.
    await assert.rejects(client(sandbox.person("outsider").token).approve(id), { code: "forbidden" });
    await ben.approve(id, { expect: await ben.signing(id) });
    await cleo.approve(id);
    const signed = await ada.waitForSignature(id, quick);
    assert.equal(signed.state, "signed", String(signed.reason));
    assert.deepEqual(signed.requester, { objectId: real.accounts.ada.oid, name: "Ada Requester" });
    assert.deepEqual(
      signed.approvals.map(({ objectId, name }) => [objectId, name]),
      [
        [real.accounts.ben.oid, "Ben of A"],
        ["cleo", "Cleo of B"],
      ],
    );
    await prove(registry, image, publicKey(product, undefined, profile).pem);
  } finally {
    await sandbox.close();
    issuer.close();
  }
});

test("ID tokens are for the page, access tokens for the API, and neither passes for the other", async () => {
  const issuer = await real.startIssuer();
  const forIdTokens = { expected: real.clientId, args: ["--oidc-token", "id_token"] };
  const [api, page] = [
    await sandboxWith(issuer.url, { expected: real.audience }),
    await sandboxWith(issuer.url, forIdTokens),
  ];
  try {
    const { accessToken, idToken } = await real.signIn(issuer.url, "ada");
    assert.equal((await tried(api, accessToken)).status, 200);
    assert.equal((await tried(page, idToken)).status, 200);
    for (const refused of [await tried(api, idToken), await tried(page, accessToken)]) {
      assert.deepEqual([refused.status, refused.code], [401, "token-invalid"]);
      assert.match(refused.message, /another audience/);
    }
    // The token of either sandbox is of its own issuer, and none of the other's.
    assert.equal((await tried(api, api.person("requester").token)).status, 200);
    assert.equal((await tried(api, page.person("requester").token)).status, 401);
  } finally {
    await api.close();
    await page.close();
    issuer.close();
  }
});

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
      return policy.match(/connect-src ([^;]*)/)[1].split(" ");
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
    assert.match(policy, new RegExp(`connect-src 'self' ${without.registry.url} ${issuer.url}$`));
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

for (const alg of ["RS256", "PS256", "ES256", "ES384"]) {
  test(`${alg} is accepted, and a changed token is not`, () =>
    withFake(async ({ issuer, key, sandbox }) => {
      const token = issuer.token(key);
      assert.equal((await tried(sandbox, token)).status, 200);
      // A bit in the middle: the last characters may carry none.
      const at = token.lastIndexOf(".") + 20;
      const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      assert.match((await tried(sandbox, changed)).message, /signature does not hold/);
    }, alg));
}

test("what is wrong with a token is said", () =>
  withFake(async ({ issuer, key, sandbox }) => {
    const rsa = issuerKey("RS256");
    const encryption = issuerKey("RS256", { use: "enc" });
    const pinned = issuerKey("RS256", { alg: "PS256" });
    issuer.publish(key, rsa, encryption, pinned);
    const stranger = { ...issuerKey("ES256"), kid: key.kid };
    const pem = rsa.publicKey.export({ type: "spki", format: "pem" });
    const confused = (secret) => jwt({ alg: "HS256", kid: rsa.kid }, issuer.claims(), secret);
    const wrong = [
      ["another audience", issuer.token(key, { aud: "urn:another" })],
      ["another audience", issuer.token(key, { aud: ["urn:another", "urn:third"] })],
      ["exp or aud is missing", issuer.token(key, { aud: undefined })],
      ["exp or aud is missing", issuer.token(key, { exp: undefined })],
      ["exp or aud is missing", issuer.token(key, { exp: "tomorrow" })],
      ["not good yet", issuer.token(key, { nbf: inSeconds(300) })],
      ["signature does not hold", issuer.token(stranger)],
      ["unknown algorithm", issuer.token(key, {}, { alg: "none" })],
      ["none of RS256", confused(pem)],
      ["none of RS256", confused(JSON.stringify(rsa.published))],
      ["none of RS256", issuer.token(rsa, {}, { alg: "RS512" })],
      ["not for its algorithm", issuer.token(rsa, {}, { kid: key.kid })],
      ["not for its algorithm", issuer.token(encryption)],
      ["not for its algorithm", issuer.token(pinned)],
      ["no key with its kid", issuer.token(issuerKey("ES256"))],
      ["does not name its key", issuer.token(key, {}, { kid: undefined })],
      ["must be understood", issuer.token(key, {}, { crit: ["b64"], b64: false })],
      ["neither oid nor sub", issuer.token(key, { sub: undefined })],
      ["neither oid nor sub", issuer.token(key, { sub: "a\u0000b" })],
      ["list of texts", issuer.token(key, { groups: "everybody" })],
    ];
    for (const [why, token] of wrong) {
      const refused = await tried(sandbox, token);
      assert.deepEqual([refused.status, refused.code], [401, "token-invalid"], why);
      assert.ok(refused.message.includes(why), `${why}: ${refused.message}`);
      assert.ok(refused.fix && refused.challenge, why);
    }
    const expired = await tried(sandbox, issuer.token(key, { exp: inSeconds(-120) }));
    assert.deepEqual([expired.status, expired.code], [401, "token-expired"]);
    // Clocks may differ by less than a minute, in both directions.
    for (const near of [
      { exp: inSeconds(-30) },
      { nbf: inSeconds(30) },
      { aud: ["urn:another", audience] },
    ]) {
      assert.equal((await tried(sandbox, issuer.token(key, near))).status, 200, JSON.stringify(near));
    }
    // Whoever is not the issuer to the letter is a stranger.
    const strangers = [
      `${issuer.url}/`,
      issuer.url.toUpperCase(),
      [issuer.url],
      "urn:ocisign-sandbox:sandbox",
    ];
    for (const iss of [...strangers, undefined]) {
      const refused = await tried(sandbox, issuer.token(key, { iss }));
      assert.deepEqual([refused.status, refused.code], [401, "token-invalid"], String(iss));
    }
    assert.equal((await tried(sandbox, sandbox.person("requester").token)).status, 200);
  }));

test("a person is who the claims say", () =>
  withFake(async ({ issuer, key, sandbox }) => {
    const profile = await profileOf(sandbox);
    const owner = new SigningClient({
      baseUrl: sandbox.base,
      profile,
      token: sandbox.person("requester").token,
    });
    const product = await owner.createProduct(productFor(sandbox));
    const { allowedGroups } = product.productOperations[0].approvalRule;
    const artifact = `${sandbox.registry.domain}/team/app@sha256:${"0".repeat(64)}`;
    const requester = async (claims) => {
      const token = issuer.token(key, claims);
      const client = new SigningClient({ baseUrl: sandbox.base, profile, token });
      return (await client.requestSigning({ productId: product.id, artifact })).requester;
    };
    const groups = allowedGroups;
    assert.deepEqual(await requester({ oid: "o", sub: "s", name: "N", preferred_username: "n@x", groups }), {
      objectId: "o",
      name: "N",
    });
    assert.deepEqual(await requester({ sub: "auth0|é", preferred_username: "n@x", groups }), {
      objectId: "auth0|é",
      name: "n@x",
    });
    assert.deepEqual(await requester({ sub: "s", groups }), { objectId: "s", name: "s" });
    await assert.rejects(requester({ sub: "s" }), { code: "forbidden" }, "without groups");
  }));

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
      assert.ok(ended.status > 0, `${args}: ${ended.status}`);
      assert.match(ended.stderr, words);
    }
  } finally {
    remove();
  }
});
