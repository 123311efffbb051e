// What other versions of Kyverno say of the images whose rows `ocisign accepts` has. `npm test -- --only admission` asks
// the pinned version alone.
import { setUp } from "../build/set-up.js";
import { run, Stop, which } from "../machine/command.js";
import { needGoTool } from "../machine/go.js";
import { kyvernoIn, otherKyvernos } from "../machine/kyverno.js";
import { readOptions, refuse } from "../machine/options.js";

const options = readOptions(
  `Compiles other versions of Kyverno, and compares what each says of images with the rows of pkg/src/accepts/consumers.ts.
Needs Go, and many minutes for each version, once for all checkouts.

  npm run test:kyverno [-- --versions ${otherKyvernos.join(",")}]

  --versions  which ones, with commas between them
  --help      this text`,
  { versions: { type: "string", default: otherKyvernos.join(",") } },
);
const versions = readVersions(options.versions);

try {
  if (!which("go")) throw new Stop("go is missing: install Go from https://go.dev/dl");
  await setUp({ sandbox: true });
  for (const version of versions) await ask(version);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}

/** @param {string} text */
function readVersions(text) {
  const all = text.split(",").map((version) => version.trim());
  const wrong = all.find((version) => !/^\d+\.\d+\.\d+$/.test(version));
  if (wrong !== undefined)
    refuse(`the option --versions needs versions such as 1.18.2, not ${wrong || "nothing"}`);
  return [...new Set(all)];
}

/** @param {string} version */
async function ask(version) {
  console.log(`Kyverno ${version}`);
  const tool = kyvernoIn(version);
  await needGoTool(tool, { onLine: (line) => console.log(line), background: true });
  const args = ["--test", "--test-reporter=spec", "tests/admission/accepts.test.js"];
  const env = { OCISIGN_KYVERNO: version };
  await run(process.execPath, args, { env, onStdout: (text) => process.stdout.write(text) });
}
