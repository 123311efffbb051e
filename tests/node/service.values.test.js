// A reply of few bytes may hold so many values that no memory is left to read them: it is left as one that is too long.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { SigningClient } from "ocisign";
import { listening } from "../support/listening.js";

/** @type {import("node:http").RequestListener} */
let answer;
/** @type {Awaited<ReturnType<typeof listening>>} */
let at;
/** @type {SigningClient} */
let client;
before(async () => {
  at = await listening(createServer((request, response) => answer(request, response)));
  client = new SigningClient({
    baseUrl: `http://127.0.0.1:${at.port}/acme/api/v1`,
    token: () => "the-token",
  });
});
after(() => at?.close());

const most = 16 * 1024 * 1024;
/** @param {string} element @param {number} count */
const listOf = (element, count) => Buffer.from(`[${`${element},`.repeat(count - 1)}${element}]`);

/** How it comes. @type {Record<string, (text: Buffer) => import("node:http").RequestListener>} */
const ways = {
  packed: (text) => {
    const packed = gzipSync(text, { level: 1 });
    return (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed);
  },
  "with its length": (text) => (_, response) =>
    response.writeHead(200, { "content-length": text.length }).end(text),
  "without its length": (text) => (_, response) => response.writeHead(200).end(text),
};

/** An element, and how many values begin with it. @type {Record<string, [element: string, each: number]>} */
const elements = {
  packed: ["{}", 2],
  "with its length": ['{"a":0,"b":[]}', 4],
  "without its length": ["0", 1],
};

for (const [way, answered] of Object.entries(ways)) {
  test(`too many values, ${way}, are refused`, async () => {
    const [element, each] = elements[way] ?? assert.fail(way);
    answer = answered(listOf(element, most / each + 1));
    await assert.rejects(client.signings(), { code: "bad-reply", message: /16777216 values/ });
  });

  test(`a list of thousands with many fields, ${way}, is read`, async () => {
    const more = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`field${n}`, [n, { n }]]));
    const requests = Array.from({ length: 10_000 }, (_, n) => ({ id: `r${n}`, status: 16, ...more }));
    answer = answered(Buffer.from(JSON.stringify(requests)));
    const list = await client.signings();
    assert.deepEqual([list.length, list.unreadable.length, list[9_999]?.id], [10_000, 0, "r9999"]);
  });
}
