// Lists in pages, each in its way: does the client read all of them, or the page that it is asked for?
import assert from "node:assert/strict";
import { test } from "node:test";
import { base, idsOf, pagedService, requests } from "../support/paged-service.js";

const total = 7;
const all = idsOf(requests(0, total));
const size = 3;

/** So much of the list as a service gives at once. @param {number} from @param {unknown} [asked] */
const page = (from, asked) => requests(from, Math.min(from + Math.min(Number(asked ?? size), size), total));

const number = (/** @type {URL} */ url, /** @type {string} */ name) =>
  Number(url.searchParams.get(name) ?? 0);

/** By the name of the way: how the profile says it, and how the service answers. @type {Record<string, [import("ocisign").ListForm, (url: URL) => any]>} */
const ways = {
  offset: [
    { paging: { offset: "skip", limit: "take" } },
    (url) => ({ body: page(number(url, "skip"), url.searchParams.get("take")) }),
  ],
  page: [
    { items: "data.rows", paging: { page: "p", limit: "n" } },
    (url) => {
      const asked = Math.min(number(url, "n") || size, size);
      return { body: { data: { rows: page((number(url, "p") - 1) * asked, asked) } } };
    },
  ],
  "page from 0": [
    { paging: { page: "page[number]", first: 0 } },
    (url) => ({ body: page(number(url, "page[number]") * size) }),
  ],
  "page, with 404 behind the last one": [
    { paging: { page: "p" } },
    (url) => {
      const body = page((number(url, "p") - 1) * size);
      return body.length > 0 ? { body } : { status: 404, body: {} };
    },
  ],
  "next, as a path": [
    { items: "items", paging: { next: "links.next", limit: "n" } },
    (url) => {
      const from = number(url, "after");
      const items = page(from, url.searchParams.get("n"));
      const end = from + items.length;
      return { body: { items, links: { next: end < total ? `${url.pathname}?after=${end}` : null } } };
    },
  ],
  "next, as a URL, with an empty page in between": [
    { items: "items", paging: { next: "next" } },
    (url) => {
      const from = number(url, "after");
      if (from === size && !url.searchParams.has("again")) {
        return { body: { items: [], next: `${base}/imagesignings?after=${from}&again=1` } };
      }
      const end = Math.min(from + size, total);
      return {
        body: { items: page(from), ...(end < total && { next: `${base}/imagesignings?after=${end}#x` }) },
      };
    },
  ],
  "next, as a query alone": [
    { items: "items", paging: { next: "next" } },
    (url) => {
      const end = number(url, "after") + size;
      return { body: { items: page(end - size), next: end < total ? `?after=${end}` : "" } };
    },
  ],
  Link: [
    { paging: { header: "Link", limit: "per_page" } },
    (url) => {
      const from = number(url, "after");
      const body = page(from, url.searchParams.get("per_page"));
      const end = from + body.length;
      const others =
        '</first>; rel="first", <https://other.example/a,b;rel=next>; rel="last"; title="rel=\\"next\\""';
      return { body, link: end < total ? `${others}, <?after=${end}>; REL="prefetch NEXT"` : others };
    },
  ],
};

for (const [way, [form, answer]] of Object.entries(ways)) {
  test(`${way}: all pages, each once`, async () => {
    const { client, asked } = pagedService(form, answer);
    const list = await client.signings();
    assert.deepEqual(idsOf(list), all);
    assert.deepEqual(list.unreadable, []);
    assert.equal(new Set(asked).size, asked.length);
    assert.ok(asked.every((url) => url.startsWith("/imagesignings")));
  });

  test(`${way}: from any place, and nothing behind the end`, async () => {
    for (let offset = 0; offset < total; offset++) {
      const { client } = pagedService(form, answer);
      for (const limit of [1, 2, 100]) {
        const ids = idsOf(await client.signings({ limit, offset }));
        assert.ok(ids.length > 0 && ids.length <= limit, `${offset} ${limit}`);
        assert.deepEqual(ids, all.slice(offset, offset + ids.length));
      }
    }
    const { client } = pagedService(form, answer);
    for (const offset of [total, total + 1, 1000]) {
      assert.deepEqual(idsOf(await client.signings({ limit: 2, offset })), [], String(offset));
    }
    assert.deepEqual(idsOf(await client.signings({ offset: 5 })).at(0), "r5");
  });

  test(`${way}: page by page, as a queue reads, each page is asked for once`, async () => {
    const { client, asked } = pagedService(form, answer);
    const ids = [];
    for (;;) {
      const some = await client.signings({ limit: 500, offset: ids.length });
      if (some.length === 0) break;
      ids.push(...idsOf(some));
    }
    assert.deepEqual(ids, all);
    assert.equal(new Set(asked).size, asked.length, asked.join(" "));
  });
}

