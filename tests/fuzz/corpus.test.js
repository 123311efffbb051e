// Each kept input, given to its target once more: what was mended stays so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { finding } from "../../tools/check/fuzz-finding.js";
import { corpusOf, targets } from "./targets.js";
import { watch } from "./watch.js";

const watched = watch();

for (const target of targets) {
  test(`${target}: nothing that was kept breaks it`, async () => {
    /** @type {import("./targets.js").Target} */
    const { judge } = await import(`./targets/${target}.js`);
    const corpus = corpusOf(target);
    assert.ok(corpus.length > 0, `${target} has no corpus`);
    /** @type {string[]} */
    const broken = [];
    /** @type {unknown[]} */
    const causes = [];
    for (const { file, input } of corpus) {
      watched.begin(target, file);
      try {
        await judge(input);
      } catch (cause) {
        broken.push(finding(target, file, cause instanceof Error ? cause.message : String(cause)));
        causes.push(cause);
      }
    }
    watched.end();
    if (broken.length > 0) throw new Error(broken.join("\n\n"), { cause: causes[0] });
  });
}
