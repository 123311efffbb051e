// The registry client against registries that behave, and that do not, over real HTTP with Node's own fetch.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { fetch as undiciFetch } from "undici";
import { RegistryClient } from "../../pkg/lib/registry.js";
import { parseChallenges } from "../../pkg/lib/registry-auth.js";
import { OcisignError } from "../../src/js/error.js";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const digest = `sha256:${"ab".repeat(32)}`;
const user = { username: "robot", password: "correct horse battery staple" };
const basic = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`;
const manifestPath = "/v2/team/app/manifests/1.0";
const blobPath = `/v2/team/app/blobs/${digest}`;
const referrersPath = `/v2/team/app/referrers/${digest}`;
const manifest = { headers: { "content-type": manifestType }, body: '{"schemaVersion":2}' };

const servers = [];
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/**
 * A server with an answer for each path, or one function for all. An answer is an object, a function of the
 * request, or a list of which each serves once and the last one for ever.
 */
async function serve(routes) {
  const asked = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks) };
      asked.push(one);
      let answer = typeof routes === "function" ? routes : (routes[url] ?? routes[url.split("?")[0]]);
      if (Array.isArray(answer)) answer = answer.length > 1 ? answer.shift() : answer[0];
      if (typeof answer === "function") answer = answer(one);
      if (answer?.raw) return answer.raw(response);
      const {
        status = 200,
        headers: more = {},
        body = "",
      } = answer ?? { status: 404, body: "404 page not found\n" };
      response.writeHead(status, more).end(body);
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const domain = `127.0.0.1:${server.address().port}`;
  return { domain, origin: `http://${domain}`, asked };
}

const fail = (code, message, fix, cause) => new OcisignError(code, message, fix, undefined, cause);
const clientFor = ({ domain }, options = {}) => new RegistryClient({ domain, fail, ...options });
const json = (status, value) => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});
const errors = (status, ...codes) => json(status, { errors: codes.map((code) => ({ code, message: "m" })) });
const challenge = (value, status = 401) => ({
  ...errors(status, "UNAUTHORIZED"),
  headers: { "www-authenticate": value },
});
const redirect = (location, status = 307) => ({ status, headers: { location } });
const guarded = (authorization, www, answer) => (request) =>
  request.headers.authorization === authorization ? answer : challenge(www);
const authorizations = (asked) => asked.map(({ headers }) => headers.authorization);

/** The error of a call, which must be of the one class, in words, and without a secret. */
async function failure(promise, ...secrets) {
  const error = await promise.then(
    () => assert.fail("it did not fail"),
    (error) => error,
  );
  assert.ok(error instanceof OcisignError, inspect(error));
  assert.ok(error.message && error.fix);
  const whole = inspect(error, { depth: 10, showHidden: true });
  for (const secret of [user.password, basic.slice(6), ...secrets]) assert.ok(!whole.includes(secret), whole);
  return error;
}

async function manifestFailure(answer, options) {
  const registry = await serve({ [manifestPath]: answer });
  const error = await failure(clientFor(registry, options).manifest("team/app", "1.0"));
  return { error, asked: registry.asked };
}

test("a manifest is read anonymously, with its media type, and asked for as a browser's page may", async () => {
  const registry = await serve({
    [manifestPath]: { ...manifest, headers: { "content-type": `${manifestType}; charset=utf-8` } },
    [`/v2/team/app/manifests/${digest}`]: manifest,
  });
  const client = clientFor(registry, user);
  const read = await client.manifest("team/app", "1.0");
  assert.equal(read.mediaType, manifestType);
  assert.equal(Buffer.from(read.bytes).toString(), manifest.body);
  assert.ok(await client.manifest("team/app", digest));
  assert.deepEqual(authorizations(registry.asked), [undefined, undefined]);
  assert.match(
    registry.asked[0].headers.accept,
    /image\.manifest.*image\.index.*manifest\.v2.*manifest\.list/,
  );
});

test("a replaced fetch is called with what keeps a page's cookies and caches out; body by any means", async () => {
  const bytes = Buffer.from(manifest.body);
  const headers = new Headers(manifest.headers);
  for (const reply of [
    { status: 200, headers, arrayBuffer: async () => bytes },
    { status: 200, headers, text: async () => manifest.body },
    new Response(manifest.body, { headers }),
  ]) {
    let called;
    const fetch = async (url, init) => {
      called = { url, init };
      return reply;
    };
    const read = await clientFor({ domain: "registry.example:5000" }, { fetch }).manifest("team/app", "1.0");
    assert.equal(Buffer.from(read.bytes).toString(), manifest.body);
    assert.equal(called.url, "https://registry.example:5000/v2/team/app/manifests/1.0");
    const { method, redirect, credentials, cache, referrerPolicy } = called.init;
    assert.deepEqual(
      [method, redirect, credentials, cache, referrerPolicy],
      [...["GET", "manual", "omit", "no-store", "no-referrer"]],
    );
  }
});

