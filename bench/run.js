// Everything that is said of speed, measured side by side in one run. tools/tasks/bench.js prepares what it needs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sideBySide } from "./lib/measure.js";
import { machine, reportOf, tableOf } from "./lib/report.js";

/**
 * @typedef {import("./lib/measure.js").Patience & { topics: string[], json: string }} Wanted
 *
 * @param {Wanted} wanted @param {Omit<import("./lib/topic.js").Context, "folder">} programs
 */
export async function bench({ topics, json, ...patience }, programs) {
  const folder = mkdtempSync(join(tmpdir(), "ocisign-bench-"));
  /** @type {import("./lib/report.js").Result[]} */
  const results = [];
  try {
    console.log(machine());
    for (const name of topics) {
      /** @type {{ topic: import("./lib/topic.js").Topic }} */
      const { topic } = await import(`./topics/${name}.js`);
      console.log(`\n${topic.title}`);
      const measured = await measureTopic(topic, patience, { ...programs, folder });
      console.log(tableOf(measured));
      results.push(...measured);
    }
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify({ machine: machine(), ...patience, results }, null, 2)}\n`);
    console.log(`\nThe figures are in ${json}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import("./lib/topic.js").Topic} topic @param {import("./lib/measure.js").Patience} patience
 * @param {import("./lib/topic.js").Context} context
 */
async function measureTopic(topic, { rounds, ms }, context) {
  const measured = [];
  try {
    for (const it of await topic.cases(context)) {
      const patience = { rounds: Math.min(rounds, it.rounds ?? rounds), ms: it.ms ?? ms };
      try {
        measured.push(reportOf(topic.name, it, await sideBySide([it.ours, ...it.beside], patience)));
      } finally {
        await it.close?.();
      }
    }
  } finally {
    await topic.close?.();
  }
  return measured;
}
