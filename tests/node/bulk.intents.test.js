// Is each image written down before it is posted, in whatever order the images come to be posted?
import assert from "node:assert/strict";
import { test } from "node:test";
import { images, keepingService, memoryJournal, outcomesOf, product } from "../support/keeping-service.js";
import { keyPair } from "../support/signatures.js";

test("the first image is looked for in its registry for longer than the others", async () => {
  const list = images(300);
  const journal = memoryJournal();
  /** @type {string[]} */
  const unwritten = [];
  let letGo = () => {};
  const held = new Promise((/** @type {(value: void) => void} */ resolve) => {
    letGo = resolve;
  });
  const service = keepingService({
    fault: ({ method, image }) => {
      if (method !== "POST") return;
      const index = list.indexOf(String(image));
      const isWritten = journal.records.some(
        (record) => record.kind === "intent" && record.from <= index && index < record.to,
      );
      if (!isWritten) unwritten.push(`${index}`);
      if (service.posts().length > 280) letGo();
    },
  });
  /** @type {import("ocisign").Fetch} */
  const fetch = async (url) => {
    if (/app-[0-9]\//.test(url)) await held;
    const body = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] });
    return new Response(body, { status: 404, headers: { "content-type": "application/json" } });
  };
  const options = { product, journal, registry: { fetch }, keys: [keyPair("P-256").pem] };
  const { error } = await outcomesOf(service.client().signAll(list, options));
  assert.equal(error, undefined);
  assert.deepEqual(service.kept(), [...list].sort());
  assert.deepEqual(unwritten, []);
});