test("undici's fetch does as well", async () => {
  const registry = await serve({ [manifestPath]: manifest });
  assert.ok(await clientFor(registry, { fetch: undiciFetch }).manifest("team/app", "1.0"));
});

test("what fetch returns must be a reply", async () => {
  const at = { domain: "registry.example" };
  const reading = (reply) => clientFor(at, { fetch: async () => reply }).manifest("team/app", "1.0");
  assert.equal((await failure(reading(undefined))).code, "bad-reply");
  assert.equal((await failure(reading({ status: 200 }))).code, "bad-reply");
  assert.equal((await failure(reading({ status: 404, headers: new Headers() }))).code, "network");
});

test("Docker Hub is where it is, and keeps official images in library/", async () => {
  const urls = [];
  const fetch = async (url) => {
    urls.push(url);
    return new Response(manifest.body, { headers: manifest.headers });
  };
  await clientFor({ domain: "docker.io" }, { fetch }).manifest("nginx", "1");
  await clientFor({ domain: "index.docker.io" }, { fetch }).manifest("team/app", "1");
  assert.deepEqual(urls, [
    "https://registry-1.docker.io/v2/library/nginx/manifests/1",
    "https://registry-1.docker.io/v2/team/app/manifests/1",
  ]);
});

for (const [name, options] of [
  ["a path in the domain", { domain: "registry.example/team" }],
  ["a user in the domain", { domain: "u:p@registry.example" }],
  ["a url without TLS", { domain: "registry.example", url: "http://registry.example/" }],
  ["a url with a user", { domain: "registry.example", url: "https://u:p@registry.example/" }],
  ["a url with a query", { domain: "registry.example", url: "https://registry.example/?a" }],
  ["no url", { domain: "registry.example", url: "registry" }],
]) {
  test(`${name} is refused before anything is sent`, () => {
    assert.throws(() => clientFor(options, options), { code: "bad-url" });
  });
}

test("half a credential, names and digests that are none are refused before anything is sent", async () => {
  assert.throws(() => clientFor({ domain: "a.example" }, { username: "u" }), { code: "bad-input" });
  assert.throws(() => clientFor({ domain: "a.example" }, { username: "u:", password: "p" }), {
    code: "bad-input",
  });
  const fetch = () => assert.fail("sent");
  const client = clientFor({ domain: "a.example" }, { fetch });
  for (const call of [
    () => client.manifest("../x", "1"),
    () => client.manifest("team/../x", "1"),
    () => client.manifest("team/a%2fb", "1"),
    () => client.manifest("team/app", ".."),
    () => client.manifest("team/app", "1?x"),
    () => client.blob("team/app", "sha256:../x", { maxBytes: 1 }),
    () => client.referrers("team/app", "latest"),
  ]) {
    assert.equal((await failure(call())).code, "bad-input");
  }
});

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

/** A registry with a token service at another origin. */
async function withTokens({ field = "token", scope = true, accepts } = {}) {
  let count = 0;
  const tokens = await serve({
    "/token": (request) =>
      accepts && request.headers.authorization !== accepts
        ? challenge('Basic realm="tokens"')
        : json(200, { [field]: `tok-${++count}` }),
  });
  const www = (url) =>
    `Bearer realm="${tokens.origin}/token?a=b",service="the registry"${
      scope ? `,scope="repository:team/app:pull${url.includes("uploads") ? ",push" : ""}"` : ""
    }`;
  const state = { valid: () => `Bearer tok-${count}` };
  const registry = await serve((request) => {
    if (request.headers.authorization !== state.valid()) return challenge(www(request.url));
    if (request.url.endsWith("uploads/")) return { status: 202, headers: { location: "/up?_state=a%2Bb" } };
    return request.method === "PUT" ? { status: 201 } : manifest;
  });
  return { registry, tokens, state };
}

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

