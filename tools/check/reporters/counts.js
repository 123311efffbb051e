// A reporter for Node's test runner: one line of JSON, { passed, failed, skipped, wrong }, when all tests have ended.
// `wrong` has a line for each test that failed: its name, and the first words of why.
import { resolve } from "node:path";

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* counts(events) {
  /** @type {{ passed: number, failed: number, skipped: number, wrong?: string[] }} */
  const counted = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A group is no test; it fails of itself only where its hooks do, and then the run's exit code tells.
    if (data.details?.type === "suite") continue;
    const isFile = resolve(data.name) === data.file;
    if (data.skip !== undefined || data.todo !== undefined) counted.skipped += 1;
    else if (type === "test:fail") {
      counted.failed += 1;
      counted.wrong = [...(counted.wrong ?? []), `${data.name}: ${why(data.details?.error)}`];
    }
    // Of a file in which no test is, Node says that the file passed.
    else if (!isFile) counted.passed += 1;
  }
  yield `${JSON.stringify(counted)}\n`;
}

/** What a line has room for. */
const longest = 300;

/** @param {any} error as the runner passes it on: what was thrown is its cause */
function why(error) {
  const { message = String(error) } = error?.cause ?? error ?? {};
  return inShort(String(message));
}

/** As one line. @param {string} text */
export function inShort(text) {
  return text.replace(/\s+/g, " ").slice(0, longest);
}
