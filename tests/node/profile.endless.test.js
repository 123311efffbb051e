// Lists that have no end, come to the same page again, or lead elsewhere: each is told, and none is taken for whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { base, pagedService, requests } from "../support/paged-service.js";

const byOffset = { paging: { offset: "o" } };
const byPage = { paging: { page: "p" } };
const byNext = { items: "i", paging: { next: "n" } };
const byLink = { paging: { header: /** @type {const} */ ("Link") } };

/** @typedef {import("ocisign").ListForm} Form @typedef {Parameters<typeof pagedService>[1]} Answering */

for (const [name, form, answer, message] of /** @type {[string, Form, Answering, RegExp][]} */ ([
  [
    "a service that knows no offset",
    byOffset,
    () => ({ body: requests(0, 3) }),
    /brings the same page again/,
  ],
  ["a service that knows no pages", byPage, () => ({ body: requests(0, 1) }), /brings the same page again/],
  ["the same elements without ids", byPage, () => ({ body: [null, 7] }), /brings the same page again/],
  ["a page that follows itself", byNext, (url) => ({ body: { i: [], n: url.href } }), /leads back/],
  [
    "two pages that follow each other",
    byNext,
    (url) => ({
      body: {
        i: requests(url.search ? 1 : 0, url.search ? 2 : 1),
        n: url.search ? `${base}/imagesignings` : "?b",
      },
    }),
    /leads back/,
  ],
  [
    "new pages for ever",
    byPage,
    (_, calls) => ({ body: requests(calls, calls + 1) }),
    /more than 2000 pages/,
  ],
  [
    "empty pages for ever",
    byNext,
    (_, calls) => ({ body: { i: [], n: `?c=${calls}` } }),
    /more than 2000 pages/,
  ],
  [
    "links for ever",
    byLink,
    (_, calls) => ({ body: [], link: `<?c=${calls}>; rel=next` }),
    /more than 2000 pages/,
  ],
  [
    "more than anybody reads",
    byOffset,
    (_, calls) => ({ body: requests(calls * 150_000, (calls + 1) * 150_000) }),
    /more than 200000 elements/,
  ],
])) {
  test(`${name} is told`, async () => {
    const { client, asked } = pagedService(form, answer);
    await assert.rejects(client.signings(), (/** @type {any} */ error) => {
      assert.equal(error.code, "bad-reply");
      assert.equal(error.taken, "no");
      assert.match(error.message, /^Reading the signing requests: the list /);
      assert.match(error.message, message);
      assert.match(error.fix, /paging/);
      return true;
    });
    assert.ok(asked.length <= 2001);
  });
}

test("a list that takes too long is told", async () => {
  let now = 1_000_000;
  const { client } = pagedService(
    byPage,
    (_, calls) => {
      now += 900;
      return { body: requests(calls, calls + 1) };
    },
    { timeoutMs: 1000 },
  );
  const clock = performance.now;
  performance.now = () => now;
  try {
    await assert.rejects(client.signings(), { code: "bad-reply", message: /takes too long/ });
  } finally {
    performance.now = clock;
  }
});

test("a signal ends it between two pages", async () => {
  const stop = new AbortController();
  const { client, asked } = pagedService(byPage, (_, calls) => {
    if (calls === 3) stop.abort();
    return { body: requests(calls, calls + 1) };
  });
  await assert.rejects(client.signings({}, { signal: stop.signal }), { code: "aborted" });
  assert.ok(asked.length <= 3);
});