for (const [name, answer, code] of [
  ["nothing", { status: 200 }, "bad-reply"],
  ["a page", { headers: { "content-type": "text/html" }, body: "<html>" }, "bad-reply"],
  ["a token that cannot stand in a header", json(200, { token: "a\r\nb" }), "bad-reply"],
  ["403", { status: 403 }, "forbidden"],
  ["404", { status: 404 }, "bad-reply"],
  ["500", { status: 500 }, "server-error"],
  ["429", { status: 429 }, "rate-limited"],
]) {
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

test("a redirect to another origin is refused, for manifests, referrers, tokens and writes", async () => {
  const other = await serve(() => challenge('Basic realm="r"'));
  const away = redirect(`${other.origin}/`);
  const registry = await serve((request) =>
    request.headers.authorization ? away : challenge('Basic realm="r"'),
  );
  const client = clientFor(registry, user);
  for (const call of [
    () => client.manifest("team/app", "1.0"),
    () => client.referrers("team/app", digest),
    () => client.pushManifest("team/app", "1.0", Buffer.from("{}"), manifestType),
    () => client.pushBlob("team/app", Buffer.from("{}")),
  ]) {
    const error = await failure(call());
    assert.equal(error.code, "redirected");
    assert.ok(error.message.includes(other.origin));
  }
  const tokens = await serve({ "/token": away });
  const { error } = await manifestFailure(challenge(`Bearer realm="${tokens.origin}/token"`), user);
  assert.equal(error.code, "redirected");
  assert.equal(other.asked.length, 0);
});

test("a redirect within the origin is followed, three times and no further", async () => {
  const routes = { [manifestPath]: redirect("/1"), "/1": redirect("/2", 302), "/2": redirect("/3", 308) };
  const good = await serve({ ...routes, "/3": guarded(basic, 'Basic realm="r"', manifest) });
  assert.ok(await clientFor(good, user).manifest("team/app", "1.0"));
  const { error, asked } = await manifestFailure(redirect(manifestPath));
  assert.deepEqual([error.code, asked.length], ["redirected", 4]);
  assert.equal((await manifestFailure({ status: 302 })).error.code, "redirected");
});

test("a blob is followed to another origin without the password, which does not come back either", async () => {
  for (const www of ['Basic realm="r"', undefined]) {
    const home = {};
    const other = await serve({ "/1": redirect("/2", 302), "/2": () => redirect(`${home.origin}/back`) });
    const registry = await serve({
      [blobPath]: (request) =>
        request.headers.authorization ? redirect(`${other.origin}/1`) : challenge(www ?? ""),
      "/back": { body: "payload" },
    });
    home.origin = registry.origin;
    const bytes = await clientFor(registry, user).blob("team/app", digest, { maxBytes: 10 });
    assert.equal(Buffer.from(bytes).toString(), "payload");
    assert.deepEqual(authorizations(other.asked), [undefined, undefined]);
    assert.deepEqual(authorizations(registry.asked), [undefined, basic, undefined]);
  }
});

test("a storage host's challenge gets nothing, and its URL's signature is not told", async () => {
  const tokens = await serve({});
  for (const www of ['Basic realm="r"', `Bearer realm="${tokens.origin}/"`]) {
    const storage = await serve(() => challenge(www));
    const registry = await serve({ [blobPath]: redirect(`${storage.origin}/x?Signature=sssh`) });
    const error = await failure(clientFor(registry, user).blob("team/app", digest, { maxBytes: 10 }), "sssh");
    assert.equal(error.code, "unauthorized");
    assert.match(error.message, new RegExp(storage.domain));
    assert.deepEqual(authorizations(storage.asked), [undefined]);
  }
  assert.equal(tokens.asked.length, 0);
});

test("a blob is not followed without TLS, nor from afar to this machine, nor with a user", async () => {
  const blobFrom = (domain, location) => {
    const urls = [];
    const fetch = async (url) => {
      urls.push(url);
      return new Response(null, redirect(location));
    };
    return { urls, read: clientFor({ domain }, { fetch }).blob("team/app", digest, { maxBytes: 9 }) };
  };
  for (const location of [
    "http://storage.example/",
    "http://127.0.0.1:1/",
    "https://localhost/",
    "https://u:p@s.example/",
  ]) {
    const { urls, read } = blobFrom("registry.example", location);
    assert.equal((await failure(read)).code, "redirected", location);
    assert.equal(urls.length, 1);
  }
});

/** A browser's fetch as far as redirects go: it hides them, or follows them. */
function browserFetch(calls) {
  return async (url, init) => {
    calls.push(init);
    const reply = await fetch(url, init);
    return init.redirect === "manual" && reply.status < 400 && reply.status >= 300
      ? {
          type: "opaqueredirect",
          status: 0,
          headers: new Headers(),
          body: null,
          arrayBuffer: async () => Buffer.of(),
        }
      : reply;
  };
}

test("a redirect that a browser hides: refused for a manifest, followed without a password for a blob", async () => {
  const storage = await serve({ "/b": { body: "payload" } });
  const registry = await serve({
    [blobPath]: redirect(`${storage.origin}/b`),
    [manifestPath]: redirect(manifestPath),
  });
  const calls = [];
  const client = clientFor(registry, { fetch: browserFetch(calls), ...user });
  assert.equal((await failure(client.manifest("team/app", "1.0"))).code, "redirected");
  assert.equal(calls.length, 1);
  assert.equal((await client.blob("team/app", digest, { maxBytes: 10 })).length, 7);
  assert.equal(calls.at(-1).redirect, "follow");
});

test("a private blob behind a redirect that a browser hides is out of reach: no password is sent along", async () => {
  const storage = await serve({ "/b": { body: "payload" } });
  const registry = await serve({
    [blobPath]: guarded(basic, 'Basic realm="r"', redirect(`${storage.origin}/b`)),
  });
  const client = clientFor(registry, { fetch: browserFetch([]), ...user });
  assert.equal((await failure(client.blob("team/app", digest, { maxBytes: 10 }))).code, "redirected");
  assert.deepEqual(authorizations(registry.asked), [undefined, basic, undefined]);
  assert.equal(storage.asked.length, 0);
});

test("a token that anybody gets is no secret, and a browser may send it along", async () => {
  const storage = await serve({ "/b": { body: "payload" } });
  const tokens = await serve({ "/token": json(200, { token: "anyones" }) });
  const www = `Bearer realm="${tokens.origin}/token"`;
  const registry = await serve({
    [blobPath]: guarded("Bearer anyones", www, redirect(`${storage.origin}/b`)),
  });
  const client = clientFor(registry, { fetch: browserFetch([]) });
  assert.equal((await client.blob("team/app", digest, { maxBytes: 10 })).length, 7);
});

for (const [name, answer] of [
  ["MANIFEST_UNKNOWN", errors(404, "MANIFEST_UNKNOWN")],
  [
    "MANIFEST_UNKNOWN labelled as text",
    { ...errors(404, "MANIFEST_UNKNOWN"), headers: { "content-type": "text/plain" } },
  ],
  [
    "Harbor's words for a tag",
    json(404, { errors: [{ code: "NOT_FOUND", message: "artifact team/app:1.0 not found" }] }),
  ],
]) {
  test(`a 404 that proves that there is no such manifest: ${name}`, async () => {
    const registry = await serve({ [manifestPath]: answer });
    assert.equal(await clientFor(registry).manifest("team/app", "1.0"), undefined);
  });
}

for (const [name, answer, code] of [
  ["NAME_UNKNOWN", errors(404, "NAME_UNKNOWN"), "not-found"],
  ["NAME_UNKNOWN beside it", errors(404, "MANIFEST_UNKNOWN", "NAME_UNKNOWN"), "not-found"],
  ["TAG_INVALID", errors(404, "TAG_INVALID"), "not-found"],
  ["BLOB_UNKNOWN", errors(404, "BLOB_UNKNOWN"), "not-found"],
  [
    "Harbor's words for a repository",
    json(404, { errors: [{ code: "NOT_FOUND", message: "repository team/app not found" }] }),
    "not-found",
  ],
  ["an empty list of errors", json(404, { errors: [] }), "bad-reply"],
  ["errors without codes", json(404, { errors: [{ status: 404 }] }), "bad-reply"],
  ["other JSON", json(404, { message: "MANIFEST_UNKNOWN" }), "bad-reply"],
  ["JSON null", json(404, null), "bad-reply"],
  [
    "a page",
    { status: 404, headers: { "content-type": "text/html" }, body: "<h1>404 MANIFEST_UNKNOWN</h1>" },
    "bad-reply",
  ],
  ["a router's text", { status: 404, body: "404 page not found\n" }, "bad-reply"],
  [
    "an error that is cut off",
    { status: 404, body: `{"errors":[{"code":"MANIFEST_UNKNOWN","message":"${"m".repeat(70_000)}"}]}` },
    "bad-reply",
  ],
  ["nothing at all", { status: 404 }, "not-found"],
  ["MANIFEST_UNKNOWN with 400", errors(400, "MANIFEST_UNKNOWN"), "bad-request"],
  ["MANIFEST_UNKNOWN with 200", { ...errors(200, "MANIFEST_UNKNOWN") }, "bad-reply"],
  ["410", { status: 410 }, "bad-request"],
]) {
  test(`not a proof that there is no such manifest: ${name}: ${code}`, async () => {
    const { error } = await manifestFailure(answer);
    assert.equal(error.code, code);
  });
}

test("a 404 without a word counts in a repository that was read from, and in no other", async () => {
  const registry = await serve({
    [manifestPath]: manifest,
    "/v2/team/app/manifests/2.0": { status: 404 },
    "/v2/team/b/manifests/2.0": { status: 404 },
  });
  const client = clientFor(registry);
  assert.ok(await client.manifest("team/app", "1.0"));
  assert.equal(await client.manifest("team/app", "2.0"), undefined);
  assert.equal((await failure(client.manifest("team/b", "2.0"))).code, "not-found");
});

for (const [name, answer, code] of [
  ["a login page", { headers: { "content-type": "text/html; charset=utf-8" }, body: "<html>" }, "bad-reply"],
  ["another media type", { ...manifest, headers: { "content-type": "application/json" } }, "bad-reply"],
  ["no media type", { body: manifest.body }, "bad-reply"],
  ["204", { status: 204 }, "bad-reply"],
  ["206", { ...manifest, status: 206 }, "bad-reply"],
  ["300", { status: 300 }, "bad-reply"],
  ["401 without a challenge", { status: 401 }, "unauthorized"],
  ["403", errors(403, "DENIED"), "forbidden"],
  ["418", { status: 418 }, "bad-request"],
  ["501", { status: 501 }, "server-error"],
]) {
  test(`a manifest's reply is ${name}: ${code}`, async () => {
    const { error, asked } = await manifestFailure(answer);
    assert.deepEqual([error.code, asked.length], [code, 1]);
  });
}

test("of a registry's words only codes that are known are repeated", async () => {
  const said = json(403, { errors: [{ code: "DENIED", message: user.password }, { code: user.password }] });
  const { error } = await manifestFailure(said);
  assert.match(error.message, /HTTP 403 \(DENIED\)/);
});

test("`accept` widens and narrows what a manifest may be, and all types are asked for nevertheless", async () => {
  const other = { ...manifest, headers: { "content-type": "application/x" } };
  const registry = await serve({ [manifestPath]: [manifest, manifest, other] });
  const client = clientFor(registry);
  assert.ok(await client.manifest("team/app", "1.0", { accept: [manifestType.toUpperCase()] }));
  assert.equal(
    (await failure(client.manifest("team/app", "1.0", { accept: [indexType] }))).code,
    "bad-reply",
  );
  assert.ok(await client.manifest("team/app", "1.0", { accept: ["application/x"] }));
  for (const { headers } of registry.asked) assert.match(headers.accept, /image\.manifest.*image\.index/);
  assert.match(registry.asked[2].headers.accept, /, application\/x$/);
});

test("too large: by what is announced, by what comes, and through a fetch without a stream", async () => {
  const announced = {
    raw: (response) => {
      response.writeHead(200, { "content-type": manifestType, "content-length": 200 * 1024 * 1024 });
      response.write("{");
    },
  };
  let closed;
  const endless = {
    raw: (response) => {
      response.writeHead(200, { "content-type": manifestType });
      closed = once(response, "close");
      const more = () => response.write("x".repeat(65_536), (error) => error || more());
      more();
    },
  };
  for (const answer of [announced, endless]) {
    const { error } = await manifestFailure(answer);
    assert.equal(error.code, "bad-reply");
    assert.match(error.message, /larger than/);
  }
  await closed;

  const registry = await serve({ [manifestPath]: manifest, [blobPath]: { body: "12345" } });
  const blob = (maxBytes, options) => clientFor(registry, options).blob("team/app", digest, { maxBytes });
  assert.equal((await blob(5)).length, 5);
  assert.equal((await failure(blob(4))).code, "bad-reply");
  const plain = async (url, init) => {
    const reply = await fetch(url, init);
    return { status: reply.status, headers: { get: () => null }, text: () => reply.text() };
  };
  assert.equal((await failure(blob(4, { fetch: plain }))).code, "bad-reply");
});

/** Nothing, half a head, or half a body; `arrived` resolves when it hangs. */
function hanging(kind) {
  const { promise: arrived, resolve } = Promise.withResolvers?.() ?? withResolvers();
  const raw = (response) => {
    if (kind === "half-way") {
      response.writeHead(200, { "content-type": manifestType, "content-length": 100 });
      response.write("{", resolve);
    } else resolve();
  };
  return { arrived, answer: { raw } };
}

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

for (const kind of ["at once", "half-way"]) {
  test(`a registry that hangs ${kind} is left after the time limit`, async () => {
    const { error } = await manifestFailure(hanging(kind).answer, { timeoutMs: 50 });
    assert.equal(error.code, "timeout");
  });

  test(`the caller's signal ends a call to a registry that hangs ${kind}`, async () => {
    const { arrived, answer } = hanging(kind);
    const registry = await serve({ [manifestPath]: answer });
    const controller = new AbortController();
    const call = failure(clientFor(registry, { signal: controller.signal }).manifest("team/app", "1.0"));
    await arrived;
    const reason = new Error("enough");
    controller.abort(reason);
    const error = await call;
    assert.deepEqual([error.code, error.cause], ["aborted", reason]);
  });
}

test("limit and signal hold for a fetch that does not heed them, for a token service, and for a wait", async () => {
  const deaf = { timeoutMs: 30, fetch: () => new Promise(() => {}) };
  assert.equal((await failure(clientFor({ domain: "a.example" }, deaf).manifest("a", "1"))).code, "timeout");
  const tokens = await serve({ "/token": hanging("at once").answer });
  const www = challenge(`Bearer realm="${tokens.origin}/token"`);
  assert.equal((await manifestFailure(www, { timeoutMs: 50 })).error.code, "timeout");
  const slow = { status: 429, headers: { "retry-after": "9" } };
  assert.equal((await manifestFailure(slow, { timeoutMs: 50 })).error.code, "timeout");
});

test("a signal that has fired already lets nothing be sent, and none is left listening", async () => {
  const registry = await serve({ [manifestPath]: manifest });
  const fetch = async () => assert.fail("sent");
  const aborted = clientFor(registry, { fetch, signal: AbortSignal.abort() }).manifest("team/app", "1.0");
  assert.equal((await failure(aborted)).code, "aborted");
  const { signal } = new AbortController();
  let listening = 0;
  for (const [name, step] of [
    ["addEventListener", 1],
    ["removeEventListener", -1],
  ]) {
    const real = signal[name].bind(signal);
    signal[name] = (...args) => {
      listening += step;
      return real(...args);
    };
  }
  await clientFor(registry, { signal }).manifest("team/app", "1.0");
  assert.equal(listening, 0);
});

test("429 with a short Retry-After is waited for, once, also for a write", async () => {
  for (const after of ["0", "1", new Date(Date.now() - 5000).toUTCString()]) {
    const busy = { status: 429, headers: { "retry-after": after } };
    const registry = await serve({ [manifestPath]: [busy, { ...manifest, status: 200 }] });
    assert.ok(await clientFor(registry).manifest("team/app", "1.0"));
    assert.equal(registry.asked.length, 2);
  }
  const registry = await serve({
    [manifestPath]: [{ status: 429, headers: { "retry-after": "0" } }, { status: 201 }],
  });
  assert.ok(await clientFor(registry).pushManifest("team/app", "1.0", Buffer.from("{}"), manifestType));
  const again = await manifestFailure({ status: 429, headers: { "retry-after": "0" } });
  assert.deepEqual([again.error.code, again.asked.length], ["rate-limited", 2]);
});

test("429 with a long Retry-After, or none, is told at once", async () => {
  for (const headers of [{ "retry-after": "120" }, { "retry-after": "soon" }, {}]) {
    const { error, asked } = await manifestFailure({ status: 429, headers });
    assert.deepEqual([error.code, asked.length], ["rate-limited", 1]);
    if (headers["retry-after"] === "120") assert.match(error.fix, /120 seconds/);
  }
});

test("5xx: a GET is tried three times, a write once", async () => {
  const good = await serve({ [manifestPath]: [{ status: 503 }, { status: 500 }, manifest] });
  assert.ok(await clientFor(good).manifest("team/app", "1.0"));
  const bad = await manifestFailure({ status: 502 });
  assert.deepEqual([bad.error.code, bad.asked.length], ["server-error", 3]);
  const registry = await serve({ [manifestPath]: { status: 500 } });
  const write = clientFor(registry).pushManifest("team/app", "1.0", Buffer.from("{}"), manifestType);
  assert.equal((await failure(write)).code, "server-error");
  assert.equal(registry.asked.length, 1);
});

test("a connection that is refused or breaks off names the reason", async () => {
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const domain = `127.0.0.1:${gone.address().port}`;
  gone.close();
  await once(gone, "close");
  const error = await failure(clientFor({ domain }, user).manifest("team/app", "1.0"));
  assert.equal(error.code, "network");
  assert.match(error.message, /ECONNREFUSED/);
  assert.ok(error.cause);
  const half = (response) => {
    response.writeHead(200, { "content-type": manifestType, "content-length": 100 });
    response.write("{", () => response.destroy());
  };
  assert.equal((await manifestFailure({ raw: half })).error.code, "network");
  assert.equal((await manifestFailure({ raw: (response) => response.destroy() })).error.code, "network");
});

test("a replaced fetch that fails with its arguments in its error does not give secrets away", async () => {
  const fetch = async (url, init) => {
    if (!init.headers.authorization) return new Response("", { status: 401 });
    throw Object.assign(new Error(`sending ${init.headers.authorization}\u202e to ${url}?sig=sssh`), {
      init,
    });
  };
  const error = await failure(
    clientFor({ domain: "a.example" }, { fetch, ...user }).manifest("a", "1"),
    "sssh",
  );
  assert.equal(error.code, "network");
  assert.match(error.message, /sending Basic \[secret\]\ufffd to https:\/\/a\.example/);
});

test("in a browser a network error names CORS and the ways out", async () => {
  const fetch = async () => {
    throw new TypeError("Failed to fetch");
  };
  globalThis.document = {};
  try {
    const error = await failure(clientFor({ domain: "a.example" }, { fetch }).manifest("a", "1"));
    assert.equal(error.code, "network");
    assert.match(error.message, /Failed to fetch.*CORS/);
    assert.match(error.fix, /reverse proxy.*Node/);
  } finally {
    delete globalThis.document;
  }
});

const descriptor = (n, more = {}) => ({
  mediaType: manifestType,
  digest: `sha256:${String(n).repeat(64)}`,
  size: n,
  ...more,
});
const index = (manifests, headers = {}) => ({
  headers: { "content-type": indexType, ...headers },
  body: JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }),
});

