// What the page for approvers costs a person who opens it for the first time.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../../demo/sandbox.js";
import { launchChromium } from "../../tools/machine/browser.js";
import { slow3G, visit } from "../../tools/machine/visit.js";
import { serve } from "../lib/static-server.js";

const www = fileURLToPath(new URL("../../www/build", import.meta.url));
const blankPage = "<!doctype html><html lang=en><title>Blank</title><body><p>Blank</p></body></html>";

/** @type {import("../lib/topic.js").Topic & { close(): Promise<void> }} */
export const topic = {
  name: "page",
  title: "The page for approvers, from opening it to usable",
  async cases({ folder, sandbox }) {
    const program = await sandbox();
    const started = await startSandbox({ program, data: join(folder, "page"), args: ["--www", www] });
    ends.push(() => started.stop());
    const blank = await serve({ "/index.html": blankPage });
    const browser = await launchChromium();
    ends.push(blank.close, () => browser.close());
    const ours = (/** @type {import("../../tools/machine/visit.js").Slow} */ slow) =>
      visit(browser, { url: started.url, usable: "[data-usable]", slow });
    const theirs = (/** @type {import("../../tools/machine/visit.js").Slow} */ slow) =>
      visit(browser, { url: blank.url, usable: "p", slow });
    const time = (
      /** @type {string} */ what,
      /** @type {import("../../tools/machine/visit.js").Slow} */ slow,
    ) => ({
      what,
      ours: { name: "the page", measure: async () => (await ours(slow)).usableMs * 1e6 },
      beside: [
        { name: "a blank page", measure: async () => (await theirs(slow)).usableMs * 1e6, aim: 1 / 4 },
      ],
    });
    return [
      {
        what: "bytes over the wire before it is usable",
        unit: "bytes",
        rounds: 1,
        ours: { name: "the page", measure: async () => (await ours({})).before, most: 110_000 },
        beside: [],
      },
      time("as it is", {}),
      time("a processor that is 4 times slower", { processor: 4 }),
      time("slow 3G", { network: slow3G }),
    ];
  },
  async close() {
    for (const end of ends.splice(0)) await end();
  },
};

/** @type {(() => Promise<void> | void)[]} */
const ends = [];
