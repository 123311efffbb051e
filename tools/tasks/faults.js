// The tests of tests/faults at full size. `npm test -- --only faults` runs them with fewer images.
import { setUp } from "../build/set-up.js";
import { testFiles } from "../check/node-tests.js";
import { faultSuiteTools } from "../check/suites.js";
import { run, Stop, which } from "../machine/command.js";
import { needGoTool } from "../machine/go.js";
import { readOptions, wholeNumber } from "../machine/options.js";

const options = readOptions(
  `Signs many images while everything fails: toxiproxy between client, service and registries, faults of the sandbox,
and kill -9 of the client. At the end each image has exactly one request and one valid signature. Needs Go.

  npm run test:faults [-- --signings 1000 --kills 10 --seed N]

  --signings  images to sign
  --kills     how often the client is killed meanwhile
  --seed      of an earlier run, to repeat its plan
  --help      this text`,
  {
    signings: { type: "string", default: "1000" },
    kills: { type: "string", default: "10" },
    seed: { type: "string" },
  },
);
const signings = String(wholeNumber("signings", options.signings, 1, 100_000));
const kills = String(wholeNumber("kills", options.kills, 0, 1_000));

try {
  if (!which("go")) throw new Stop("go is missing: install Go from https://go.dev/dl");
  await setUp({ sandbox: true });
  for (const tool of faultSuiteTools) await needGoTool(tool, { onLine: (line) => console.log(line) });
  const env = {
    OCISIGN_FAULT_SIGNINGS: signings,
    OCISIGN_FAULT_KILLS: kills,
    ...(options.seed ? { OCISIGN_SEED: options.seed } : {}),
  };
  for (const file of testFiles("tests/faults")) {
    const args = ["--test", "--test-reporter=spec", file];
    await run(process.execPath, args, { env, onStdout: (text) => process.stdout.write(text) });
  }
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
