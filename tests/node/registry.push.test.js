// How blobs and manifests are pushed.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  basic,
  clientFor,
  errors,
  failure,
  manifestPath,
  manifestType,
  redirect,
  serve,
  user,
  withTokens,
} from "../support/scripted-registry.js";

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
  for (const [answer, code] of /** @type {const} */ ([
    [{ status: 202, headers: { location: `${other.origin}/up` } }, "redirected"],
    [{ status: 202 }, "bad-reply"],
    [{ status: 200 }, "bad-reply"],
    [errors(404, "NAME_UNKNOWN"), "not-found"],
    [errors(403, "DENIED"), "forbidden"],
    [redirect("/v2/", 303), "redirected"],
  ])) {
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
