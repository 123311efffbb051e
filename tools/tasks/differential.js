// The tests of tests/differential at any length. `npm test -- --only differential` runs them with fewer inputs.
import { randomInt } from "node:crypto";
import { setUp } from "../build/set-up.js";
import { run, Stop, which } from "../machine/command.js";
import { differentialTools, needGoTool } from "../machine/go.js";
import { readOptions, refuse, wholeNumber } from "../machine/options.js";

const subjects = ["reference", "payload", "sign-in"];

const options = readOptions(
  `Reads inputs that are made by chance beside a library of others in Go, and tells where both differ: references beside
distribution/reference, payloads of simple signing beside containers/image, and docker's configuration files beside
go-containerregistry. Needs Go.

  npm run test:differential [-- --inputs 10000000 --seed N --only reference]

  --only    of ${subjects.join(", ")}, with commas between them; all without it
  --inputs  how many of each
  --seed    of an earlier run, to repeat it; another one each time without it
  --from    the first input of it: 0, unless a run is done in parts, or one input is asked for again
  --help    this text`,
  {
    only: { type: "string", default: subjects.join(",") },
    inputs: { type: "string" },
    seed: { type: "string" },
    from: { type: "string" },
  },
);
const only = [...new Set(options.only.split(",").map((name) => name.trim()))];
const wrong = only.find((name) => !subjects.includes(name));
if (wrong !== undefined)
  refuse(`the option --only needs some of ${subjects.join(", ")}, not ${wrong || "nothing"}`);
const given = /** @type {const} */ ([
  ["OCISIGN_COUNT", "inputs", 1, 1_000_000_000],
  ["OCISIGN_SEED", "seed", 0, 2 ** 32 - 1],
  ["OCISIGN_FROM", "from", 0, 1_000_000_000],
]);
const env = Object.fromEntries(
  given.flatMap(([name, option, least, most]) => {
    const text = options[option];
    return text === undefined ? [] : [[name, String(wholeNumber(option, text, least, most))]];
  }),
);

try {
  if (!which("go")) throw new Stop("go is missing: install Go from https://go.dev/dl");
  await setUp({});
  for (const tool of differentialTools) await needGoTool(tool, { onLine: (line) => console.log(line) });
  for (const name of only) {
    const args = ["--test", "--test-reporter=spec", `tests/differential/${name}.test.js`];
    const progress = options.inputs === undefined ? {} : { OCISIGN_PROGRESS: "yes" };
    await run(process.execPath, args, {
      env: { OCISIGN_SEED: String(randomInt(2 ** 32)), ...env, ...progress },
      onStdout: (text) => process.stdout.write(text),
    });
  }
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
