// A property that holds for whatever fast-check thinks of. A failure says what was thought of, and how to see it again.
import { relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { root } from "../../tools/machine/command.js";
import { newSeed } from "../support/random.js";

const seed = newSeed() | 0;

/**
 * @param {string} file the test's own URL @param {string} what
 * @param {fc.IRawProperty<unknown>} property @param {number} [runs]
 */
export function holds(file, what, property, runs = 300) {
  test(what, async (t) => {
    t.diagnostic(`OCISIGN_SEED=${seed}`);
    const found = await fc.check(/** @type {fc.IAsyncProperty<unknown>} */ (property), {
      seed,
      numRuns: runs,
    });
    if (!found.failed) return;
    const command = `OCISIGN_SEED=${seed} node --test ${relative(root, fileURLToPath(file))}`;
    const cause = found.errorInstance;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `${what}: not for ${fc.stringify(found.counterexample)}: ${why} To see it again: ${command}`,
      {
        cause,
      },
    );
  });
}
