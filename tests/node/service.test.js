// The client against services that misbehave, over real HTTP, with Node's own fetch.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { SigningClient, waitAndVerify } from "ocisign";
import { fetch as undiciFetch } from "undici";

/** What the service says next, and what it was asked. */
let answers = [];
let asked = [];

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    asked.push({
      method: request.method,
      url: request.url,
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks).toString(),
    });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer.destroy) return request.socket.destroy();
    if (answer.hang) return;
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
    if (answer.half) return response.write('{"id":', () => response.destroy());
    response.end(answer.body ?? '{"id":"r1","status":16}');
  });
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const baseUrl = `http://127.0.0.1:${server.address().port}/acme/api/v1/`;
after(() => {
  server.closeAllConnections();
  server.close();
});

function client(options = {}) {
  return new SigningClient({
    baseUrl,
    token: "the-token",
    retry: { attempts: 2, baseMs: 1, maxMs: 1500 },
    ...options,
  });
}

async function failure(call, ...replies) {
  answers = replies;
  asked = [];
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

const getting = () => client().signing("r1");
const posting = () => client().approve("r1");

for (const [name, answer, code, tries] of [
  [
    "a page of HTML",
    { body: "<!doctype html><p>sign in", headers: { "content-type": "text/html" } },
    "not-json",
    1,
  ],
  ["something that is not JSON", { body: "{" }, "not-json", 1],
  ["nothing", { body: "" }, "not-json", 1],
  ["no id", { body: '{"status":16}' }, "bad-reply", 1],
  ["a status that is a text", { body: '{"id":"r1","status":"16"}' }, "bad-status", 1],
  ["401", { status: 401 }, "unauthorized", 1],
  ["403", { status: 403, body: '{"message":"not your group"}' }, "forbidden", 1],
  ["404", { status: 404 }, "not-found", 1],
  ["409", { status: 409 }, "conflict", 1],
  ["429 for long", { status: 429, headers: { "retry-after": "120" } }, "rate-limited", 1],
  ["429 again and again", { status: 429 }, "rate-limited", 2],
  ["a redirect", { status: 302, headers: { location: "https://evil.example/" } }, "redirected", 1],
]) {
  test(`${name}: GET and POST end in ${code}`, async () => {
    for (const call of [getting, posting]) {
      const error = await failure(call, answer);
      assert.equal(error.name, "OcisignError");
      assert.equal(error.code, code);
      assert.ok(error.message && error.fix);
      assert.equal(asked.length, tries);
    }
  });
}

for (const [name, answer, code] of [
  ["500", { status: 500 }, "server-error"],
  ["a connection that breaks", { destroy: true }, "network"],
  ["a reply that breaks off", { half: true }, "network"],
]) {
  test(`${name}: a GET is tried again, a POST is not`, async () => {
    assert.equal((await failure(getting, answer)).code, code);
    assert.equal(asked.length, 2);
    const error = await failure(posting, answer);
    assert.equal(error.code, code);
    assert.equal(asked.length, 1);
  });
}

test("429 with Retry-After is waited for, in seconds or as a date", async () => {
  for (const after of ["0", "1", new Date(Date.now() + 900).toUTCString()]) {
    answers = [{ status: 429, headers: { "retry-after": after } }, {}];
    asked = [];
    assert.equal((await client().approve("r1")).state, "signed");
    assert.equal(asked.length, 2);
  }
});

test("a refused connection names the reason", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address();
  closed.close();
  await once(closed, "close");
  const error = await failure(() => client({ baseUrl: `http://127.0.0.1:${port}/` }).products());
  assert.equal(error.code, "network");
  assert.match(error.message, /ECONNREFUSED/);
});

test("a service that hangs is left after the time limit", async () => {
  const error = await failure(() => client({ timeoutMs: 1000 }).approve("r1"), { hang: true });
  assert.equal(error.code, "timeout");
  assert.equal(asked.length, 1);
  assert.match(error.fix, /look before you send it again/);
});

test("an abort ends a call under way, and its wait", async () => {
  const controller = new AbortController();
  answers = [{ hang: true }];
  const call = client().products({ signal: controller.signal });
  setImmediate(() => controller.abort(new Error("enough")));
  await assert.rejects(call, { code: "aborted" });
});

