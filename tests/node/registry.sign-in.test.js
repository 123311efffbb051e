// Ways to sign in at a registry beside a password: tokens that sign-ins of docker keep; and what is said of an expired one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyImage } from "ocisign";
import {
  authorizations,
  basic,
  challenge,
  clientFor,
  digest,
  errors,
  failure,
  guarded,
  json,
  manifest,
  manifestFailure,
  manifestPath,
  redirect,
  serve,
  user,
} from "../support/scripted-registry.js";
import { keyPair } from "../support/signatures.js";

const identityToken = "refresh/me+please=";
const registryToken = "take.me.as-I-am";
const pem = keyPair("P-256").pem;

/** A token service that wants a refresh token, and its registry. @param {object} [reply] to the right one */
async function oauth(reply = { access_token: "given", expires_in: 300 }) {
  const tokens = await serve({
    "/oauth2/token": ({ method, body }) => {
      const sent = new URLSearchParams(body.toString()).get("refresh_token");
      const isRight = method === "POST" && sent === identityToken;
      // It repeats what was sent, raw and as it travelled.
      const echo = `no ${sent} (${encodeURIComponent(sent ?? "")})`;
      return isRight ? json(200, reply) : json(401, { error: "invalid_grant", error_description: echo });
    },
  });
  const www = `Bearer realm="${tokens.origin}/oauth2/token",service="registry.example",scope="repository:team/app:pull"`;
  const registry = await serve({ [manifestPath]: guarded("Bearer given", www, manifest) });
  return { tokens, registry };
}

test("an identity token goes to the token service as OAuth 2 has it, and never to the registry", async () => {
  const { tokens, registry } = await oauth();
  const client = clientFor(registry, { identityToken });
  await client.manifest("team/app", "1.0");
  await client.manifest("team/app", "1.0");
  assert.deepEqual(authorizations(registry.asked), [undefined, "Bearer given", "Bearer given"]);
  const [asked, ...others] = tokens.asked;
  assert.equal(others.length, 0);
  assert.equal(asked?.method, "POST");
  assert.equal(asked?.url, "/oauth2/token");
  assert.equal(asked?.headers.authorization, undefined);
  assert.equal(asked?.headers["content-type"], "application/x-www-form-urlencoded");
  assert.deepEqual(Object.fromEntries(new URLSearchParams(asked?.body.toString())), {
    grant_type: "refresh_token",
    client_id: "ocisign",
    refresh_token: identityToken,
    service: "registry.example",
    scope: "repository:team/app:pull",
  });
});

test("a refused identity token: the error says so, in no form the token itself", async () => {
  const { registry } = await oauth();
  const client = clientFor(registry, { identityToken: "another/token" });
  const error = await failure(
    client.manifest("team/app", "1.0"),
    "another/token",
    "another%2Ftoken",
    identityToken,
  );
  assert.equal(error.code, "unauthorized");
  assert.match(error.message, /the token service 127\.0\.0\.1:\d+ answered HTTP 401/);
  assert.equal(error.fix, "Check registry.identityToken.");
});

test("an identity token follows no redirect to another host, and opens no Basic", async () => {
  const elsewhere = await serve({ "/t": json(200, { access_token: "given" }) });
  const tokens = await serve({ "/t": redirect(`${elsewhere.origin}/t`) });
  const www = `Bearer realm="${tokens.origin}/t"`;
  const { error } = await manifestFailure(challenge(www), { identityToken });
  assert.equal(error.code, "redirected");
  assert.equal(elsewhere.asked.length, 0);
  const { error: refused, asked } = await manifestFailure(challenge('Basic realm="r"'), { identityToken });
  assert.equal(refused.code, "unauthorized");
  assert.deepEqual(authorizations(asked), [undefined]);
});

test("a token for the registry is sent as it is, once the registry wants one", async () => {
  const www = 'Bearer realm="https://tokens.example/t"';
  const registry = await serve({ [manifestPath]: guarded(`Bearer ${registryToken}`, www, manifest) });
  await clientFor(registry, { registryToken }).manifest("team/app", "1.0");
  assert.deepEqual(authorizations(registry.asked), [undefined, `Bearer ${registryToken}`]);
  const { error, asked } = await manifestFailure(challenge(www), { registryToken: "old.token" });
  assert.equal(error.code, "unauthorized");
  assert.equal(error.fix, "Check registry.registryToken.");
  assert.deepEqual(authorizations(asked), [undefined, "Bearer old.token"]);
});

