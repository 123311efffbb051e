// Is a part of what was shown what it would be if only that had been read, and does a decision about it stay bound to it?
import assert from "node:assert/strict";
import { test } from "node:test";
import { approveBatch, partOfBatch, readBatch } from "ocisign";
import { all, batchService, idOf, registry, requestOf } from "../support/batch-service.js";
import { productOf } from "../support/fake-service.js";

const requests = () => [1, 2, 3, 4].map((n) => requestOf(n, n === 4 ? { productId: "q" } : {}));
const products = { p: productOf(registry), q: productOf(registry) };

test("a part is what reading only that would give, and nothing is read for it", async () => {
  const { client, asked } = batchService(requests(), { products });
  const shown = await readBatch(client, { ids: [1, 2, 3, 4].map(idOf) });
  const before = asked.length;
  const part = await partOfBatch(client, shown, [idOf(3), idOf(1), idOf(3).toUpperCase()]);
  assert.equal(asked.length, before);
  const alone = await readBatch(client, { ids: [1, 3].map(idOf) });
  assert.deepEqual(part, alone);
  assert.notEqual(part.hash, shown.hash);
  assert.deepEqual(
    part.products.map(({ id }) => id),
    ["p"],
  );
});

test("a decision about a part is bound to what was shown", async () => {
  const { client, held, posts } = batchService(requests(), { products });
  const shown = await readBatch(client, { ids: [1, 2, 3].map(idOf) });
  const part = await partOfBatch(client, shown, [1, 2].map(idOf));
  held.get(idOf(2)).description = "another";
  await assert.rejects(all(approveBatch(client, part, { confirm: shown.words })), { code: "changed" });
  const outcomes = await all(approveBatch(client, part, { confirm: part.words, by: { objectId: "me" } }));
  assert.deepEqual(outcomes.map(({ id, state }) => [id, state]).sort(), [
    [idOf(1), "approved"],
    [idOf(2), "changed"],
  ]);
  assert.deepEqual(
    posts().map(({ id }) => id),
    [idOf(1)],
  );
});

test("what is no part is refused", async () => {
  const { client } = batchService(requests(), { products });
  const shown = await readBatch(client, { ids: [1, 2].map(idOf) });
  for (const ids of [[], [idOf(3)], [idOf(1), 7], "x", undefined, [""]]) {
    await assert.rejects(
      partOfBatch(client, shown, /** @type {any} */ (ids)),
      { code: "bad-input" },
      JSON.stringify(ids),
    );
  }
  for (const wrong of [undefined, {}, { requests: [] }, "x"]) {
    await assert.rejects(partOfBatch(client, /** @type {any} */ (wrong), [idOf(1)]), { code: "bad-input" });
  }
  await assert.rejects(partOfBatch(/** @type {any} */ ({}), shown, [idOf(1)]), { code: "bad-input" });
});