test("the headers are those of the reference's curl, and a POST says that it is JSON", async () => {
  answers = [{}];
  asked = [];
  await client().signing("r1");
  await client().approve("r1", { comment: "ja – gut" });
  const [get, post] = asked;
  assert.equal(get.url, "/acme/api/v1/imagesignings/r1");
  assert.equal(get.headers.accept, "application/json");
  assert.equal(get.headers.authorization, "Bearer the-token");
  assert.equal(get.headers["content-type"], undefined);
  assert.equal(post.url, "/acme/api/v1/imagesignings/r1/approve");
  assert.equal(post.headers["content-type"], "application/json");
  assert.equal(post.body, '{"comment":"ja – gut"}');
});

test("ids and filters cannot leave their place in the URL", async () => {
  answers = [{ body: '{"id":"../../x?y#z","status":16}' }, { body: "[]" }];
  asked = [];
  await client().signing("../../x?y#z");
  await client().signings({ status: 2, productId: "a&b=c", nothing: undefined });
  assert.equal(asked[0].url, "/acme/api/v1/imagesignings/..%2F..%2Fx%3Fy%23z");
  assert.equal(asked[1].url, "/acme/api/v1/imagesignings?status=2&productId=a%26b%3Dc");
  for (const id of ["", ".", ".."]) await assert.rejects(client().signing(id), { code: "bad-input" });
});

test("undici's own fetch can take the place of the platform's", async () => {
  answers = [{}];
  asked = [];
  const signing = await client({ fetch: undiciFetch }).signing("r1");
  assert.equal(signing.state, "signed");
  assert.equal(asked[0].headers.authorization, "Bearer the-token");
});

test("a global fetch that was replaced by something simple does not bring the module down", async () => {
  const original = globalThis.fetch;
  try {
    globalThis.fetch = async () => ({
      status: 200,
      headers: new Map(),
      text: async () => '{"id":"r1","status":16}',
    });
    assert.equal((await client().signing("r1")).state, "signed");
    globalThis.fetch = () => Promise.reject("just a text");
    await assert.rejects(client().signing("r1"), { code: "network" });
    globalThis.fetch = async () => 7;
    await assert.rejects(client().signing("r1"), { code: "network" });
  } finally {
    globalThis.fetch = original;
  }
  answers = [{}];
  assert.equal((await client().signing("r1")).state, "signed");
});

test("a token in the middle of a refused reply, or of its own error, is never shown", async () => {
  const token = "very-secret-token";
  const error = await failure(() => client({ token }).products(), {
    status: 403,
    body: JSON.stringify({ message: `bad ${token}` }),
  });
  assert.ok(!JSON.stringify([error.message, error.fix, error.stack]).includes(token));
  assert.throws(
    () => client({ token: `${token}\u0000` }),
    (thrown) => !thrown.message.includes(token),
  );
});

test("ten calls share one question for the token, and one for the next", async () => {
  let questions = 0;
  const refused = new Set();
  const token = async () => `token-${++questions}`;
  const fetch = async (_url, { headers }) => {
    const sent = headers.Authorization;
    const status = sent === "Bearer token-1" ? 401 : 200;
    if (status === 401) refused.add(sent);
    return { status, headers: new Map(), text: async () => "[]" };
  };
  const shared = client({ token, fetch });
  await Promise.all(Array.from({ length: 10 }, () => shared.products()));
  assert.equal(questions, 2);
  assert.equal(refused.size, 1);
});

test("a product is read once for many requests, and a broken read is not remembered", async () => {
  const product = {
    id: "p",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "a.b" }],
  };
  answers = [{ status: 403 }];
  const one = client();
  const ask = () => one.requestSigning({ productId: "p", artifact: `a.b/c@sha256:${"0".repeat(64)}` });
  await assert.rejects(ask(), { code: "forbidden" });
  asked = [];
  answers = [{ body: JSON.stringify(product) }, {}];
  await Promise.all(Array.from({ length: 5 }, ask));
  assert.equal(asked.filter(({ method }) => method === "GET").length, 1);
  assert.equal(asked.filter(({ method }) => method === "POST").length, 5);
  const elsewhere = { productId: "p", artifact: `a.b.evil.com/c@sha256:${"0".repeat(64)}` };
  asked = [];
  await assert.rejects(one.requestSigning(elsewhere), { code: "registry-mismatch" });
  assert.equal(asked.length, 0, "nothing was sent");
});

