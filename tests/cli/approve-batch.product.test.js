// Which product is drawn beside each of several requests? The one that the approval is bound to, whatever stands in the
// fields that name it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { requestOf } from "../support/batch-service.js";
import { against } from "../support/batch-shell.js";
import { productOf } from "../support/fake-service.js";

/** The products by their ids, each with a name of its own. @param {Record<string, string>} names */
const named =
  (names) =>
  (/** @type {{ path: string }} */ { path }) => {
    const id = decodeURIComponent(path.match(/\/products\/([^/?]+)/)?.[1] ?? "");
    if (!id) return undefined;
    return names[id]
      ? { body: { ...productOf("registry.example"), id, name: names[id] } }
      : { status: 404, body: {} };
  };

/** The product's name that is drawn with each request. @param {any[]} requests @param {Record<string, string>} products */
async function drawn(requests, products) {
  const shell = await against(requests, named(products));
  try {
    const { stderr } = await shell.ocisign(shell.args("approve", "--batch", "nightly"));
    const parts = stderr.split(/^\d+\. {2}/m);
    const nameIn = (/** @type {string} */ text) => /product name\s+(.*?)(?: {2}\(|$)/m.exec(text)?.[1];
    const common = nameIn(parts[0] ?? "");
    return parts.slice(1).map((part) => nameIn(part) ?? common);
  } finally {
    shell.close();
  }
}

const kelvin = "\u212a";

for (const [
  what,
  changes,
  products,
  expected,
] of /** @type {[string, any[], Record<string, string>, unknown[]][]} */ ([
  [
    "an id and one that only other alphabets fold into it",
    [{ productId: "pk" }, { productId: `p${kelvin}` }],
    { pk: "Letter", [`p${kelvin}`]: "Kelvin" },
    ["Letter", "Kelvin"],
  ],
  [
    "the same in the other order",
    [{ productId: `p${kelvin}` }, { productId: "pk" }],
    { pk: "Letter", [`p${kelvin}`]: "Kelvin" },
    ["Kelvin", "Letter"],
  ],
  [
    "the dotless i, and the long s",
    [{ productId: "pi" }, { productId: "p\u0131" }, { productId: "ps" }, { productId: "p\u017f" }],
    { pi: "I", "p\u0131": "Dotless", ps: "S", "p\u017f": "Long" },
    ["I", "Dotless", "S", "Long"],
  ],
  [
    "one id in two spellings",
    [{ productId: "PK" }, { productId: "pk" }],
    { PK: "One", pk: "One" },
    ["One", "One"],
  ],
  [
    "operations that are no text",
    [
      { productId: "a", idProductOperation: 7 },
      { productId: "b", idProductOperation: { id: "o" } },
      { productId: "a", idProductOperation: null },
      { productId: "b", idProductOperation: ["o"] },
      { productId: "a", idProductOperation: undefined },
    ],
    { a: "A", b: "B" },
    ["A", "B", "A", "B", "A"],
  ],
])) {
  test(`${what}: each request is drawn with its own product`, async () => {
    const requests = changes.map((change, at) => requestOf(at + 1, change));
    assert.deepEqual(await drawn(requests, products), expected);
  });
}

for (const productId of [5, true, ["p"], { id: "p" }]) {
  test(`a product id of ${JSON.stringify(productId)} is drawn as not readable, and not as none`, async () => {
    const [first, second] = await drawn([requestOf(1), requestOf(2, { productId })], { p: "P" });
    assert.equal(first, "P");
    assert.match(second ?? "", /^\(not readable: .*its id is no text\.\)$/);
  });
}
