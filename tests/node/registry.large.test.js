// A registry's texts of a megabyte: read in time that grows with them. A pattern that tries again would take minutes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseChallenges } from "../support/registry-client.js";
import { clientFor, digest, failure, indexType, json } from "../support/scripted-registry.js";

const long = 1_000_000;
const empty = { schemaVersion: 2, mediaType: indexType, manifests: [] };

/** A registry that answers everything so. @param {number} status @param {Record<string, string>} headers */
const answering = (status, headers, body = JSON.stringify(empty)) =>
  clientFor(
    { domain: "registry.example" },
    {
      fetch: async () => ({
        status,
        // The platform would limit headers: a proxy's own fetch may not.
        headers: { get: (name) => headers[name.toLowerCase()] ?? null },
        text: async () => body,
        arrayBuffer: async () => Uint8Array.from(Buffer.from(body)).buffer,
      }),
    },
  );

const pieces = [
  "<",
  ">",
  ";",
  "; ",
  ",",
  '"',
  '\\"',
  "=",
  " ",
  "\t",
  "a",
  "a;",
  "a=",
  "<a>;",
  '="',
  '";',
  ";a",
  "a b",
  "rel",
];

test("Link", async () => {
  const heads = [
    "",
    "<",
    "</>",
    "</>;",
    "</>; rel",
    '</>; rel="',
    "</>; a",
    "</>; a=b",
    '</>; a="b";',
    "</>; rel=prev,",
  ];
  for (const head of heads) {
    for (const piece of pieces) {
      const link = head + piece.repeat(long / piece.length);
      const listing = answering(200, { "content-type": indexType, link }).referrers("a", digest);
      const outcome = await listing.then(
        () => "read",
        ({ code }) => code,
      );
      assert.ok(["read", "bad-reply"].includes(outcome), outcome);
    }
  }
  const many = `${"</>; rel=prev, ".repeat(50_000)}<>; rel=x`;
  const headers = { "content-type": indexType, link: many };
  assert.deepEqual((await answering(200, headers).referrers("a", digest))?.manifests, []);
});

test("WWW-Authenticate", async () => {
  for (const head of ["", "a", "a ", "a b", "a b=", 'a b="', "a b=c,"]) {
    for (const piece of [...pieces, "/", "a/ ", "a, ", "a=b,", "==", "a= ", "a ="]) {
      assert.ok(Array.isArray(parseChallenges(head + piece.repeat(long / piece.length))));
    }
  }
  const scopes = `Bearer realm="https://tokens.example/",scope="${"a ".repeat(long / 2)}"`;
  const error = await failure(answering(401, { "www-authenticate": scopes }).manifest("a", "1"));
  assert.equal(error.code, "unauthorized");
});

test("media types, waits, places, versions and errors", async () => {
  for (const piece of [
    "a",
    "a/",
    ";",
    " ",
    "+json",
    "0",
    "9",
    "1 ",
    ",",
    "registry/2.0",
    "registry/2.0-",
    "\t",
    "?a ",
    "?",
  ]) {
    const text = piece.repeat(long / piece.length);
    for (const [status, headers] of /** @type {const} */ ([
      [200, { "content-type": text }],
      [429, { "retry-after": text }],
      [404, { "docker-distribution-api-version": text }],
      [307, { location: text }],
      [307, { location: `https://${text}` }],
    ])) {
      const error = await failure(answering(status, headers).manifest("a", "1"));
      assert.ok(error.message.length < 1000, error.message.slice(0, 200));
      assert.ok(error.fix.length < 1000, error.fix.slice(0, 200));
    }
    const { body } = json(404, {
      errors: [{ code: "NOT_FOUND", message: `artifact ${text.slice(0, 60_000)}` }],
    });
    await failure(answering(404, {}, body).manifest("a", "1"));
  }
});
