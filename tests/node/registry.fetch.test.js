// How the registry client calls fetch, and what it takes for a reply.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { fetch as undiciFetch } from "undici";
import {
  authorizations,
  clientFor,
  digest,
  failure,
  manifest,
  manifestFailure,
  manifestPath,
  manifestType,
  serve,
  user,
} from "../support/scripted-registry.js";

test("a manifest is read anonymously, with its media type, and asked for as a browser's page may", async () => {
  const registry = await serve({
    [manifestPath]: { ...manifest, headers: { "content-type": `${manifestType}; charset=utf-8` } },
    [`/v2/team/app/manifests/${digest}`]: manifest,
  });
  const client = clientFor(registry, user);
  const read = await client.manifest("team/app", "1.0");
  assert.equal(read?.mediaType, manifestType);
  assert.equal(Buffer.from(read?.bytes ?? []).toString(), manifest.body);
  assert.ok(await client.manifest("team/app", digest));
  assert.deepEqual(authorizations(registry.asked), [undefined, undefined]);
  assert.match(
    String(registry.asked[0].headers.accept),
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
    /** @type {any} */
    let called;
    const fetch = async (/** @type {any} */ url, /** @type {any} */ init) => {
      called = { url, init };
      return /** @type {any} */ (reply);
    };
    const read = await clientFor({ domain: "registry.example:5000" }, { fetch }).manifest("team/app", "1.0");
    assert.equal(Buffer.from(read?.bytes ?? []).toString(), manifest.body);
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
  assert.ok(
    await clientFor(registry, { fetch: /** @type {any} */ (undiciFetch) }).manifest("team/app", "1.0"),
  );
});

test("what fetch returns must be a reply", async () => {
  const at = { domain: "registry.example" };
  const reading = (reply) => clientFor(at, { fetch: async () => reply }).manifest("team/app", "1.0");
  assert.equal((await failure(reading(undefined))).code, "bad-reply");
  assert.equal((await failure(reading({ status: 200 }))).code, "bad-reply");
  assert.equal((await failure(reading({ status: 404, headers: new Headers() }))).code, "network");
});

test("a connection that is refused or breaks off names the reason", async () => {
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const domain = `127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (gone.address()).port}`;
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

test("nothing of a Basic header is told, however long user and password are, nor within other base64", async () => {
  for (const username of ["u", "us", "use", "user"]) {
    for (const password of ["p", "pa", "päß", "pass", "pass+word/"]) {
      const isShort = username.length + password.length < 8;
      for (const before of isShort ? [""] : ["", "a", "ab", "abc"]) {
        const secret = Buffer.from(`${before}${username}:${password}${before}`).toString("base64");
        const fetch = async (_, init) => {
          if (!init.headers.authorization) return new Response("", { status: 401 });
          throw new Error(`sent (${secret})`);
        };
        const signIn = { username, password };
        const { message } = await failure(
          clientFor({ domain: "a.example" }, { fetch, ...signIn }).manifest("a", "1"),
        );
        const told = /sent \((.*)\)/.exec(message)?.[1] ?? message;
        // What is left is of up to three letters around it.
        assert.match(
          told,
          /^[\w+/]{0,4}\[secret\][\w+/=]{0,6}$/,
          `${username}:${password} behind "${before}"`,
        );
        if (before === "") assert.equal(told, "[secret]");
      }
    }
  }
});

test("in a browser a network error names CORS and the ways out", async () => {
  const fetch = async () => {
    throw new TypeError("Failed to fetch");
  };
  Object.defineProperty(globalThis, "document", { value: {}, configurable: true });
  try {
    const error = await failure(clientFor({ domain: "a.example" }, { fetch }).manifest("a", "1"));
    assert.equal(error.code, "network");
    assert.match(error.message, /Failed to fetch.*CORS/);
    assert.match(error.fix, /reverse proxy.*Node/);
  } finally {
    Reflect.deleteProperty(globalThis, "document");
  }
});
