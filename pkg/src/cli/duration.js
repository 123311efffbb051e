import { InvalidArgumentError } from "commander";

const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a text such as `90s`, `30m` or `2h`. @param {string} text */
export function readDuration(text) {
  const [, amount, name = "s"] = text.match(/^(\d+(?:\.\d+)?)(ms|s|m|h)?$/) ?? [];
  const ms = Number(amount) * unit[/** @type {keyof typeof unit} */ (name)];
  if (ms > 0 && Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError("Write a time above 0, such as 90s, 30m or 2h.");
}

/** The same the other way round, for a person. @param {number} ms */
export function writeDuration(ms) {
  if (ms < 1000) return `${ms}ms`;
  for (const [name, size] of /** @type {const} */ ([
    ["h", unit.h],
    ["m", unit.m],
  ])) {
    if (ms % size === 0) return `${ms / size}${name}`;
  }
  return `${ms / 1000}s`;
}