test("referrers are listed over all pages, filtered here too", async () => {
  const a = descriptor(1, { artifactType: "application/a", annotations: { k: "v" } });
  const b = descriptor(2, { artifactType: "application/b" });
  const c = descriptor(3);
  const registry = await serve((request) => {
    const page = new URL(request.url, "http://x").searchParams.get("page");
    if (!page) return index([a], { link: `<${referrersPath}?page=1>; title="a, b; rel=x"; rel="prev next"` });
    if (page === "1") return index([b], { link: `</other>; rel=first, <?page=2>;REL=Next` });
    return index([c], { link: "</>; rel=last" });
  });
  const client = clientFor(registry);
  assert.deepEqual(await client.referrers("team/app", digest), { manifests: [a, b, c], from: "referrers" });
  assert.equal(registry.asked.length, 3);
  const filtered = await client.referrers("team/app", digest, { artifactType: "application/a" });
  assert.deepEqual(filtered.manifests, [a, c]);
  assert.equal(registry.asked[3].url, `${referrersPath}?artifactType=application%2Fa`);
});

test("an empty list of referrers is a list; a media type that is only JSON is no hindrance", async () => {
  for (const type of [indexType, "application/json"]) {
    const registry = await serve({ [referrersPath]: index([], { "content-type": type }) });
    assert.deepEqual(await clientFor(registry).referrers("team/app", digest), {
      manifests: [],
      from: "referrers",
    });
  }
});

