// An image is unsigned only when its registry says so; everything else is unreachable.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ownHeader } from "../support/fake-registry.js";
import {
  bundle,
  descriptor,
  digest,
  errors,
  indexOf,
  indexType,
  other,
  registry,
  repository,
  signByTag,
  sigTag,
  status,
  verify,
} from "../support/image-in-registry.js";
import { manifestOf } from "../support/signatures.js";

// Long enough for what answers, even on a busy machine.
const quick = { timeoutMs: 1500 };
const html200 = (_, reply) => reply.writeHead(200, { "content-type": "text/html" }).end("<html>sign in");
/** The first page of a list, which names the next one in this header. @param {string} link */
const page = (link) =>
  status(200, { "content-type": indexType, link }, JSON.stringify({ schemaVersion: 2, manifests: [] }));

test("unsigned is the registry's own word", async () => {
  const { state, signatures, problems, reason } = await verify();
  assert.deepEqual([state, signatures, problems], ["unsigned", [], []]);
  assert.match(reason, /no signature/);
});

for (const [name, route, answer, code] of /** @type {const} */ ([
  ["a login page for the image", "image", html200, "bad-reply"],
  ["a login page for the tag", "tag", html200, "bad-reply"],
  ["401 without a way in", "tag", status(401), "unauthorized"],
  ["403", "tag", status(403), "forbidden"],
  [
    "404 on the image",
    "image",
    status(404, { "content-type": "application/json" }, errors("MANIFEST_UNKNOWN")),
    "not-found",
  ],
  [
    "404 on the repository",
    "tag",
    status(404, { "content-type": "application/json" }, errors("NAME_UNKNOWN")),
    undefined,
  ],
  ["an empty 404", "tag", status(404), "bad-reply"],
  ["405", "tag", status(405, ownHeader), "bad-request"],
  ["404 of a proxy", "tag", status(404, { "content-type": "text/html" }, "<html>nothing here"), undefined],
  ["429 for long", "tag", status(429, { "retry-after": "600" }), "rate-limited"],
  ["500", "tag", status(500), "server-error"],
  ["500 of the referrers", "referrers", status(500), "server-error"],
  [
    "a redirect of the tag to another host",
    "tag",
    status(302, { location: "http://127.0.0.1:1/" }),
    "redirected",
  ],
  ["a connection that breaks", "tag", (request) => request.socket.destroy(), "network"],
  ["a registry that hangs", "tag", () => {}, "timeout"],
  [
    "a registry that hangs half-way",
    "tag",
    (_, reply) => {
      reply.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" });
      reply.write("{");
    },
    "timeout",
  ],
])) {
  test(`${name} is unreachable, never unsigned`, async () => {
    const routes = {
      image: `GET /v2/${repository}/manifests/${digest}`,
      tag: `GET /v2/${repository}/manifests/${sigTag}`,
      referrers: `GET /v2/${repository}/referrers/${digest}`,
    };
    registry.answer(routes[route], answer);
    // Only what hangs needs a time limit; the others have tries of their own to make.
    const { state, problems, reason } = await verify(code === "timeout" ? quick : {});
    assert.equal(state, "unreachable", reason);
    assert.ok(reason);
    assert.equal(problems[0].from, route);
    if (code) assert.equal(problems[0].code, code);
    assert.ok(problems[0].message && problems[0].fix);
  });
}

const html = { "content-type": "text/html" };
const json = { "content-type": "application/json" };
for (const [name, answer] of /** @type {const} */ ([
  ["an empty 404", status(404)],
  ["a proxy's 404", status(404, html, "<h1>404 Not Found</h1><hr>nginx")],
  [
    "a proxy's 404 with the registry's header",
    status(404, { ...html, ...ownHeader }, "<h1>404 Not Found</h1>"),
  ],
  ["a gateway's 404", status(404, json, '{"message":"no Route matched with those values"}')],
  ["a router's 404", status(404, { "content-type": "text/plain" }, "404 page not found")],
  ["a proxy's 405", status(405, { allow: "POST" })],
  ["a proxy's 406", status(406, html, "<h1>Not Acceptable</h1>")],
  ["an empty 200", status(200, { "content-type": indexType })],
  ["a sign-in page", html200],
  ["a next page without brackets", page(`?n=2; rel="next"`)],
  ["a next page in other quotes", page("<?n=2>; rel='next'")],
  ["a next page whose quote is not closed", page('<?n=2>; rel="next')],
])) {
  test(`a signature that only the referrers name is not hidden by ${name}`, async () => {
    const found = bundle();
    const list = Buffer.from(JSON.stringify(indexOf(descriptor(found))));
    registry.manifest(repository, list, digest.replace(":", "-"), indexType);
    for (const route of [`referrers/${digest}`, `manifests/${digest.replace(":", "-")}`]) {
      registry.answer(`GET /v2/${repository}/${route}`, answer);
    }
    const { state, reason } = await verify();
    assert.equal(state, "unreachable", reason);
    assert.match(reason, /Something else than the registry|Link cannot be read|image index|sign in|HTML/);
  });
}

test("an index of referrers that is none is never taken for an empty one", async () => {
  for (const index of [
    { manifests: [{}] },
    { manifests: 7 },
    { mediaType: "text/html", manifests: [] },
    [],
  ]) {
    registry.manifest(repository, Buffer.from(JSON.stringify(index)), digest.replace(":", "-"), indexType);
    const { state, problems } = await verify();
    assert.deepEqual([state, problems[0].from], ["unreachable", "fallback-tag"], JSON.stringify(index));
  }
});

test("a registry that takes the fallback tag for the digest is no reason for alarm", async () => {
  registry.manifest(repository, manifestOf({ digest: "the image itself" }), digest.replace(":", "-"));
  assert.equal((await verify()).state, "unsigned");
});

test("an image whose bytes are others is unreachable", async () => {
  signByTag();
  registry.answer(`GET /v2/${repository}/manifests/${digest}`, (_, reply) =>
    reply.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" }).end("{}"),
  );
  const { problems } = await verify({ publicKey: other.pem });
  assert.match(problems[0].message, /something else/);
});

test("a tag that points at an index, or at a manifest of another type, is invalid or unreachable", async () => {
  registry.manifest(repository, Buffer.from(JSON.stringify(indexOf())), sigTag, indexType);
  assert.equal((await verify()).state, "invalid");
  registry.manifest(repository, manifestOf(), sigTag, "application/vnd.example+json");
  assert.equal((await verify()).state, "unreachable");
});
