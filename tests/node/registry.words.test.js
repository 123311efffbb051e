// Why a registry refuses, in its own words: harmless, short, and without our secrets.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  basic,
  clientFor,
  errors,
  json,
  manifestFailure,
  serve,
  user,
} from "../support/scripted-registry.js";

/** @param {number} status @param {string} code @param {string} message @param {string} [detail] */
const error = (status, code, message, detail) => json(status, { errors: [{ code, message, detail }] });
/** @param {number} status @param {string} body @param {string} [type] */
const text = (status, body, type = "text/plain; charset=utf-8") => ({
  status,
  body,
  headers: { "content-type": type },
});

const immutable = /Exempt tags that end in \.sig.*ECR/;
const policy = /policy of the registry/;
const quota = /larger quota/;

for (const [name, answer, says, fix] of /** @type {[string, any, RegExp, RegExp][]} */ ([
  [
    "ECR, immutable",
    error(
      400,
      "TAG_INVALID",
      "The image tag 'x' already exists in the 'y' repository and cannot be overwritten because the repository is immutable.",
    ),
    /It says: The image tag 'x' already/,
    immutable,
  ],
  [
    "Harbor, immutable",
    error(412, "PRECONDITION", "Failed to process request due to 'app:x.sig' configured as immutable."),
    /configured as immutable/,
    immutable,
  ],
  [
    "Quay, immutable",
    error(409, "TAG_IMMUTABLE", "Tag is immutable"),
    /HTTP 409\. It says: Tag is immutable/,
    immutable,
  ],
  [
    "Harbor, cosign",
    error(412, "PROJECTPOLICYVIOLATION", "The image is not signed by cosign."),
    /HTTP 412\. It says: The image is not signed by cosign\./,
    policy,
  ],
  [
    "Harbor, vulnerabilities",
    error(
      412,
      "PROJECTPOLICYVIOLATION",
      "current image with 3 vulnerabilities cannot be pulled due to configured policy",
    ),
    /3 vulnerabilities/,
    policy,
  ],
  [
    "Harbor, quota",
    error(
      403,
      "DENIED",
      "adding 1 KiB of storage resource, which when updated to current usage of 1 GiB will exceed the configured upper limit",
    ),
    /exceed the configured/,
    quota,
  ],
  ["another quota", error(413, "QUOTA", "Project storage quota reached"), /quota reached/, quota],
  [
    "a right",
    error(403, "DENIED", "User jane is not authorized to perform: ecr:BatchGetImage"),
    /ecr:BatchGetImage/,
    /registry\.username/,
  ],
  [
    "only a detail",
    error(400, "UNKNOWN", "", "the namespace is read-only"),
    /It says: the namespace is read-only/,
    /what the registry says/,
  ],
  [
    "an unknown code beside a known one",
    json(403, {
      errors: [
        { code: "DENIED", message: "one" },
        { code: "X", message: "two" },
      ],
    }),
    /\(DENIED\)\. It says: one; two/,
    /./,
  ],
  ["plain text", text(400, "Maintenance until 18:00.\n"), /It says: Maintenance until 18:00\./, /./],
  [
    "problem details",
    text(400, '{"title":"Bad","detail":"blob store offline"}', "application/problem+json"),
    /It says: blob store offline/,
    /./,
  ],
  [
    "GitLab's form",
    json(403, { message: "403 Forbidden - Your account has been blocked" }),
    /account has been blocked/,
    policy,
  ],
  [
    "Azure's form",
    json(400, { error: { code: "x", message: "The operation is disallowed on this registry" } }),
    /disallowed on this registry/,
    /./,
  ],
  [
    "a limit of pulls",
    error(429, "TOOMANYREQUESTS", "You have reached your pull rate limit."),
    /too many requests\. It says: You have reached/,
    /Wait/,
  ],
])) {
  test(`${name}: in its own words, with what to do`, async () => {
    const { error } = await manifestFailure(answer);
    assert.match(error.message, says);
    assert.match(error.fix, fix);
  });
}