for (const [name, answer] of [
  ["a router's 404", { status: 404, body: "404 page not found\n" }],
  ["an empty 404", { status: 404 }],
  ["UNSUPPORTED", errors(400, "UNSUPPORTED")],
  ["405", { status: 405 }],
  ["Artifactory's 406", { status: 406 }],
]) {
  test(`a registry without the referrers API: ${name}`, async () => {
    const registry = await serve({ [referrersPath]: answer });
    assert.equal(await clientFor(registry).referrers("team/app", digest), undefined);
  });
}

for (const [name, answer, code] of [
  ["a missing repository", errors(404, "NAME_UNKNOWN"), "not-found"],
  ["a login page", { headers: { "content-type": "text/html" }, body: "<html>" }, "bad-reply"],
  ["something else", json(200, {}), "bad-reply"],
  ["an index that is text", index([], { "content-type": "text/plain" }), "bad-reply"],
  ["a manifest that is none", index([{ mediaType: manifestType }]), "bad-reply"],
  ["a digest that is none", index([descriptor(1, { digest: "sha256:../../x" })]), "bad-reply"],
  ["half an index", { ...index([]), body: '{"schemaVersion":2,"manifests":[' }, "bad-reply"],
  ["400", { status: 400 }, "bad-request"],
  ["403", { status: 403 }, "forbidden"],
  ["pages without end", index([], { link: "<?>; rel=next" }), "bad-reply"],
  ["a next page elsewhere", index([], { link: "<https://evil.example/>; rel=next" }), "redirected"],
  ["a next page nowhere", index([], { link: "<http://>; rel=next" }), "redirected"],
  ["a next page that is missing", [index([], { link: "<?n=2>; rel=next" }), { status: 404 }], "not-found"],
]) {
  test(`referrers that prove nothing: ${name}: ${code}`, async () => {
    const registry = await serve({ [referrersPath]: answer });
    assert.equal((await failure(clientFor(registry).referrers("team/app", digest))).code, code);
    assert.ok(registry.asked.length <= 20);
  });
}

