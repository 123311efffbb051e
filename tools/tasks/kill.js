import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needDebianPackage } from "../machine/apt.js";
import { run, Stop } from "../machine/command.js";
import { readOptions, wholeNumber } from "../machine/options.js";

const options = readOptions(
  `Kills a sandbox (-9) at random moments while it signs, and checks that nothing is lost or signed twice.

  npm run test:kill [-- --rounds 20 --signings 1000 --kills 10 --seed N --hsm --options "…"]

  --rounds    how often, each with a data folder of its own
  --signings  in each round
  --kills     in each round
  --seed      of an earlier run, to repeat its decisions
  --hsm       with keys in a SoftHSM of its own
  --options   more options for the sandbox
  --help      this text`,
  {
    rounds: { type: "string", default: "20" },
    signings: { type: "string", default: "1000" },
    kills: { type: "string", default: "10" },
    seed: { type: "string" },
    hsm: { type: "boolean" },
    options: { type: "string", default: "" },
  },
);
const number = (/** @type {"rounds" | "signings" | "kills"} */ name, /** @type {number} */ most) =>
  String(wholeNumber(name, options[name], 1, most));

const folder = mkdtempSync(join(tmpdir(), "ocisign-kill-"));
try {
  const hsm = options.hsm ? await token(folder) : { args: "", env: {} };
  await run(
    "cargo",
    ["test", "--locked", "-p", "ocisign-sandbox", "--test", "service", "--", "kill::", "--nocapture"],
    {
      env: {
        ...hsm.env,
        OCISIGN_KILL_ROUNDS: number("rounds", 1_000),
        OCISIGN_KILL_SIGNINGS: number("signings", 100_000),
        OCISIGN_KILLS: number("kills", 1_000),
        OCISIGN_KILL_OPTIONS: `${hsm.args} ${options.options}`,
        ...(options.seed ? { OCISIGN_SEED: options.seed } : {}),
      },
      onLine: (line) => console.log(line),
    },
  );
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A token, and the options by which the sandbox finds it. @param {string} folder */
async function token(folder) {
  const found = await needDebianPackage("softhsm2-util", "softhsm2");
  if (!found.ok) throw new Stop(found.reason);
  const places = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so"];
  const module = process.env.SOFTHSM2_MODULE ?? places.find((path) => existsSync(path));
  if (!module) throw new Stop("SoftHSM's module is missing: name it in SOFTHSM2_MODULE.");
  const [tokens, configuration, pin] = ["tokens", "softhsm2.conf", "pin"].map((name) => join(folder, name));
  mkdirSync(tokens);
  writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\n`);
  writeFileSync(pin, "correct-horse", { mode: 0o600 });
  const env = { SOFTHSM2_CONF: configuration };
  const made = [
    "--init-token",
    "--free",
    "--label",
    "kill",
    "--so-pin",
    "12345678",
    "--pin",
    "correct-horse",
  ];
  execFileSync(found.path, made, { stdio: "pipe", env: { ...process.env, ...env } });
  return { env, args: `--pkcs11-module ${module} --pin @${pin} --token-label kill` };
}
