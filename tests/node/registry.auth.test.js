// How the registry client proves who it is: challenges, passwords and tokens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { parseChallenges } from "../support/registry-client.js";
import {
  authorizations,
  basic,
  blobPath,
  challenge,
  clientFor,
  digest,
  failure,
  guarded,
  json,
  manifest,
  manifestFailure,
  manifestPath,
  redirect,
  serve,
  user,
  withTokens,
} from "../support/scripted-registry.js";

test("challenges are read by the grammar: several in a header, quotes, escapes, spaces, token68", () => {
  const read = (text) =>
    parseChallenges(text).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
  assert.deepEqual(read('Basic realm="a, b=\\"c\\\\"'), [["basic", { realm: 'a, b="c\\' }]]);
  assert.deepEqual(
    read('BEARER Realm = "https://a.example/t",service=s , scope="repository:a:pull,push", basic realm=x'),
    [
      ["bearer", { realm: "https://a.example/t", service: "s", scope: "repository:a:pull,push" }],
      ["basic", { realm: "x" }],
    ],
  );
  assert.deepEqual(read('Negotiate, NTLM abc+/==, , Digest realm="", qop="auth"'), [
    ["negotiate", {}],
    ["ntlm", {}],
    ["digest", { realm: "", qop: "auth" }],
  ]);
  assert.deepEqual(read('realm="no scheme"'), []);
  assert.deepEqual(read('Basic realm="not closed'), [["basic", {}]]);
  assert.deepEqual(read(""), []);
});

test("Basic: anonymous first, then with the password, from then on at once", async () => {
  const registry = await serve({ [manifestPath]: guarded(basic, 'Basic realm="r"', manifest) });
  const client = clientFor(registry, user);
  await client.manifest("team/app", "1.0");
  await client.manifest("team/app", "1.0");
  assert.deepEqual(authorizations(registry.asked), [undefined, basic, basic]);
  assert.ok(!inspect(client, { depth: 10, showHidden: true }).includes(user.password));
});

test("ECR's form: Basic with the user AWS, a URL as realm, and the blob from another host", async () => {
  const storage = await serve({ "/layer": { body: "payload" } });
  const ecr =
    'Basic realm="https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"';
  const aws = `Basic ${Buffer.from("AWS:t0ken").toString("base64")}`;
  const registry = await serve({
    [blobPath]: guarded(aws, ecr, redirect(`${storage.origin}/layer?X-Amz-Signature=s`)),
  });
  const client = clientFor(registry, { username: "AWS", password: "t0ken" });
  assert.equal(Buffer.from(await client.blob("team/app", digest, { maxBytes: 10 })).toString(), "payload");
  assert.deepEqual(authorizations(storage.asked), [undefined]);
});

test("a password in other letters goes as UTF-8", async () => {
  const utf8 = `Basic ${Buffer.from("jürgen:пароль").toString("base64")}`;
  const registry = await serve({ [manifestPath]: guarded(utf8, 'Basic realm="r"', manifest) });
  assert.ok(
    await clientFor(registry, { username: "jürgen", password: "пароль" }).manifest("team/app", "1.0"),
  );
});

test("a wrong password is told after one try; so is a missing one", async () => {
  const answer = guarded("Basic other", 'Basic realm="r"', manifest);
  const wrong = await manifestFailure(answer, user);
  assert.deepEqual([wrong.error.code, wrong.asked.length], ["unauthorized", 2]);
  const missing = await manifestFailure(answer);
  assert.deepEqual([missing.error.code, missing.asked.length], ["unauthorized", 1]);
  assert.match(missing.error.fix, /username/);
  const registry = await serve({ [manifestPath]: answer });
  const client = clientFor(registry, user);
  await failure(client.manifest("team/app", "1.0"));
  await failure(client.manifest("team/app", "1.0"));
  assert.deepEqual(authorizations(registry.asked), [undefined, basic, basic]);
});

