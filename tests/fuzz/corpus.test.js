// Each kept input, given to its target once more: what was mended stays so.
import assert from "node:assert/strict";
import { relative } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/machine/command.js";
import { corpusOf, reproducing, targets } from "./targets.js";

for (const target of targets) {
  test(`${target}: nothing that was kept breaks it`, async () => {
    /** @type {import("./targets.js").Target} */
    const { judge } = await import(`./targets/${target}.js`);
    const corpus = corpusOf(target);
    assert.ok(corpus.length > 0, `${target} has no corpus`);
    for (const { file, input } of corpus) {
      const name = relative(root, file);
      try {
        await judge(input);
      } catch (cause) {
        throw new Error(`${target} is broken by ${name}. To see it again: ${reproducing(target, name)}`, {
          cause,
        });
      }
    }
  });
}
