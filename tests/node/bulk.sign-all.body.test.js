// Is what a run posts for an image exactly what a single request of it would post?
import assert from "node:assert/strict";
import { test } from "node:test";
import { images, keepingService, outcomesOf, product } from "../support/keeping-service.js";

for (const more of [
  {},
  { mark: false },
  { name: "N", description: "D", metadata: [{ name: "a", value: "ü" }] },
]) {
  test(`byte for byte, with ${JSON.stringify(more)}`, async () => {
    /** @type {string[]} */
    const bodies = [];
    const service = keepingService();
    const client = service.client({
      fetch: (url, init) => {
        if (init.method === "POST") bodies.push(String(init.body));
        return service.fetch(url, init);
      },
    });
    const list = images(3);
    await outcomesOf(client.signAll(list, { product, concurrency: 1, ...more }));
    const { mark: _, ...words } = /** @type {any} */ (more);
    for (const [n, artifact] of list.entries()) {
      const { metadata } = JSON.parse(bodies[n] ?? "").payload;
      await client.requestSigning({ ...words, product, artifact, metadata });
      assert.equal(bodies[n], bodies.at(-1));
    }
    assert.equal(bodies.length, 6);
  });
}
