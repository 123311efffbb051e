// The little of Rego that two consumers have in common: a key that counts while a time lasts.
import type { CountingKey, Span } from "./plan.ts";
import { inJson } from "./written.ts";

/**
 * Rules that put the names of the keys that signed, and count now, into a set.
 *
 * @param set its name @param keys at least one @param hasSigned says that a key has
 * @param about under which other conditions a key counts
 */
export function countingSet(
  set: string,
  keys: readonly CountingKey[],
  hasSigned: (key: CountingKey) => string,
  about = (_: CountingKey): readonly string[] => [],
): string {
  const rules = keys.flatMap((key) =>
    [
      ...key.spans.map((span) => [hasSigned(key), ...during(span)]),
      ...about(key).map((condition) => [hasSigned(key), condition]),
    ].map(
      (conditions) =>
        `${set} contains ${inJson(key.label)} if {\n${conditions.map((line) => `  ${line}\n`).join("")}}\n`,
    ),
  );
  return rules.join("\n");
}

function during({ from, until }: Span): readonly string[] {
  return [
    ...(from === undefined ? [] : [`${now} >= ${seconds(from)}`]),
    ...(until === undefined ? [] : [`${now} < ${seconds(until)}`]),
  ];
}

const now = "time.now_ns() / 1000000000";

/** Rego's own reader of times knows none after the year 2262. */
function seconds(moment: string): string {
  return `${new Date(moment).getTime() / 1000} # ${moment}`;
}
