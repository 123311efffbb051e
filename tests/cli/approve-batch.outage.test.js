// A service that fails while a batch is read to be shown: the reading waits for it, and an outage is no refusal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { requestOf } from "../support/batch-service.js";
import { against, wordsIn } from "../support/batch-shell.js";

const several = (/** @type {number} */ count) => Array.from({ length: count }, (_, n) => requestOf(n + 1));

for (const [what, part] of /** @type {[string, RegExp][]} */ ([
  ["their product", /\/products\//],
  ["one of them", /imagesignings\/[^/?]+1$/],
  ["the list", /imagesignings(?:\?|$)/],
])) {
  test(`an outage while it reads ${what} is waited for: all are shown, and can be approved`, async () => {
    // Each reading tries four times by itself.
    let left = 6;
    const fake = await against(several(5), ({ method, path }) => {
      if (method !== "GET" || !part.test(path) || left === 0) return undefined;
      left -= 1;
      return { status: 502, body: "<html>Bad gateway</html>" };
    });
    try {
      const shown = await fake.ocisign(fake.args("approve", "--batch", "nightly"));
      assert.equal(shown.code, 2, shown.stderr);
      assert.match(wordsIn(shown.stderr), /^5 /);
      assert.doesNotMatch(shown.stderr, /cannot be approved|could not be read/);
    } finally {
      fake.close();
    }
  });
}

test("an outage that lasts longer than --patience: it is told as one, and nobody is told to reject", async () => {
  const fake = await against(several(5), ({ path }) =>
    path.includes("/products/") ? { status: 502, body: {} } : undefined,
  );
  try {
    const ended = await fake.ocisign(fake.args("approve", "--batch", "nightly", "--patience", "1ms"));
    assert.notEqual(ended.code, 0);
    assert.match(ended.stderr, /The product of 5 open requests could not be read: /);
    assert.match(ended.stderr, /Run the command again/);
    assert.doesNotMatch(ended.stderr, /Reject them/);
    assert.equal(fake.posts().length, 0);
  } finally {
    fake.close();
  }
});
