// Gives a target one input again: `node tests/fuzz/replay.js TARGET FILE`.
import { readFileSync } from "node:fs";
import { targets } from "./targets.js";

const [target = "", file] = process.argv.slice(2);
if (!targets.includes(target) || file === undefined) {
  console.error(
    `Usage: node tests/fuzz/replay.js TARGET FILE, with one of these targets: ${targets.join(", ")}.`,
  );
  process.exit(2);
}
/** @type {import("./targets.js").Target} */
const { judge } = await import(`./targets/${target}.js`);
await judge(readFileSync(file));
console.log(`${target} has judged ${file} as it should.`);
