// A file of tests for Node, as a job. What came of it is read from a reporter of ours, never from what is printed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { finish, root } from "../machine/command.js";

/** A file that hangs is ended after this. */
const mostMs = 10 * 60_000;

export const noTests = { passed: 0, failed: 0, skipped: 0 };

/** Each file of a folder. @param {string} folder */
export function testFiles(folder) {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".test.js"));
  if (names.length === 0) throw new Error(`there are no tests in ${folder}`);
  return names.sort().map((name) => `${folder}/${name}`);
}

/**
 * @param {string} file
 * @param {Pick<import("./pool.js").Job, "after" | "alone" | "isTimed" | "waits"> & { env?: Record<string, string> }} [options]
 * @returns {import("./pool.js").Job}
 */
export function nodeTestJob(file, { after, alone, isTimed, waits, env } = {}) {
  return { name: file, after, alone, isTimed, waits, run: () => runFile(file, env) };
}

/** @param {string} file @param {Record<string, string>} [env] */
async function runFile(file, env) {
  const folder = mkdtempSync(join(tmpdir(), "ocisign-counts-"));
  try {
    const counts = join(folder, "counts.json");
    const told = [`--test-reporter=${reporter("told")}`, "--test-reporter-destination=stdout"];
    const counted = [`--test-reporter=${reporter("counts")}`, `--test-reporter-destination=${counts}`];
    const args = ["--test", `--test-timeout=${mostMs}`, ...told, ...counted, file];
    // Told by it that it runs within a test, as it does in our own tests of this, Node would run nothing.
    const finished = await finish(process.execPath, args, { env: { ...env, NODE_TEST_CONTEXT: undefined } });
    return judge(readCounts(counts), finished);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} name */
function reporter(name) {
  return fileURLToPath(new URL(`reporters/${name}.js`, import.meta.url));
}

/** @param {string} file of the reporter, which a runner that crashed did not write */
function readCounts(file) {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return text ? JSON.parse(text) : noTests;
}

/**
 * Tests that crashed, or that did not run at all, count no failure of their own and must not pass for a success.
 *
 * @param {{ passed: number, failed: number, skipped: number }} counts
 * @param {import("../machine/command.js").Finished} finished
 * @returns {import("./pool.js").Outcome}
 */
export function judge(counts, { code, output }) {
  const told = { ...counts, output };
  if (code !== 0 && counts.failed === 0) return { ...told, failed: 1, problem: `ended with code ${code}` };
  if (counts.passed + counts.failed + counts.skipped === 0)
    return { ...told, failed: 1, problem: "no test ran" };
  return told;
}
