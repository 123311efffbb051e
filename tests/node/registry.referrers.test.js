// Lists of referrers: what is one, what is none, and what proves nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blobPath,
  clientFor,
  descriptor,
  digest,
  errors,
  failure,
  index,
  indexType,
  json,
  manifestPath,
  manifestType,
  ownHeader,
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

const html = { "content-type": "text/html" };
const text = { "content-type": "text/plain" };

for (const [name, answer] of /** @type {const} */ ([
  ["a router's 404", { status: 404, headers: { ...text, ...ownHeader }, body: "404 page not found\n" }],
  ["an empty 404", { status: 404, headers: ownHeader }],
  [
    "the header twice, in other letters",
    { status: 404, headers: { "docker-distribution-api-version": "Registry/2.0, registry/2.0" } },
  ],
  ["an error", errors(404, "NOT_FOUND")],
  ["an error without the header, labelled as text", { ...errors(404, "NOT_FOUND"), headers: text }],
  ["UNSUPPORTED", errors(400, "UNSUPPORTED")],
  ["UNSUPPORTED to a stranger", errors(401, "UNSUPPORTED")],
  ["405", { status: 405, headers: ownHeader }],
  ["405 with an error", errors(405, "UNSUPPORTED")],
  ["Artifactory's 406", { status: 406, headers: ownHeader }],
])) {
  test(`a registry without the referrers API: ${name}`, async () => {
    const registry = await serve({ [referrersPath]: answer });
    assert.equal(await clientFor(registry).referrers("team/app", digest), undefined);
  });
}

const page = "<!doctype html><title>404</title>";
const notOwn = /** @type {const} */ ([
  ["nothing", {}],
  ["a page", { headers: html, body: page }],
  ["a page that says nothing of itself", { body: page }],
  ["a page in a text's clothes", { headers: { ...text, ...ownHeader }, body: `\n${page}` }],
  ["a page with the header that a proxy adds", { headers: { ...html, ...ownHeader }, body: page }],
  ["an error in a page's clothes", { ...errors(404, "NOT_FOUND"), headers: html }],
  ["a router's text", { headers: text, body: "404 page not found\n" }],
  ["another version", { headers: { "docker-distribution-api-version": "registry/1.0" } }],
  ["a version that only begins so", { headers: { "docker-distribution-api-version": "registry/2.0-proxy" } }],
  ["a version without a value", { headers: { "docker-distribution-api-version": "" } }],
  ["the version of something else", { headers: { "docker-distribution-version": "registry/2.0" } }],
  ["a proxy's JSON", json(404, { error: "not found" })],
  ["empty JSON", json(404, {})],
  ["a list", json(404, [{ code: "NOT_FOUND" }])],
  ["no errors", json(404, { errors: [] })],
  ["an error that is a text", json(404, { errors: ["NOT_FOUND"] })],
  ["errors that are no list", json(404, { errors: { code: "NOT_FOUND" } })],
  ["an error without a code", json(404, { errors: [{ status: 404, message: "Not found" }] })],
  ["a code that is a number", json(404, { errors: [{ code: 404 }] })],
  ["a code of JSON:API", json(404, { errors: [{ code: "not-found", title: "Not found" }] })],
  ["a gateway's code", json(404, { errors: [{ code: "ROUTE_NOT_FOUND", message: "no such route" }] })],
  ["a framework's code", json(404, { errors: [{ code: "METHOD_NOT_ALLOWED", message: "m" }] })],
  ["a code that is hardly one", json(404, { errors: [{ code: "_" }] })],
  [
    "NOT_FOUND of JSON:API",
    json(404, { errors: [{ status: "404", code: "NOT_FOUND", title: "Not found" }] }),
  ],
  [
    "a known code beside another",
    json(404, { errors: [{ code: "UNSUPPORTED" }, { code: "RESOURCE_NOT_FOUND" }] }),
  ],
  [
    "a page of two types with the header",
    { headers: { ...ownHeader, "content-type": "text/plain, text/html" }, body: "not found" },
  ],
  ["a page behind a mark", { headers: { ...text, ...ownHeader }, body: `\ufeff\0${page}` }],
  ["one error that is none", json(404, { errors: [{ code: "NOT_FOUND" }, {}] })],
  ["names in other case", json(404, { Errors: [{ Code: "NOT_FOUND" }] })],
  ["an error twice", { body: '{"errors":[{"code":"X"}],"errors":[{"code":"NOT_FOUND"}]}' }],
  ["an error that is cut off", { body: '{"errors":[{"code":"NOT_FOUND"}' }],
]);
for (const status of [404, 405, 406]) {
  for (const [name, answer] of notOwn) {
    test(`a ${status} that is not the registry's own proves nothing: ${name}`, async () => {
      const registry = await serve({
        [referrersPath]: { ...answer, status },
        [manifestPath]: { ...answer, status },
        [blobPath]: { ...answer, status },
      });
      const client = clientFor(registry);
      for (const call of [
        client.referrers("team/app", digest),
        client.manifest("team/app", "1.0"),
        client.blob("team/app", digest, { maxBytes: 10 }),
      ]) {
        const error = await failure(call);
        assert.equal(error.code, "bad-reply");
        assert.match(
          error.message,
          /HTTP 40[456] (?:\(UNSUPPORTED\) )?with (an empty body|a page|JSON|a text).*Something else/,
        );
      }
    });
  }
}