test("a blob that is missing, or a page, is an error", async () => {
  for (const [answer, code] of [
    [errors(404, "BLOB_UNKNOWN"), "not-found"],
    [{ status: 404 }, "not-found"],
    [{ status: 404, body: "<html>" }, "bad-reply"],
    [{ headers: { "content-type": "text/html" }, body: "<html>" }, "bad-reply"],
  ]) {
    const registry = await serve({ [blobPath]: answer });
    assert.equal((await failure(clientFor(registry).blob("team/app", digest, { maxBytes: 100 }))).code, code);
  }
});

test("a push: the upload's own query stays, scopes ask for pushing, digests are computed", async () => {
  const { registry, tokens } = await withTokens({ accepts: basic });
  const client = clientFor(registry, user);
  const payload = Buffer.from('{"critical":{}}');
  const expected = `sha256:${createHash("sha256").update(payload).digest("hex")}`;
  assert.equal(await client.pushBlob("team/app", payload), expected);
  assert.equal(await client.pushManifest("team/app", "sha256-ab.sig", payload, manifestType), expected);
  const scopes = tokens.asked.map(({ url }) => new URL(url, "http://x").searchParams.get("scope"));
  assert.deepEqual(scopes, ["repository:team/app:pull,push"]);
  const [, opened, blob, pushed] = registry.asked;
  assert.deepEqual([opened.method, opened.url], ["POST", "/v2/team/app/blobs/uploads/"]);
  assert.deepEqual(
    [blob.method, blob.url],
    ["PUT", `/up?_state=a%2Bb&digest=${encodeURIComponent(expected)}`],
  );
  assert.equal(blob.headers["content-type"], "application/octet-stream");
  assert.ok(blob.body.equals(payload));
  assert.deepEqual([pushed.method, pushed.url], ["PUT", "/v2/team/app/manifests/sha256-ab.sig"]);
  assert.equal(pushed.headers["content-type"], manifestType);
});

