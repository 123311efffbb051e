// How measurements are told: tables for people, plain data for programs.
import { cpus } from "node:os";
import { median, ratio } from "./measure.js";

/**
 * @typedef {object} Result of one case
 * @property {string} topic @property {string} what @property {import("./topic.js").Unit} unit
 * @property {string} ours @property {number} value the median, an item
 * @property {number} least @property {number} highest the rounds' extremes
 * @property {number} [most] what it should take at most @property {boolean} [reached]
 * @property {string} [note]
 * @property {BesideResult[]} beside
 *
 * @typedef {object} BesideResult
 * @property {string} name @property {number} value @property {string} [note]
 * @property {number} ratio how many times as fast ours is, or as small @property {number} least @property {number} most
 * @property {number} [aim] @property {boolean} [reached]
 */

/**
 * @param {string} topic @param {import("./topic.js").Case} measured @param {import("./measure.js").Timing[]} timings
 * @returns {Result}
 */
export function reportOf(topic, { what, ours, beside, unit = "ns" }, [first, ...others]) {
  if (!first) throw new Error(`${what} was not measured`);
  const { name, note, most } = ours;
  const value = median(first.values);
  return {
    ...{ topic, what, unit, ours: name, note, value },
    ...{ least: Math.min(...first.values), highest: Math.max(...first.values) },
    ...(most !== undefined && { most, reached: value <= most }),
    beside: others.map((timing, at) => besideResult(first, timing, beside[at])),
  };
}

/**
 * @param {import("./measure.js").Timing} first @param {import("./measure.js").Timing} timing
 * @param {import("./topic.js").Beside | undefined} beside @returns {BesideResult}
 */
function besideResult(first, timing, { aim, note } = { name: timing.name }) {
  const { median: times, least, most } = ratio(first, timing);
  return {
    ...{ name: timing.name, value: median(timing.values), note, ratio: times, least, most },
    ...(aim !== undefined && { aim, reached: times >= aim }),
  };
}

/** @param {Result[]} results */
export function tableOf(results) {
  const rows = [["", "ours", "beside", "theirs", "ours is", "rounds", "aim"], ...results.flatMap(rowsOf)];
  const columns = rows.filter((row) => row.length > 1);
  const widths = (columns[0] ?? []).map((_, at) => Math.max(...columns.map((row) => row[at]?.length ?? 0)));
  const padded = (/** @type {string[]} */ row) =>
    row.map((cell, at) => (row.length > 1 ? cell.padEnd(widths[at] ?? 0) : cell));
  return rows.map((row) => padded(row).join("  ").trimEnd()).join("\n");
}

/** @param {Result} result @returns {string[][]} notes are rows of one cell */
function rowsOf({ what, unit, ours, value, least, highest, most, reached, note, beside }) {
  const extremes = `${quantity(least, unit)} to ${quantity(highest, unit)}`;
  const limit = most === undefined ? "" : `at most ${quantity(most, unit)}${missed(reached)}`;
  const first = [what, quantity(value, unit)];
  const better = unit === "ns" ? "as fast" : "as good";
  const others = beside.map((it, at) => [
    ...(at === 0 ? first : ["", ""]),
    ...[it.name, quantity(it.value, unit), `${figure(it.ratio)}x ${better}`],
    ...[
      `${figure(it.least)} to ${figure(it.most)}`,
      it.aim === undefined ? "" : `${figure(it.aim)}x${missed(it.reached)}`,
    ],
  ]);
  const alone = beside.length === 0 || limit ? [[...first, "", "", "", extremes, limit]] : [];
  const notes = [{ name: ours, note }, ...beside].filter((it) => it.note);
  return [...alone, ...others, ...notes.map((it) => [`  ${it.name}: ${it.note}`])];
}

/** @param {boolean | undefined} reached */
function missed(reached) {
  return reached ? "" : " (missed)";
}

/** @param {number} value @param {import("./topic.js").Unit} unit */
export function quantity(value, unit) {
  if (unit === "count") return figure(value);
  const [names, step] = unit === "ns" ? [["ns", "µs", "ms", "s"], 1000] : [["bytes", "KB", "MB", "GB"], 1000];
  let at = 0;
  let rest = value;
  while (Math.abs(rest) >= step && at < names.length - 1) {
    rest /= step;
    at += 1;
  }
  return `${figure(rest)} ${names[at]}`;
}

/** Three digits that count. @param {number} number */
export function figure(number) {
  return number >= 100 ? Math.round(number).toLocaleString("en") : String(Number(number.toPrecision(3)));
}

export function machine() {
  const all = cpus();
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${all.length} x ${all[0]?.model ?? "unknown"}`;
}
