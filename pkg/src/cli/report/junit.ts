// JUnit's XML, which every CI shows. It fits the schema of Ant's reports and the one of Jenkins. Written by hand: the
// libraries that write it keep all of it in memory, and five characters are all that there is to escape.
import { visible } from "../../shown/visible.ts";
import { endOf, type ReportEntry, type ReportedState, whyOf } from "./entry.ts";
import type { Format } from "./format.ts";

/** A test that passed, one that failed, one that could not be decided, or one that was not made. */
type Verdict = "passed" | "failure" | "error" | "skipped";

/** What could not be found out is no failure of the image. What waits is not decided yet. */
const verdicts = {
  signed: "passed",
  verified: "passed",
  approved: "passed",
  rejected: "failure",
  failed: "failure",
  invalid: "failure",
  changed: "failure",
  conflict: "failure",
  forbidden: "failure",
  unsigned: "failure",
  unexplained: "error",
  doubtful: "error",
  unreachable: "error",
  waiting: "skipped",
  skipped: "skipped",
  notTried: "skipped",
} as const satisfies Record<ReportedState, Verdict>;

/** As many digits as a count may have; the head keeps its length. */
const mostDigits = 10;

export function junit(): Format {
  const counts: Record<Verdict, number> = { passed: 0, failure: 0, error: 0, skipped: 0 };
  const begun = performance.now();
  // The schema wants no time zone.
  const timestamp = new Date().toISOString().slice(0, 19);
  return {
    isLive: true,
    head() {
      const { passed, failure, error, skipped } = counts;
      const numbers = [
        `tests="${passed + failure + error + skipped}"`,
        `failures="${failure}" errors="${error}" skipped="${skipped}"`,
        `time="${seconds(performance.now() - begun)}"`,
      ].join(" ");
      const first = `name="ocisign" package="ocisign" id="0" timestamp="${timestamp}" hostname="localhost"`;
      return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<testsuites>",
        // Blanks within a tag say nothing.
        `<testsuite ${first} ${numbers.padEnd(numbersWidth)}>`,
        // One of the schemas wants a property.
        '<properties><property name="format" value="1"/></properties>\n',
      ].join("\n");
    },
    entry(entry) {
      const verdict = entry.isWanted ? "passed" : verdicts[endOf(entry)];
      counts[verdict] += 1;
      const { reference, ms = 0 } = entry;
      const open = `<testcase classname="ocisign" name="${xml(reference)}" time="${seconds(ms)}"`;
      return verdict === "passed" ? `${open}/>\n` : `${open}>${told(verdict, entry)}</testcase>\n`;
    },
    tail: "<system-out/>\n<system-err/>\n</testsuite>\n</testsuites>\n",
  };
}

const numbersWidth =
  'tests="" failures="" errors="" skipped="" time=""'.length + 5 * mostDigits + ".000".length;

function told(verdict: Verdict, entry: ReportEntry): string {
  const { code, message, fix } = whyOf(entry);
  const lines = [`${entry.state}: ${message}`, fix, entry.id === undefined ? "" : `request ${entry.id}`];
  const text = lines.filter(Boolean).map(xml).join("\n");
  // One of the schemas knows no attribute of what was skipped.
  if (verdict === "skipped") return `<skipped>${text}</skipped>`;
  return `<${verdict} type="${xml(code)}" message="${xml(message)}">${text}</${verdict}>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for an attribute or an element. What XML 1.0 has no character for (§ 2.2) is written out, as all that hides. */
function xml(text: string): string {
  return visible(text)
    .replace(/[&<>"']/g, (character) => entities[character] ?? "")
    .replace(notXml, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