test("time limits and signals hold, even for a fetch, a body or a token that do not heed them", async () => {
  const never = new Promise(() => {});
  const headers = new Map();
  const abort = () => AbortSignal.timeout(20);
  for (const [options, code] of [
    [{ fetch: () => never, timeoutMs: 20, retry: { attempts: 1 } }, "timeout"],
    [
      {
        fetch: async () => ({ status: 200, headers, text: () => never }),
        timeoutMs: 20,
        retry: { attempts: 1 },
      },
      "timeout",
    ],
  ]) {
    await assert.rejects(client(options).products(), { code });
  }
  for (const options of [
    { fetch: () => never },
    { fetch: async () => ({ status: 200, headers, text: () => never }) },
    { token: () => never },
  ]) {
    await assert.rejects(client(options).products({ signal: abort() }), { code: "aborted" });
  }
  const image = `a.b/c@sha256:${"0".repeat(64)}`;
  const waiting = client({ fetch: () => never }).requestSigning(
    { productId: "p", artifact: image },
    { signal: abort() },
  );
  await assert.rejects(waiting, { code: "aborted" });
  await assert.rejects(client({ fetch: () => never }).waitForSignature("r1", { timeoutMs: 20 }), {
    code: "timeout",
    message: /was not to be had in time/,
  });
  answers = [{}];
  assert.equal((await client({ timeoutMs: Number.POSITIVE_INFINITY }).signing("r1")).state, "signed");
});

test("who aborts while a product is read for several ends only its own request", async () => {
  const product = {
    id: "p",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "a.b" }],
  };
  const bodies = { GET: JSON.stringify(product), POST: '{"id":"r1","status":2}' };
  let first = true;
  const fetch = async (_url, { method }) => {
    if (first) {
      first = false;
      return new Promise(() => {});
    }
    return { status: 200, headers: new Map(), text: async () => bodies[method] };
  };
  const shared = client({ fetch });
  const request = { productId: "p", artifact: `a.b/c@sha256:${"0".repeat(64)}` };
  const controller = new AbortController();
  const leaving = shared.requestSigning(request, { signal: controller.signal });
  const staying = shared.requestSigning(request);
  setImmediate(() => controller.abort());
  await assert.rejects(leaving, { code: "aborted" });
  assert.equal((await staying).id, "r1");
});

test("a fetch that quotes the token in its error does not get it into ours", async () => {
  const fetch = (_url, { headers }) => {
    throw new Error(`bad header ${headers.Authorization}`);
  };
  const error = await failure(() => client({ token: "s3cret", fetch }).products(), {});
  assert.equal(error.code, "network");
  assert.ok(!inspect(error).includes("s3cret"), inspect(error));
});

test("a reply about something else is refused", async () => {
  answers = [{ body: '{"id":"other","status":16}' }];
  for (const call of [
    () => client().signing("r1"),
    () => client().approve("r1"),
    () => client().reject("r1", { comment: "no" }),
    () => client().product("r1"),
    () => client().waitForSignature("r1"),
  ]) {
    await assert.rejects(call(), { code: "bad-reply" });
  }
  const artifactURI = Buffer.from(`a.b/evil@sha256:${"0".repeat(64)}`).toString("base64");
  answers = [
    { body: JSON.stringify({ id: "r1", status: 2, payload: { optionalParameters: [{ artifactURI }] } }) },
  ];
  const ids = { productId: "p", operationId: "o" };
  const product = {
    id: "p",
    productOperations: [{ id: "o", operationType: "SignOCI" }],
    productConfigItems: [{ name: "RegistryURL", value: "a.b" }],
  };
  const wanted = `a.b/c@sha256:${"0".repeat(64)}`;
  await assert.rejects(client().requestSigning({ ...ids, product, artifact: wanted }), {
    code: "bad-reply",
    message: /another image/,
  });
  answers = [
    {
      body: JSON.stringify({
        id: "r1",
        status: 16,
        productId: "p",
        payload: { optionalParameters: [{ artifactURI }] },
      }),
    },
  ];
  await assert.rejects(waitAndVerify(client(), "r1", { reference: wanted }), {
    code: "bad-reply",
    message: /another image/,
  });
});
