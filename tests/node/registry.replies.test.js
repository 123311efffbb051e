// What a registry's reply to a manifest or a blob means. Only its own word proves that there is none.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blobPath,
  clientFor,
  digest,
  errors,
  failure,
  indexType,
  json,
  manifest,
  manifestFailure,
  manifestPath,
  manifestType,
  ownHeader,
  serve,
  user,
} from "../support/scripted-registry.js";

for (const [name, answer] of /** @type {const} */ ([
  ["MANIFEST_UNKNOWN", errors(404, "MANIFEST_UNKNOWN")],
  [
    "MANIFEST_UNKNOWN labelled as text",
    { ...errors(404, "MANIFEST_UNKNOWN"), headers: { "content-type": "text/plain" } },
  ],
  [
    "Harbor's words for a tag",
    json(404, { errors: [{ code: "NOT_FOUND", message: "artifact team/app:1.0 not found" }] }),
  ],
])) {
  test(`a 404 that proves that there is no such manifest: ${name}`, async () => {
    const registry = await serve({ [manifestPath]: answer });
    assert.equal(await clientFor(registry).manifest("team/app", "1.0"), undefined);
  });
}

for (const [name, answer, code] of /** @type {const} */ ([
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
  ["nothing at all", { status: 404 }, "bad-reply"],
  ["nothing but the registry's header", { status: 404, headers: ownHeader }, "not-found"],
  ["a router's text with it", { status: 404, headers: ownHeader, body: "404 page not found\n" }, "not-found"],
  ["MANIFEST_UNKNOWN with 400", errors(400, "MANIFEST_UNKNOWN"), "bad-request"],
  ["MANIFEST_UNKNOWN with 200", { ...errors(200, "MANIFEST_UNKNOWN") }, "bad-reply"],
  ["410", { status: 410 }, "bad-request"],
])) {
  test(`not a proof that there is no such manifest: ${name}: ${code}`, async () => {
    const { error } = await manifestFailure(answer);
    assert.equal(error.code, code);
  });
}

test("a 404 without a word counts in a repository that was read from, and in no other", async () => {
  const registry = await serve({
    [manifestPath]: manifest,
    "/v2/team/app/manifests/2.0": { status: 404, headers: ownHeader },
    "/v2/team/app/manifests/3.0": { status: 404 },
    "/v2/team/b/manifests/2.0": { status: 404, headers: ownHeader },
  });
  const client = clientFor(registry);
  assert.ok(await client.manifest("team/app", "1.0"));
  assert.equal(await client.manifest("team/app", "2.0"), undefined);
  assert.equal((await failure(client.manifest("team/app", "3.0"))).code, "bad-reply");
  assert.equal((await failure(client.manifest("team/b", "2.0"))).code, "not-found");
});

for (const [name, answer, code] of /** @type {const} */ ([
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
])) {
  test(`a manifest's reply is ${name}: ${code}`, async () => {
    const { error, asked } = await manifestFailure(answer);
    assert.deepEqual([error.code, asked.length], [code, 1]);
  });
}

test("of a registry's codes only those that are known are repeated", async () => {
  const said = json(403, { errors: [{ code: "DENIED", message: "m" }, { code: user.password }] });
  const { error } = await manifestFailure(said, user);
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
  for (const { headers } of registry.asked)
    assert.match(String(headers.accept), /image\.manifest.*image\.index/);
  assert.match(String(registry.asked[2].headers.accept), /, application\/x$/);
});

test("a blob that is missing, or a page, is an error", async () => {
  for (const [answer, code] of /** @type {const} */ ([
    [errors(404, "BLOB_UNKNOWN"), "not-found"],
    [{ status: 404, headers: ownHeader }, "not-found"],
    [{ status: 404 }, "bad-reply"],
    [{ status: 404, body: "<html>" }, "bad-reply"],
    [{ headers: { "content-type": "text/html" }, body: "<html>" }, "bad-reply"],
  ])) {
    const registry = await serve({ [blobPath]: answer });
    assert.equal((await failure(clientFor(registry).blob("team/app", digest, { maxBytes: 100 }))).code, code);
  }
});
