import { InvalidArgumentError } from "commander";

const second = 1000;
const units: Readonly<Record<string, number>> = { ms: 1, s: second, m: 60 * second, h: 3600 * second };

/** Milliseconds of a text such as `90s`, `30m` or `2h`. */
export function readDuration(text: string): number {
  const [, amount, name = "s"] = text.match(/^(\d+(?:\.\d+)?)(ms|s|m|h)?$/) ?? [];
  const ms = Number(amount) * (units[name] ?? Number.NaN);
  if (ms > 0 && Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError("Write a time above 0, such as 90s, 30m or 2h.");
}

/** The same the other way round, for a person. */
export function writeDuration(ms: number): string {
  if (ms < second) return `${ms}ms`;
  const [name, size] = [["h", 3600 * second] as const, ["m", 60 * second] as const].find(
    ([, size]) => ms % size === 0,
  ) ?? ["s", second];
  return `${ms / size}${name}`;
}
