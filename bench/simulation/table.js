// How a simulation is told.
import { quantity } from "../lib/report.js";

/**
 * @param {Omit<import("./simulate.js").Scenario, "workers">} scenario
 * @param {(import("./simulate.js").Result & { workers: number })[]} results @param {number} bytes that an image costs
 */
export function simulationTable({ images, rate, burst, concurrency, seed }, results, bytes) {
  const ideal = images / rate;
  const head = ["machines", "time", "requests", "429", "of the limit", "first ready", "fairness", "bytes"];
  const rows = results.map((it) => [
    it.workers.toLocaleString("en"),
    duration(it.seconds),
    it.requests.toLocaleString("en"),
    `${it.refused.toLocaleString("en")} (${percent(it.refused / it.requests)})`,
    percent(it.utilisation),
    percent(it.firstEnd),
    it.fairness.toFixed(3),
    quantity(images * bytes, "bytes"),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const what = `${images.toLocaleString("en")} images, ${rate} requests a second (${burst} at once), ${concurrency} under way a machine, seed ${seed}`;
  return [what, `The limit alone takes ${duration(ideal)}.`, "", ...lines].join("\n");
}

/** @param {number} part */
function percent(part) {
  return `${(100 * part).toFixed(1)} %`;
}

/** @param {number} seconds */
function duration(seconds) {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