test("a browser that may not see the header says how to expose it", async () => {
  const registry = await serve({
    [referrersPath]: { status: 404, headers: text, body: "404 page not found" },
  });
  Object.defineProperty(globalThis, "document", { value: {}, configurable: true });
  try {
    const error = await failure(clientFor(registry).referrers("team/app", digest));
    assert.match(error.message, /Docker-Distribution-Api-Version is missing, or this page may not read it/);
    assert.match(error.fix, /Access-Control-Expose-Headers: Docker-Distribution-Api-Version/);
  } finally {
    Reflect.deleteProperty(globalThis, "document");
  }
});

const empty = { schemaVersion: 2, manifests: [] };
const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

for (const [name, answer, code] of /** @type {const} */ ([
  ["a missing repository", errors(404, "NAME_UNKNOWN"), "not-found"],
  ["a login page", { headers: { "content-type": "text/html" }, body: "<html>" }, "bad-reply"],
  ["something else", json(200, {}), "bad-reply"],
  ["an index that is text", index([], { "content-type": "text/plain" }), "bad-reply"],
  ["a manifest that is none", index([{ mediaType: manifestType }]), "bad-reply"],
  ["a digest that is none", index([descriptor(1, { digest: "sha256:../../x" })]), "bad-reply"],
  ["half an index", { ...index([]), body: '{"schemaVersion":2,"manifests":[' }, "bad-reply"],
  ["400", { status: 400 }, "bad-request"],
  ["400 with the header", { status: 400, headers: ownHeader }, "bad-request"],
  ["401", { status: 401 }, "unauthorized"],
  ["401 with the header", { status: 401, headers: ownHeader }, "unauthorized"],
  ["403", { status: 403 }, "forbidden"],
  ["404 about who asks", errors(404, "DENIED"), "not-found"],
  ["404 about the repository and more", errors(404, "NOT_FOUND", "NAME_UNKNOWN"), "not-found"],
  ["410", { status: 410, headers: ownHeader }, "bad-request"],
  ["501", { ...errors(501, "UNSUPPORTED") }, "server-error"],
  ["204", { status: 204 }, "bad-reply"],
  ["206", { ...index([]), status: 206 }, "bad-reply"],
  ["304", { status: 304 }, "bad-reply"],
  ["nothing", {}, "bad-reply"],
  ["nothing that is called an index", { headers: { "content-type": indexType } }, "bad-reply"],
  ["an index that is called a manifest", index([], { "content-type": manifestType }), "bad-reply"],
  [
    "an index that is called other JSON",
    index([], { "content-type": "application/problem+json" }),
    "bad-reply",
  ],
  ["an index that calls itself a manifest", json(200, { ...empty, mediaType: manifestType }), "bad-reply"],
  ["an index of docker's", json(200, { ...empty, mediaType: dockerList }), "bad-reply"],
  ["an index that is a manifest, too", json(200, { ...empty, layers: [] }), "bad-reply"],
  ["an index without a list", json(200, { schemaVersion: 2 }), "bad-reply"],
  ["an index with null for a list", json(200, { schemaVersion: 2, manifests: null }), "bad-reply"],
  ["an index with another list for others", json(200, { ...empty, Manifests: [descriptor(1)] }), "bad-reply"],
  ["an index in gzip that is none", index([], { "content-encoding": "gzip" }), "network"],
  ["a list that was filtered unasked", index([], { "oci-filters-applied": "artifactType" }), "bad-reply"],
  ["more than a thousand", index(Array(1001).fill(descriptor(1))), "bad-reply"],
  ["pages without end", index([], { link: "<?>; rel=next" }), "bad-reply"],
  ["a next page elsewhere", index([], { link: "<https://evil.example/>; rel=next" }), "redirected"],
  ["a next page nowhere", index([], { link: "<http://>; rel=next" }), "redirected"],
  [
    "a next page that is missing",
    [index([], { link: "<?n=2>; rel=next" }), { status: 404, headers: ownHeader }],
    "not-found",
  ],
])) {
  test(`referrers that prove nothing: ${name}: ${code}`, async () => {
    const registry = await serve({ [referrersPath]: answer });
    assert.equal((await failure(clientFor(registry).referrers("team/app", digest))).code, code);
    assert.ok(registry.asked.length <= 20);
  });
}