const image = `registry.example/team/app@${digest}`;
for (const [what, registry, said] of /** @type {[string, any, RegExp][]} */ ([
  ["two ways", { ...user, identityToken }, /password, registry\.identityToken and .* exclude each other/],
  ["two tokens", { identityToken, registryToken }, /exclude each other/],
  ["a token with a line break", { registryToken: "a\nb" }, /registry\.registryToken has characters/],
  ["an empty token", { identityToken: "" }, /registry\.identityToken is empty/],
  ["a token that is no text", { identityToken: 7 }, /registry\.identityToken is not a string/],
  [
    "a sign-in with a url",
    { repositorySignIn: { url: "https://a.example" } },
    /repositorySignIn has the unknown field `url`/,
  ],
  [
    "two ways beside",
    { repositorySignIn: { ...user, registryToken } },
    /repositorySignIn\.password, .* exclude/,
  ],
])) {
  test(`refused: ${what}`, async () => {
    const error = await verifyImage(image, { publicKey: pem, registry }).then(
      () => assert.fail("it did not fail"),
      (thrown) => thrown,
    );
    assert.ok(!`${error.message}${error.fix}`.includes(identityToken));
    assert.equal(error.code, "bad-input");
    assert.match(error.message, said);
  });
}

test("signatures elsewhere are read with a sign-in of their own, and with none of the image's", async () => {
  const away = errors(404, "MANIFEST_UNKNOWN");
  const own = await serve((request) => guarded(basic, 'Basic realm="r"', away)(request));
  const other = { username: "reader", password: "another secret" };
  const opens = `Basic ${Buffer.from("reader:another secret").toString("base64")}`;
  const beside = await serve((request) => guarded(opens, 'Basic realm="r"', away)(request));
  const verify = (/** @type {object} */ more) =>
    verifyImage(`${own.domain}/team/app@${digest}`, {
      publicKey: pem,
      registry: { ...user, repository: `${beside.domain}/team/signatures`, ...more },
    });
  await verify({ repositorySignIn: other });
  assert.ok(beside.asked.some(({ headers }) => headers.authorization === opens));
  assert.ok(beside.asked.every(({ headers }) => [undefined, opens].includes(headers.authorization)));
  assert.ok(own.asked.every(({ headers }) => [undefined, basic].includes(headers.authorization)));
  beside.asked.length = 0;
  await verify({});
  assert.ok(beside.asked.length > 0 && authorizations(beside.asked).every((it) => it === undefined));
});

const ecr = 'Basic realm="https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"';
const aws = { username: "AWS", password: "old-t0ken" };
const opensAws = `Basic ${Buffer.from("AWS:old-t0ken").toString("base64")}`;
for (const [what, status, body, isExpired] of /** @type {[string, number, object | string, boolean][]} */ ([
  [
    "ECR",
    403,
    {
      errors: [
        { code: "DENIED", message: "Your authorization token has expired. Reauthenticate and try again." },
      ],
    },
    true,
  ],
  [
    "ECR, long ago",
    403,
    "Your Authorization Token has expired. Please run 'aws ecr get-login --no-include-email' to fetch a new one.",
    true,
  ],
  [
    "ECR, another status",
    400,
    {
      errors: [
        { code: "DENIED", message: "Your authorization token has expired. Reauthenticate and try again." },
      ],
    },
    true,
  ],
  [
    "a robot's password",
    401,
    { errors: [{ code: "UNAUTHORIZED", message: "The robot's password expired on 2026-01-01" }] },
    true,
  ],
  ["a subscription", 403, { errors: [{ code: "DENIED", message: "Your subscription has expired." }] }, false],
  ["a wrong password", 401, { errors: [{ code: "UNAUTHORIZED", message: "wrong password" }] }, false],
])) {
  test(`an expired password is told as such: ${what}`, async () => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const type = typeof body === "string" ? "text/plain" : "application/json";
    const refused = { status, headers: { "content-type": type }, body: text };
    const registry = await serve({
      [manifestPath]: ({ headers }) => (headers.authorization === opensAws ? refused : challenge(ecr)),
    });
    const error = await failure(clientFor(registry, aws).manifest("team/app", "1.0"), "old-t0ken");
    assert.equal(/the password or token has expired/.test(error.message), isExpired, error.message);
    assert.equal(
      /^Give a new registry\.password; for Amazon ECR, `aws ecr/.test(error.fix),
      isExpired,
      error.fix,
    );
    if (isExpired) assert.equal(error.code, "unauthorized");
    // Nobody signed in: the same words are about nobody's password.
    const { error: anonymous } = await manifestFailure(refused);
    assert.doesNotMatch(anonymous.message, /: the password or token has expired/);
  });
}

test("a password of more bytes than a function takes arguments is sent as it is", async () => {
  const password = "ä".repeat(100_000);
  const { authorization } = await new Promise((resolve, reject) => {
    const fetch = async (/** @type {string} */ _, /** @type {any} */ { headers }) => {
      if (headers.authorization) resolve(headers);
      return new Response("", { status: 401, headers: { "www-authenticate": 'Basic realm="here"' } });
    };
    const image = `registry.example/team/app@${digest}`;
    verifyImage(image, { publicKey: pem, registry: { username: "a", password, fetch } }).catch(reject);
  });
  assert.equal(authorization, `Basic ${Buffer.from(`a:${password}`).toString("base64")}`);
});