test("an upload is not sent to another host; a push that is refused is told", async () => {
  const other = await serve({});
  for (const [answer, code] of [
    [{ status: 202, headers: { location: `${other.origin}/up` } }, "redirected"],
    [{ status: 202 }, "bad-reply"],
    [{ status: 200 }, "bad-reply"],
    [errors(404, "NAME_UNKNOWN"), "not-found"],
    [errors(403, "DENIED"), "forbidden"],
    [redirect("/v2/", 303), "redirected"],
  ]) {
    const registry = await serve({ "/v2/team/app/blobs/uploads/": answer });
    assert.equal((await failure(clientFor(registry).pushBlob("team/app", Buffer.from("x")))).code, code);
  }
  assert.equal(other.asked.length, 0);
  const registry = await serve({ [manifestPath]: errors(400, "MANIFEST_INVALID") });
  const error = await failure(
    clientFor(registry).pushManifest("team/app", "1.0", Buffer.from("x"), manifestType),
  );
  assert.match(error.message, /MANIFEST_INVALID/);
});

test("behind a reverse proxy, what the registry says of itself is reached through the proxy", async () => {
  for (const location of ["/v2/up", "https://registry.example/v2/up", "/registry/v2/up"]) {
    const proxy = await serve({
      "/registry/v2/team/app/blobs/uploads/": { status: 202, headers: { location } },
      "/registry/v2/up": { status: 201 },
    });
    const client = clientFor({ domain: "registry.example" }, { url: `${proxy.origin}/registry` });
    assert.ok(await client.pushBlob("team/app", Buffer.from("x")));
  }
});