test("a page is not quoted, nor what says nothing", async () => {
  for (const answer of [
    text(400, "<html><h1>immutable</h1>", "text/html"),
    text(400, "\ufeff  <!doctype html><p>quota", "text/plain"),
    text(403, "<Error><Message>policy</Message></Error>", "application/xml"),
    text(400, "\u0000\u0001binary", "application/octet-stream"),
    errors(403, "DENIED"),
    error(403, "DENIED", "access denied"),
    error(401, "UNAUTHORIZED", "authentication required"),
    { status: 400 },
    text(400, ""),
  ]) {
    const { error } = await manifestFailure(answer);
    const isQuoted = error.message.includes("It says:") && !error.message.endsWith("It says: m");
    assert.ok(!isQuoted, error.message);
  }
});

test("words are short and hide nothing", async () => {
  const { error: long } = await manifestFailure(text(400, "word ".repeat(10_000)));
  assert.ok(long.message.length < 700, String(long.message.length));
  const { error: hostile } = await manifestFailure(error(400, "X", "no \u202egnp\u0007\nnext"));
  for (const hidden of "\u202e\u0007\n") assert.ok(!hostile.message.includes(hidden), hostile.message);
  const { error: url } = await manifestFailure(
    error(400, "X", "see https://me:pass@registry.example/x?sig=abc"),
  );
  assert.ok(!/pass|abc/.test(url.message), url.message);
});

test("a reason that is known is looked for at the beginning of many words", async () => {
  const { error: full } = await manifestFailure(
    error(403, "DENIED", `The quota is full. ${"exceed ".repeat(9_000)}`),
  );
  assert.match(full.fix, quota);
  const { error: hidden } = await manifestFailure(
    error(403, "DENIED", `${"exceed ".repeat(9_000)}storage limit`),
  );
  assert.doesNotMatch(hidden.fix, quota);
  for (const { message } of [full, hidden]) assert.ok(message.length < 700);
});

test("our own secrets are taken out, in each form in which an answer can repeat them", async () => {
  const repeating = (/** @type {any} */ request) =>
    request.headers.authorization
      ? error(
          403,
          "DENIED",
          `not with ${request.headers.authorization}, ${user.password}, ${encodeURIComponent(user.password)}`,
        )
      : { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } };
  const registry = await serve(repeating);
  const client = clientFor(registry, user);
  const refused = await client.manifest("team/app", "1.0").then(
    () => assert.fail("read"),
    (/** @type {any} */ it) => it,
  );
  assert.match(refused.message, /It says: not with Basic \[/);
  for (const secret of [user.password, encodeURIComponent(user.password), basic.slice(6)]) {
    assert.ok(!refused.message.includes(secret), refused.message);
  }
});

test("a token that the registry repeats is taken out", async () => {
  const token = "opaque.token.of.the.day";
  const registry = await serve((request) => {
    if (request.url.startsWith("/token")) return json(200, { token });
    if (request.headers.authorization) return error(403, "DENIED", `no: ${request.headers.authorization}`);
    const challenge = `Bearer realm="http://${request.headers.host}/token"`;
    return { status: 401, headers: { "www-authenticate": challenge } };
  });
  const refused = await clientFor(registry, user)
    .manifest("team/app", "1.0")
    .catch((/** @type {any} */ it) => it);
  assert.match(refused.message, /It says: no: Bearer/);
  assert.ok(!refused.message.includes(token), refused.message);
});

test("a token service says why not, too", async () => {
  const registry = await serve((request) =>
    request.url.startsWith("/token")
      ? json(401, { details: "incorrect username or password, account locked" })
      : {
          status: 401,
          headers: { "www-authenticate": `Bearer realm="http://${request.headers.host}/token"` },
        },
  );
  const refused = await clientFor(registry, user)
    .manifest("team/app", "1.0")
    .catch((/** @type {any} */ it) => it);
  assert.match(refused.message, /HTTP 401\. It says: incorrect username or password, account locked/);
  assert.equal(refused.fix, "Check registry.username and registry.password.");
});

test("a missing login and a wrong one have advice of their own", async () => {
  const answer = { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } };
  assert.equal((await manifestFailure(answer)).error.fix, "Give registry.username and registry.password.");
  assert.equal(
    (await manifestFailure(answer, user)).error.fix,
    "Check registry.username and registry.password.",
  );
});
