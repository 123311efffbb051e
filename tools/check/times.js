// How long each job took last time, for this user in any checkout: what takes long has to begin first.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { cached } from "../machine/cache.js";

const file = cached("seconds.json");

/** @returns {Record<string, number>} seconds, by a job's name */
export function readTimes() {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Nothing was measured here yet. The order is then another, and all runs the same.
    return {};
  }
}

/** @param {Record<string, number>} measured */
export function keepTimes(measured) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...readTimes(), ...measured }, undefined, 1)}\n`);
}
