// What a million images take, by a simulation: see docs/scale.md.
import { writeFileSync } from "node:fs";
import { setUp } from "../build/set-up.js";
import { readOptions, refuse, wholeNumber } from "../machine/options.js";

const options = readOptions(
  `Simulates signing in bulk by many machines, against a service that limits its rate. Time is virtual: hours pass in
seconds. The machines pace their requests with the package's own class.

  npm run simulate [-- --images 1000000 --workers 1,10,100 --rate 50 --json FILE]

  --images       how many
  --workers      machines that share the images; several scenarios, joined by commas
  --rate         requests a second that the service takes; above, it answers 429 with Retry-After
  --burst        requests that it takes at once
  --concurrency  requests that a machine has under way at most
  --latency      milliseconds of a request that the service takes
  --refusal      milliseconds of one that it refuses
  --reads        requests beside the POST, for 1,000 images
  --bytes        that an image costs on the wire, both ways
  --seed         of chance; the same seed gives the same figures
  --json         a file for the figures
  --help         this text

The defaults of --latency, --reads and --bytes are assumptions; npm run bench -- --only bulk measures yours.`,
  {
    images: { type: "string", default: "1000000" },
    workers: { type: "string", default: "1,10,100" },
    rate: { type: "string", default: "50" },
    burst: { type: "string", default: "50" },
    concurrency: { type: "string", default: "16" },
    latency: { type: "string", default: "40" },
    refusal: { type: "string", default: "10" },
    reads: { type: "string", default: "20" },
    bytes: { type: "string", default: "1400" },
    seed: { type: "string", default: "1" },
    json: { type: "string" },
  },
);
const number = (
  /** @type {keyof typeof options} */ name,
  /** @type {number} */ least,
  /** @type {number} */ most,
) => wholeNumber(name, String(options[name]), least, most);

const scenario = {
  images: number("images", 1, 100_000_000),
  rate: number("rate", 1, 1_000_000),
  burst: number("burst", 1, 1_000_000),
  concurrency: number("concurrency", 1, 10_000),
  costs: {
    latencyMs: number("latency", 1, 600_000),
    refusalMs: number("refusal", 1, 600_000),
    reads: number("reads", 0, 1_000_000) / 1_000,
  },
  seed: number("seed", 0, 2 ** 32 - 1),
};
const bytes = number("bytes", 0, 1_000_000);
const workers = options.workers.split(",").map((text) => wholeNumber("workers", text, 1, 100_000));
if (workers.length === 0) refuse("the option --workers names no number");

await setUp({});
const { simulate } = await import("../../bench/simulation/simulate.js");
const { simulationTable } = await import("../../bench/simulation/table.js");

const results = [];
for (const count of workers)
  results.push({ workers: count, ...(await simulate({ ...scenario, workers: count })) });
console.log(simulationTable(scenario, results, bytes));
if (options.json) {
  writeFileSync(options.json, `${JSON.stringify({ ...scenario, bytes, results }, null, 2)}\n`);
  console.log(`The figures are in ${options.json}.`);
}
