// Who a token says one is: of Entra ID, of Google, of anybody; never the token itself.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { documentOf, shellIn } from "../support/cli.js";
import { fakeService } from "../support/fake-service.js";

const shell = shellIn("whoami");
after(() => shell.remove());

const encoded = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = "Zq3-kL9_xW2vB7nM4tY8rC1dF6gH0jS5";
/** @param {unknown} claims */
const tokenOf = (claims) => `${encoded({ alg: "RS256", typ: "JWT" })}.${encoded(claims)}.${signature}`;
const now = Math.floor(Date.now() / 1000);
const group = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";

const entra = {
  ...{ aud: "api://signing", iss: "https://login.microsoftonline.com/t/v2.0", iat: now - 60, nbf: now - 60 },
  ...{ exp: now + 42 * 60 + 30, name: "Ann Approver", preferred_username: "ann@example.com" },
  ...{ oid: "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711", sub: "pairwise", groups: [group] },
};
const google = {
  ...{ iss: "https://accounts.google.com", azp: "x", aud: "x.apps.googleusercontent.com", exp: now + 3599 },
  ...{ sub: "110169484474386276334", email: "ann@example.com", email_verified: true },
};

/** @param {string} token @param {string[]} args @param {Record<string, string>} env */
async function who(token, args = [], env = {}) {
  const outcome = await shell.ocisign(["whoami", ...args], { env: { OCISIGN_TOKEN: token, ...env } });
  const said = `${outcome.stdout}${outcome.stderr}`;
  for (const part of token.split(".").filter((part) => part.length > 10)) {
    assert.ok(!said.includes(part), "the token is not shown");
  }
  return outcome;
}

test("a token of Entra ID: name, object id, groups, issuer, audience, expiry", async () => {
  const { code, stdout, stderr } = await who(tokenOf(entra));
  assert.equal(code, 0, stderr);
  const row = (/** @type {string} */ name) => stdout.match(new RegExp(`^${name}  +(.*)$`, "m"))?.[1];
  assert.equal(row("name"), "Ann Approver");
  assert.equal(row("account"), "ann@example.com");
  assert.equal(row("object id"), entra.oid);
  assert.equal(row("group"), group);
  assert.equal(row("issuer"), entra.iss);
  assert.equal(row("audience"), entra.aud);
  assert.match(row("expires") ?? "", /^in 42 min \(20\d\d-\d\d-\d\dT.*Z\)$/);
  assert.match(stderr, /not verified/);
});

test("groups that are not listed are unknown, and an empty list is none", async () => {
  const { groups: _, ...rest } = entra;
  for (const claims of [
    rest,
    { ...rest, hasgroups: true },
    { ...rest, _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "https://graph" } } },
    { ...rest, groups: "all" },
    { ...rest, groups: [7] },
    google,
  ]) {
    const { stdout } = await who(tokenOf(claims));
    assert.match(stdout, /^groups +unknown: the token does not list them$/m, JSON.stringify(claims));
    assert.equal(documentOf(await who(tokenOf(claims), ["--json"])).groups, null);
  }
  const none = await who(tokenOf({ ...entra, groups: [] }));
  assert.match(none.stdout, /^groups +none$/m);
  assert.deepEqual(documentOf(await who(tokenOf({ ...entra, groups: [] }), ["--json"])).groups, []);
});

test("a token of Google: its sub is the id", async () => {
  const { stdout } = await who(tokenOf(google));
  assert.match(stdout, new RegExp(`^object id +${google.sub}$`, "m"));
  assert.match(stdout, /^name +unknown: the token does not say$/m);
  assert.match(stdout, /^account +ann@example\.com$/m);
});