test("a filter goes along to each page that we name", async () => {
  const { client, asked } = pagedService({ paging: { page: "p", limit: "n" } }, (url) => ({
    body: number(url, "p") < 3 ? requests(number(url, "p"), number(url, "p") + 1) : [],
  }));
  await client.signings({ status: 2, "a b": "c+d" });
  assert.deepEqual(
    asked,
    [1, 2, 3].map((p) => `/imagesignings?status=2&a%20b=c%2Bd&p=${p}`),
  );
});

test("a filter by a name that the paging has is refused, and so is no number", async () => {
  const { client, asked } = pagedService({ paging: { page: "p", limit: "n" } }, () => ({ body: [] }));
  for (const filter of [{ p: 1 }, { n: 1 }, { limit: "many" }, { offset: "1.5" }]) {
    await assert.rejects(client.signings(filter), { code: "bad-input" });
  }
  assert.deepEqual(asked, []);
});

test("what moved to the next page meanwhile is there once; what comes twice in one page is told", async () => {
  const pages = [requests(0, 3), [...requests(2, 5), { id: "R4", status: 2 }], []];
  const { client } = pagedService({ paging: { offset: "o" } }, (_, calls) => ({ body: pages[calls - 1] }));
  const list = await client.signings();
  assert.deepEqual(idsOf(list), idsOf(requests(0, 5)));
  assert.deepEqual(
    list.unreadable.map(({ id }) => id),
    ["R4"],
  );
});

test("a place that the service has forgotten is found again from the beginning", async () => {
  let epoch = 1;
  const { client, asked } = pagedService({ items: "i", paging: { next: "n" } }, (url) => {
    const [age = epoch, from = 0] = (url.searchParams.get("c") ?? "").split("-").filter(Boolean).map(Number);
    if (age !== epoch) return { status: 400, body: { message: "the cursor has expired" } };
    const end = from + size;
    return { body: { i: page(from), n: end < total ? `?c=${epoch}-${end}` : null } };
  });
  assert.deepEqual(idsOf(await client.signings({ limit: 9, offset: 3 })), ["r3", "r4", "r5"]);
  epoch = 2;
  assert.deepEqual(idsOf(await client.signings({ limit: 9, offset: 6 })), ["r6"]);
  assert.equal(asked.filter((url) => url.includes("c=2-")).length, 2);
});

test("without a word about pages, limit and offset are the reference's, and a header Link is followed", async () => {
  const { client, asked } = pagedService(undefined, (url) => {
    const from = number(url, "offset");
    return {
      body: page(from),
      link: from + size < total ? `<${url.pathname}?offset=${from + size}>; rel=next` : undefined,
    };
  });
  assert.deepEqual(idsOf(await client.signings({ productId: "p" })), all);
  assert.equal(asked[0], "/imagesignings?productId=p");
  assert.equal(asked.length, 3, "the first page is not read twice");
  assert.deepEqual(idsOf(await client.signings({ limit: 2, offset: 3 })), ["r3", "r4", "r5"]);
  assert.equal(asked.at(-1), "/imagesignings?limit=2&offset=3");
  assert.equal(asked.length, 4, "nor a page that is one");
});