test("Bearer: a token for realm, service and scope; kept; renewed when it is refused", async () => {
  for (const options of [{}, { field: "access_token" }, { scope: false }]) {
    const { registry, tokens, state } = await withTokens(options);
    const client = clientFor(registry);
    await client.manifest("team/app", "1.0");
    await client.manifest("team/app", "1.0");
    assert.deepEqual(authorizations(registry.asked), [undefined, "Bearer tok-1", "Bearer tok-1"]);
    assert.equal(tokens.asked.length, 1);
    const { searchParams } = new URL(tokens.asked[0].url, tokens.origin);
    assert.equal(String(searchParams), "a=b&service=the+registry&scope=repository%3Ateam%2Fapp%3Apull");
    assert.equal(tokens.asked[0].headers.authorization, undefined);
    const valid = state.valid;
    state.valid = () => (tokens.asked.length < 2 ? "none" : valid());
    assert.ok(await client.manifest("team/app", "1.0"));
    assert.equal(tokens.asked.length, 2);
  }
});

test("Bearer with a password: it goes to the realm that the registry names, never to the registry", async () => {
  const { registry, tokens } = await withTokens({ accepts: basic });
  assert.ok(await clientFor(registry, user).manifest("team/app", "1.0"));
  assert.deepEqual(authorizations(tokens.asked), [basic]);
  assert.ok(!authorizations(registry.asked).includes(basic));
});

test("Bearer: a password that the token service refuses, and a token that the registry refuses", async () => {
  const refusing = await withTokens({ accepts: "Basic other" });
  assert.equal(
    (await failure(clientFor(refusing.registry, user).manifest("team/app", "1.0"))).code,
    "unauthorized",
  );
  assert.equal(refusing.tokens.asked.length, 1);
  const { registry, tokens, state } = await withTokens();
  state.valid = () => "none";
  assert.equal(
    (await failure(clientFor(registry).manifest("team/app", "1.0"), "tok-1")).code,
    "unauthorized",
  );
  assert.deepEqual([registry.asked.length, tokens.asked.length], [2, 1]);
});

test("with a password, Basic is preferred to Bearer: it stays with the registry", async () => {
  const tokens = await serve({});
  const www = `Bearer realm="${tokens.origin}/token", Basic realm="r"`;
  const registry = await serve({ [manifestPath]: guarded(basic, www, manifest) });
  assert.ok(await clientFor(registry, user).manifest("team/app", "1.0"));
  assert.equal(tokens.asked.length, 0);
});

for (const [name, answer, code] of /** @type {const} */ ([
  ["nothing", { status: 200 }, "bad-reply"],
  ["a page", { headers: { "content-type": "text/html" }, body: "<html>" }, "bad-reply"],
  ["a token that cannot stand in a header", json(200, { token: "a\r\nb" }), "bad-reply"],
  ["403", { status: 403 }, "forbidden"],
  ["404", { status: 404 }, "bad-reply"],
  ["500", { status: 500 }, "server-error"],
  ["429", { status: 429 }, "rate-limited"],
])) {
  test(`a token service that answers with ${name}: ${code}`, async () => {
    const tokens = await serve({ "/token": answer });
    const { error } = await manifestFailure(challenge(`Bearer realm="${tokens.origin}/token"`), user);
    assert.equal(error.code, code);
  });
}

test("a realm without TLS, with a user, or that is no URL gets nothing", async () => {
  for (const realm of [
    "http://tokens.example/",
    "https://u:p@tokens.example/",
    "tokens",
    "file:///etc/passwd",
  ]) {
    const { error, asked } = await manifestFailure(challenge(`Bearer realm="${realm}"`), user);
    assert.deepEqual([error.code, asked.length], ["bad-reply", 1], realm);
  }
  // Only a registry on this machine may name a token service on this machine.
  const fetch = async (url) => {
    assert.equal(new URL(url).host, "registry.example");
    return new Response("", {
      status: 401,
      headers: { "www-authenticate": 'Bearer realm="http://127.0.0.1:1/"' },
    });
  };
  const far = clientFor({ domain: "registry.example" }, { fetch, ...user }).manifest("team/app", "1.0");
  assert.equal((await failure(far)).code, "bad-reply");
});