test("expired, not valid yet, or without a time", async () => {
  for (const [claims, said] of /** @type {[object, RegExp][]} */ ([
    [{ exp: now - 3 * 60 - 5 }, /^expires +expired 3 min ago \(/m],
    [{ exp: now - 400 * 86_400 }, /^expires +expired 1 y ago \(/m],
    [{ exp: now + 5 * 86_400 + 60 }, /^expires +in 5 d \(/m],
    [{ nbf: now + 2 * 3600 + 60 }, /^valid +only in 2 h \(/m],
    [{ exp: undefined }, /^expires +unknown/m],
    [{ exp: "tomorrow" }, /^expires +unknown/m],
    [{ exp: 1e300 }, /^expires +unknown/m],
    [{ exp: null }, /^expires +unknown/m],
  ])) {
    const { code, stdout, stderr } = await who(tokenOf({ ...entra, ...claims }));
    assert.equal(code, 0, stderr);
    assert.match(stdout, said);
    assert.equal(/has expired/.test(stderr), / expired /.test(stdout));
  }
  const { expired, verified } = documentOf(await who(tokenOf({ ...entra, exp: now - 5 }), ["--json"]));
  assert.deepEqual([expired, verified], [true, false]);
});

test("what is no readable JSON Web Token is said to be none, with a code", async () => {
  for (const token of [
    "opaque-reference-token",
    "a.b.c",
    `${encoded({ alg: "RS256" })}.~~~.${signature}`,
    `${encoded({ alg: "RS256" })}.${encoded([1])}.${signature}`,
    `${encoded({ alg: "RS256" })}.${encoded("text")}.${signature}`,
    `${encoded({ alg: "RS256" })}.${Buffer.from([0xff, 0xfe, 0x7b]).toString("base64url")}.${signature}`,
    `x.${encoded(entra)}.${signature}`,
    encoded(entra),
  ]) {
    const { code, stdout, stderr } = await who(token);
    assert.deepEqual([code, stdout], [1, ""], token);
    assert.match(stderr, /is not a JSON Web Token/);
    assert.equal(documentOf(await who(token, ["--json"])).error.code, "no-jwt");
  }
  const encrypted = [
    encoded({ alg: "RSA-OAEP", enc: "A256GCM" }),
    "bXlrZXkx",
    "aXYx",
    "Q2lwaGVy",
    "VGFn",
  ].join(".");
  assert.match((await who(encrypted)).stderr, /encrypted/);
});

test("claims are foreign text: nothing in them moves the terminal or poses as a row", async () => {
  const hostile = {
    ...entra,
    name: "Ann\nobject id  someone-else\u001b[2J\u202e",
    oid: "оid-with-cyrillic",
    iss: { nested: true },
    aud: ["one\ttwo", 7, null],
    groups: ["g\nobject id  x"],
  };
  const { code, stdout } = await who(tokenOf(hostile));
  assert.equal(code, 0);
  assert.equal(stdout.match(/^object id/gm)?.length, 1);
  for (const hidden of ["\u001b", "\u202e", "\t"]) assert.ok(!stdout.includes(hidden), stdout);
  assert.match(stdout, /^object id +о\\u\{43e\}id-with-cyrillic$/m);
  assert.match(stdout, /^issuer +unknown/m);
});

test("a token as it is copied: with its scheme, from a file, by a command", async () => {
  const file = shell.file("token.jwt", `${tokenOf(entra)}\n`);
  for (const [args, env] of /** @type {[string[], Record<string, string>][]} */ ([
    [["-t", `Bearer ${tokenOf(entra)}`], {}],
    [["-t", `@${file}`], {}],
    [["--token-command", `cat ${file}`], {}],
    [[], { OCISIGN_TOKEN_FILE: file }],
  ])) {
    const { stdout, stderr } = await shell.ocisign(["whoami", ...args], { env });
    assert.match(stdout, /^name +Ann Approver$/m, stderr);
  }
  const none = await shell.ocisign(["whoami"]);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /No token is given/);
});

test("groups have the names that the profile gives them, and no service is asked", async () => {
  const service = await fakeService(() => ({ status: 500 }));
  try {
    const names = { groups: { [group.toUpperCase()]: "Release managers" }, people: {} };
    const profile = shell.file("profile.json", JSON.stringify({ names }));
    const { stdout, stderr } = await who(tokenOf(entra), [], {
      OCISIGN_URL: service.url,
      OCISIGN_PROFILE: profile,
    });
    assert.match(stdout, new RegExp(`^group +Release managers \\(${group}\\)$`, "m"), stderr);
    assert.deepEqual(service.asked, []);
  } finally {
    service.close();
  }
});