const next = `${referrersPath}?page=1`;
for (const [header, pages] of /** @type {const} */ ([
  [`<${next}>; rel="next"`, 2],
  [`<${next}>; rel=next`, 2],
  [`<${next}>;rel=next`, 2],
  [`<${next}> ; REL = "NEXT"`, 2],
  [`\t<${next}>\t;\trel="prev  next"`, 2],
  [`<${next}>; title="a > b, c; rel=prev \\" d"; rel="next"`, 2],
  [`<${next}>; ; rel=next;`, 2],
  [`, <${next}>; rel=next,`, 2],
  [`</>; rel=first, <${next}>; rel=next`, 2],
  [`<${next}>; rel="https://relations.example/x next"`, 2],
  [`<${next}>; rel=next, <${next}>; rel=next`, 2],
  ["<?page=1>; rel=next", 2],
  [[`</>; rel="prev"`, `<${next}>; rel="next"`], 2],
  [`<${next}>; rel="prev"`, 1],
  [`<${next}>; rel=nextpage`, 1],
  [`<${next}>; rel="x-next"`, 1],
  // What follows cannot be read as links, so that there may be a next page.
  [`${next}; rel="next"`, 0],
  [`<${next}; rel="next"`, 0],
  [`${next}>; rel="next"`, 0],
  [`<${next}>; rel='next'`, 0],
  [`<${next}>; rel="next`, 0],
  [`<${next}>; rel=next"`, 0],
  [`<${next}>; rel=`, 0],
  [`<${next}>; rel=""`, 0],
  [`<${next}>; rel`, 0],
  [`<${next}>; rel:next`, 0],
  [`<${next}> rel=next`, 0],
  [`<${next}>, rel=next`, 0],
  [`<${next}>; re1="next"`, 0],
  [`<${next}>; rel*=UTF-8''next`, 0],
  [`<${next}>; rel=prev; rel=next`, 0],
  [`<${next}>; rel="next,prev"`, 0],
  [`<${next}>; rel=next; anchor="#page"`, 0],
  [`<${next}>; rel=next, <${next}&x>; rel=next`, 0],
  [`<${next}>; rel=prev <${next}>; rel=next`, 0],
  [`</>; rel=prev; <${next}>; rel=next`, 0],
  [`< ${next}>; rel=next`, 0],
  [`<${next} >; rel=next`, 0],
  [`<<${next}>>; rel=next`, 0],
  [`<${next}>`, 0],
  ["\\<?page=1>; rel=next", 0],
  [`"<${next}>; rel=next"`, 0],
  ["next", 0],
  ["", 0],
  [",", 0],
])) {
  const outcome = pages === 0 ? "is refused" : `leads to ${pages} pages`;
  test(`a Link header ${outcome}: ${String(header)}`, async () => {
    const registry = await serve((request) =>
      request.url.includes("page=")
        ? index([descriptor(2)])
        : index([descriptor(1)], /** @type {any} */ ({ link: header })),
    );
    const listing = clientFor(registry).referrers("team/app", digest);
    if (pages > 0) assert.equal((await listing)?.manifests.length, pages);
    else {
      const error = await failure(listing);
      assert.deepEqual([error.code, registry.asked.length], ["bad-reply", 1]);
      assert.match(error.message, /header Link cannot be read/);
    }
  });
}
