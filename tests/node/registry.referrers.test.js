// Lists of referrers: what is one, what is none, and what proves nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clientFor,
  descriptor,
  digest,
  errors,
  failure,
  index,
  indexType,
  json,
  manifestType,
  referrersPath,
  serve,
} from "../support/scripted-registry.js";

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
  assert.deepEqual(filtered?.manifests, [a, c]);
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

for (const [name, answer] of /** @type {const} */ ([
  ["a router's 404", { status: 404, body: "404 page not found\n" }],
  ["an empty 404", { status: 404 }],
  ["UNSUPPORTED", errors(400, "UNSUPPORTED")],
  ["405", { status: 405 }],
  ["Artifactory's 406", { status: 406 }],
])) {
  test(`a registry without the referrers API: ${name}`, async () => {
    const registry = await serve({ [referrersPath]: answer });
    assert.equal(await clientFor(registry).referrers("team/app", digest), undefined);
  });
}

for (const [name, answer, code] of /** @type {const} */ ([
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
])) {
  test(`referrers that prove nothing: ${name}: ${code}`, async () => {
    const registry = await serve({ [referrersPath]: answer });
    assert.equal((await failure(clientFor(registry).referrers("team/app", digest))).code, code);
    assert.ok(registry.asked.length <= 20);
  });
}
