// The command line's own way to a registry does for the library what Node's `fetch` does.
import assert from "node:assert/strict";
import dns from "node:dns";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { listening } from "../support/listening.js";
import { importSource } from "../support/source.js";

/** @type {import("node:http").RequestListener} */
let answer;
let at;
let asked;
let light;
before(async () => {
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  at = { server, ...(await listening(server)) };
  const { lightFetch } = await importSource("pkg/src/cli/light-fetch.ts");
  light = lightFetch();
});
after(() => {
  light?.close();
  at?.close();
});
beforeEach(() => {
  asked = [];
});

/** @param {object} [more] @param {string} [host] */
function get(more, host = "127.0.0.1") {
  const { signal } = new AbortController();
  const travel = {
    redirect: "manual",
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
  };
  return light.fetch(`http://${host}:${at.port}/x?y=1`, {
    ...{ method: "GET", headers: { authorization: "Bearer t" }, signal, ...travel, ...more },
  });
}

test("a request goes out as it was given, and the reply's status, headers and body come back", async () => {
  answer = (_, response) =>
    response
      .writeHead(404, [
        ...["Content-Type", "text/plain", "X-Many", "1", "X-Many", "2"],
        ...["WWW-Authenticate", "Basic a", "WWW-Authenticate", "Bearer b"],
      ])
      .end("grün");
  const reply = await get();
  assert.equal(reply.status, 404);
  assert.equal(reply.headers.get("content-TYPE"), "text/plain");
  assert.equal(reply.headers.get("x-many"), "1, 2");
  assert.equal(reply.headers.get("www-authenticate"), "Basic a, Bearer b");
  assert.equal(reply.headers.get("x-none"), null);
  assert.equal(await reply.text(), "grün");
  const [{ method, url, headers }] = asked;
  assert.deepEqual(
    [method, url, headers.authorization, headers.cookie],
    ["GET", "/x?y=1", "Bearer t", undefined],
  );
});

test("a body is sent, as text and as bytes", async () => {
  for (const body of ["ja – gut", new TextEncoder().encode("ja – gut")]) {
    answer = (request, response) => request.pipe(response);
    const reply = await get({ method: "PUT", body });
    assert.equal(Buffer.from(await reply.arrayBuffer()).toString(), "ja – gut");
  }
});

test("a redirect is handed back, and not followed", async () => {
  answer = (_, response) => response.writeHead(307, { location: "/elsewhere" }).end();
  const reply = await get();
  assert.deepEqual([reply.status, reply.headers.get("location"), asked.length], [307, "/elsewhere", 1]);
  await assert.rejects(get({ redirect: "follow" }), TypeError);
});

for (const [encoding, pack] of /** @type {const} */ ([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ["GZIP", gzipSync],
])) {
  test(`a body that the server packed (${encoding}) is unpacked`, async () => {
    answer = (_, response) => response.writeHead(200, { "content-encoding": encoding }).end(pack("text"));
    assert.equal(await (await get()).text(), "text");
  });
}

test("a packed body that is damaged is no body", async () => {
  answer = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip");
  await assert.rejects((await get()).text());
});

test("no more of a body is read than is wanted, and the connection ends", async () => {
  const ended = new Promise((resolve) => {
    answer = (_, response) => {
      response.on("close", resolve);
      const more = () => response.destroyed || response.write("x".repeat(65_536), () => setImmediate(more));
      more();
    };
  });
  const reply = await get();
  const reader = reply.body.getReader();
  assert.ok((await reader.read()).value.length > 0);
  await reader.cancel();
  await ended;
});

test("an abort ends a request that waits, and one whose body comes", async () => {
  for (const begins of [false, true]) {
    const controller = new AbortController();
    answer = (_, response) => {
      if (begins) response.writeHead(200).write("a");
      else controller.abort();
    };
    const work = get({ signal: controller.signal }).then(async (reply) => {
      const reader = reply.body.getReader();
      await reader.read();
      controller.abort();
      return reader.read();
    });
    await assert.rejects(work);
  }
});

test("a connection that breaks is a failure, before the reply and within it", async () => {
  answer = (request) => request.socket.destroy();
  await assert.rejects(get(), (/** @type {any} */ error) => {
    assert.deepEqual(
      [error.name, error.message, error.cause.code],
      ["TypeError", "fetch failed", "ECONNRESET"],
    );
    return true;
  });
  answer = (request, response) => {
    response.writeHead(200, { "content-length": "10" }).write("half", () => request.socket.destroy());
  };
  const reply = await get();
  await assert.rejects(reply.arrayBuffer());
});

test("a connection that the server closed between two requests is no failure of a read", async () => {
  for (const [method, isRead] of /** @type {const} */ ([
    ["GET", true],
    ["HEAD", true],
    ["POST", false],
    ["PUT", false],
    ["PATCH", false],
  ])) {
    const known = new Set();
    answer = ({ socket }, response) => {
      if (known.has(socket)) return socket.destroy();
      known.add(socket);
      response.end("x");
    };
    for (let at = 0; at < 3; at++) {
      const all = [0, 1, 2].map(async () => (await get({ headers: { connection: "keep-alive" } })).text());
      assert.deepEqual(await Promise.all(all), ["x", "x", "x"]);
    }
    const before = asked.length;
    const again = get({ method, ...(!isRead && { body: "y" }) });
    if (isRead) assert.equal((await again).status, 200);
    else
      await assert.rejects(again, (/** @type {Error} */ error) =>
        /socket hang up|reset/i.test(String(error.cause)),
      );
    if (!isRead) assert.equal(asked.length, before + 1, "what acts is sent once");
  }
});

test("a refused connection names its reason", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (closed.address());
  closed.close();
  await once(closed, "close");
  const asking = light.fetch(`http://127.0.0.1:${port}/`, { method: "GET", headers: {}, redirect: "manual" });
  await assert.rejects(asking, (/** @type {any} */ error) => /ECONNREFUSED/.test(error.cause.message));
});

test("all below localhost is this machine, whatever a name server says", async (t) => {
  const { lookup } = dns;
  const elsewhere = { address: "203.0.113.7", family: 4 };
  t.mock.method(dns, "lookup", (/** @type {string} */ host, options, done) => {
    if (!host.endsWith(".localhost")) return lookup(host, options, done);
    return options.all ? done(null, [elsewhere]) : done(null, elsewhere.address, 4);
  });
  answer = (_, response) => response.end("here");
  assert.equal(await (await get({}, "r.localhost")).text(), "here");
});

test("all below localhost is this machine, also where nobody says so", async () => {
  answer = (_, response) => response.end("here");
  assert.equal(await (await get({}, "k3d-registry.localhost")).text(), "here");
  assert.equal(asked[0].headers.host, `k3d-registry.localhost:${at.port}`);
});
