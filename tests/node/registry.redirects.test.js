// Which redirects of a registry are followed, and with what.
import assert from "node:assert/strict";
import { test } from "node:test";
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
  manifestType,
  redirect,
  serve,
  user,
} from "../support/scripted-registry.js";

/** A browser's fetch as far as redirects go: it hides them, or follows them. @param {any[]} calls @returns {any} */
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

/** A registry that redirects like this, whatever is asked. @param {string} domain @param {(url: URL) => string} to */
function redirecting(domain, to) {
  /** @type {{ url: string, authorization: string | undefined }[]} */
  const asked = [];
  const fetch = async (/** @type {string} */ url, /** @type {any} */ { headers }) => {
    asked.push({ url, authorization: headers.authorization });
    if (new URL(url).host === domain && !headers.authorization)
      return new Response(null, challenge('Basic realm="r"'));
    return new URL(url).host === domain
      ? new Response(null, redirect(to(new URL(url))))
      : new Response(manifest.body, { headers: manifest.headers });
  };
  return { asked, client: clientFor({ domain }, { fetch, ...user }) };
}

test("a manifest by its digest may come from another host, and no password goes there", async () => {
  const { asked, client } = redirecting(
    "registry.k8s.example",
    ({ pathname }) => `https://mirror.example${pathname}`,
  );
  const found = await client.manifest("pause", digest);
  assert.equal(Buffer.from(found?.bytes ?? []).toString(), manifest.body);
  assert.deepEqual(
    asked.map(({ authorization }) => authorization),
    [undefined, basic, undefined],
  );
});

test("by a digest, a registry may not lead to what only we can reach, either", async () => {
  for (const to of [
    "http://mirror.example/",
    "https://127.0.0.1/",
    "https://10.0.0.5/",
    "https://169.254.169.254/",
  ]) {
    const { asked, client } = redirecting("registry.k8s.example", () => to);
    assert.equal((await failure(client.manifest("pause", digest))).code, "redirected", to);
    assert.ok(asked.every(({ url }) => url.startsWith("https://registry.k8s.example/")));
  }
});

test("that a manifest is not there counts only from the registry itself", async () => {
  const unknown = () => ({ ...json(404, { errors: [{ code: "MANIFEST_UNKNOWN" }] }) });
  const other = await serve(unknown);
  const registry = await serve(() => redirect(`${other.origin}/`));
  const error = await failure(clientFor(registry).manifest("team/app", digest));
  assert.equal(error.code, "bad-reply");
});

test("a tag elsewhere is refused with advice that is true", async () => {
  const renamed = redirecting("registry.k8s.example", ({ pathname }) => {
    const [, path] = /^\/v2\/(.*)$/.exec(pathname) ?? [];
    return `https://europe.pkg.example/v2/k8s/images/${path}`;
  });
  const tag = await failure(renamed.client.manifest("pause", "1.0"));
  assert.equal(tag.code, "redirected");
  assert.match(
    tag.fix,
    /registry\.repository \(--signatures-in\): europe\.pkg\.example\/k8s\/images\/pause\. /,
  );
  const list = await failure(renamed.client.referrers("pause", digest));
  assert.match(list.fix, /europe\.pkg\.example\/k8s\/images\/pause\. /);

  const moved = redirecting("old.example", ({ pathname }) => `https://new.example${pathname}`);
  assert.match(
    (await failure(moved.client.manifest("a/b", "1.0"))).fix,
    /registry\.url .*https:\/\/new\.example\. /,
  );
  const { asked } = moved;
  assert.ok(asked.every(({ url }) => url.startsWith("https://old.example/")));
});