for (const [next, message] of /** @type {[unknown, RegExp][]} */ ([
  ["https://evil.example/acme/api/v1/imagesignings?c=1", /another origin, https:\/\/evil\.example\./],
  ["//evil.example/acme/api/v1/imagesignings", /another origin/],
  ["\\\\evil.example\\acme", /another origin/],
  ["http://service.example/acme/api/v1/imagesignings", /another origin, http:\/\/service\.example\./],
  ["https://service.example:8443/acme/api/v1/imagesignings", /another origin/],
  ["https://user:pass@service.example/acme/api/v1/imagesignings", /holds credentials/],
  ["javascript:alert(1)", /another origin, javascript:\/\//],
  ["https://service.example@evil.example/acme/api/v1/", /another origin/],
  ["data:application/json,[]", /another origin/],
  ["/other/api/v1/imagesignings", /outside of baseUrl/],
  ["/acme/api/v10/imagesignings", /outside of baseUrl/],
  ["/acme/api/v1", /outside of baseUrl/],
  ["../../../imagesignings", /outside of baseUrl/],
  ["%2e%2e/%2E%2e/x", /outside of baseUrl/],
  ["/acme/api/v1/a%2f..%2f..%2fb", /outside of baseUrl/],
  ["/acme/api/v1/..%5c..%5cx", /outside of baseUrl/],
  ["https://", /is no URL/],
  [`?c=${"x".repeat(9000)}`, /is no URL/],
  [7, /is no text/],
  [true, /is no text/],
  [{ href: "?c=1" }, /is no text/],
  [["?c=1"], /is no text/],
])) {
  test(`a next page at ${JSON.stringify(next).slice(0, 60)} is refused, and the token stays here`, async () => {
    const { client, asked } = pagedService(byNext, () => ({ body: { i: requests(0, 1), n: next } }));
    await assert.rejects(client.signings(), (/** @type {any} */ error) => {
      assert.equal(error.code, "bad-reply");
      assert.match(error.message, message);
      assert.doesNotMatch(`${error.message} ${error.fix}`, /pass|x{100}|secret-token/);
      return true;
    });
    assert.equal(asked.length, 1);
    if (typeof next !== "string") return;
    const linked = pagedService(byLink, () => ({ body: requests(0, 1), link: `<${next}>; rel="next"` }));
    await assert.rejects(linked.client.signings(), { code: "bad-reply" });
    assert.equal(linked.asked.length, 1);
  });
}

for (const [link, outcome] of /** @type {[string, RegExp | undefined][]} */ ([
  ['<?c=1>; rel="next"; rel="prev"', /cannot be read from the header Link/],
  ["?c=1; rel=next", /cannot be read/],
  ["<?c=1; rel=next", /cannot be read/],
  ['<?c=1>; rel="next', /cannot be read/],
  ["<?c=1>; rel=next, <?c=2>; rel=next", /cannot be read/],
  ['<?c=1>; rel=next; anchor="#other"', /cannot be read/],
  // Of these none speaks of a next page.
  ["", undefined],
  ['<?c=1>; rel="prev"', undefined],
  ["</style.css>; rel=preload; as=style", undefined],
  ["not a link at all", undefined],
])) {
  test(`a header Link of ${link || "nothing"} is ${outcome ? "told" : "the end"}`, async () => {
    for (const form of [byLink, undefined]) {
      const { client, asked } = pagedService(form, () => ({ body: requests(0, 1), link }));
      if (outcome) await assert.rejects(client.signings(), { code: "bad-reply", message: outcome });
      else assert.equal((await client.signings()).length, 1);
      assert.equal(asked.length, 1);
    }
  });
}

test("a list that is not where the profile says is no list", async () => {
  for (const body of [{}, { i: {} }, { i: "[]" }, [], null, { j: [] }]) {
    const { client } = pagedService(byNext, () => ({ body }));
    await assert.rejects(client.signings(), {
      code: "bad-reply",
      message: /: i in the reply is not a list\.$/,
    });
  }
  const { client } = pagedService(byPage, (_, calls) =>
    calls < 3 ? { body: requests(calls, calls + 1) } : { status: 403, body: {} },
  );
  await assert.rejects(client.signings(), { code: "forbidden" }, "half of a list is none");
  const missing = pagedService(byPage, () => ({ status: 404, body: {} }));
  await assert.rejects(missing.client.signings(), { code: "not-found" });
});
