// What is said of an input that does not let its judge speak: it hangs, or takes the process with it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { corpusOf } from "./targets.js";

const [kept] = corpusOf("link");
const file = /** @type {NonNullable<typeof kept>} */ (kept).file;

/** What a process says that watches itself while it does this. @param {string} does */
function said(does) {
  const from = JSON.stringify(new URL("./watch.js", import.meta.url).href);
  const script = `
    import { watch } from ${from};
    const watched = watch({ longestMs: 500 });
    watched.begin("link", ${JSON.stringify(file)});
    ${does}`;
  // It ends when its watcher has: both write to the same place.
  const { stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--max-old-space-size=50", "-e", script],
    {
      encoding: "utf8",
    },
  );
  return stderr;
}

for (const [what, does, why] of /** @type {const} */ ([
  ["hangs", "for (;;);", "it did not answer within 0.5 s"],
  ["aborts", "process.abort();", "it ended the process"],
  [
    "takes all memory",
    "const all = []; for (;;) all.push(new Array(1e5).fill(all.length));",
    "it ended the process",
  ],
])) {
  test(`an input that ${what} is named, with the command that shows it again`, () => {
    const told = said(does);
    const shown = file.slice(fileURLToPath(new URL("../..", import.meta.url)).length);
    assert.ok(
      told.includes(`link is broken by ${shown}\n  to see it again: npm run fuzz -- --target link`),
      told,
    );
    assert.ok(told.includes(why), told);
  });
}

test("of inputs that were judged, nothing is said", () => {
  assert.equal(said("watched.end();"), "");
});
