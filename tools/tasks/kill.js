import { run } from "../machine/command.js";
import { readOptions, wholeNumber } from "../machine/options.js";

const options = readOptions(
  `Kills a sandbox (-9) at random moments while it signs, and checks that nothing is lost or signed twice.

  npm run test:kill [-- --rounds 20 --signings 1000 --kills 10 --seed N --options "…"]

  --rounds    how often, each with a data folder of its own
  --signings  in each round
  --kills     in each round
  --seed      of an earlier run, to repeat its decisions
  --options   more options for the sandbox, such as --pkcs11-module
  --help      this text`,
  {
    rounds: { type: "string", default: "20" },
    signings: { type: "string", default: "1000" },
    kills: { type: "string", default: "10" },
    seed: { type: "string" },
    options: { type: "string", default: "" },
  },
);
const number = (/** @type {"rounds" | "signings" | "kills"} */ name, /** @type {number} */ most) =>
  String(wholeNumber(name, options[name], 1, most));

await run("cargo", ["test", "--locked", "-p", "ocisign-sandbox", "--test", "kill", "--", "--nocapture"], {
  env: {
    OCISIGN_KILL_ROUNDS: number("rounds", 1_000),
    OCISIGN_KILL_SIGNINGS: number("signings", 100_000),
    OCISIGN_KILLS: number("kills", 1_000),
    OCISIGN_KILL_OPTIONS: options.options,
    ...(options.seed ? { OCISIGN_SEED: options.seed } : {}),
  },
  onLine: (line) => console.log(line),
});
