// Two places that have nothing in common but the sources: what gets from a place into the package differs between them.
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cargoHome } from "../../machine/cargo.js";
import { root, run } from "../../machine/command.js";
import { runNpm } from "../../machine/npm.js";

/**
 * @typedef {object} Place
 * @property {string} name
 * @property {string} folder below the one for all of it
 * @property {number} umask
 * @property {(folder: string) => Record<string, string> | Promise<Record<string, string>>} env added to the environment
 */

/** Where a build is as most are. @type {Place} */
export const usual = {
  name: "the usual place",
  folder: "one",
  umask: 0o022,
  env: () => ({ TZ: "UTC", LC_ALL: "C.UTF-8" }),
};

/**
 * Another folder, home, time, time zone, language and umask, and another order of the files in each folder.
 *
 * @type {Place}
 */
export const elsewhere = {
  name: "another place",
  folder: join("another", "place with spaces", "and a longer name"),
  umask: 0o077,
  env: async (folder) => ({
    ...(await anotherHome(join(folder, "home"))),
    ...{ TZ: "Pacific/Chatham", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", USER: "somebody" },
    NODE_OPTIONS: `--require "${fileURLToPath(new URL("elsewhere.cjs", import.meta.url))}"`,
  }),
};

/** What was downloaded is used from there, too: only its paths differ. @param {string} home */
async function anotherHome(home) {
  const own = cargoHome();
  const rustup = resolve(root, process.env.RUSTUP_HOME || join(homedir(), ".rustup"));
  const cargo = join(home, "cargo");
  mkdirSync(cargo, { recursive: true });
  for (const name of readdirSync(own)) symlinkSync(join(own, name), join(cargo, name));
  const settings = ["cache", "userconfig"];
  const npm = await Promise.all(settings.map((name) => runNpm(["config", "get", name])));
  const [cache = "", userconfig = ""] = npm.map(({ stdout }) => stdout.trim());
  return {
    ...{ HOME: home, CARGO_HOME: cargo, RUSTUP_HOME: rustup },
    ...{ npm_config_cache: cache, npm_config_userconfig: userconfig },
  };
}

/**
 * Puts the sources into a folder: the files that git knows of, as they are now. What git does not know of is in no clone.
 *
 * @param {string} folder @param {Place} place
 */
export async function copySources(folder, { umask }) {
  for (const file of await sources()) {
    const to = join(folder, file);
    mkdirSync(dirname(to), { recursive: true });
    const isProgram = (statSync(join(root, file)).mode & 0o100) !== 0;
    writeFileSync(to, readFileSync(join(root, file)), { mode: (isProgram ? 0o777 : 0o666) & ~umask });
  }
}

/** @returns {Promise<string[]>} from the root */
async function sources() {
  const { stdout } = await run("git", ["ls-files", "-z"]);
  return stdout.split("\0").filter(Boolean);
}

/** What a clone would not have. @returns {Promise<string[]>} the lines in which git tells of it */
export async function uncommitted() {
  const { stdout } = await run("git", ["status", "--porcelain"]);
  return stdout.split("\n").filter(Boolean);
}

/**
 * Builds and packs in a folder with sources, as `npm run tarball` does there.
 *
 * @param {string} folder @param {Place} place @param {(text: string) => void} note
 * @returns {Promise<string>} the tarball
 */
export async function packIn(folder, place, note) {
  const umask = place.umask.toString(8).padStart(3, "0");
  const inPlace = ["-c", `umask ${umask}; exec "$@"`, "sh"];
  const task = [process.execPath, join("tools", "tasks", "tarball.js")];
  // What CI sets for its own build would be the same in both.
  const env = { ...(await place.env(dirname(folder))), CARGO_TARGET_DIR: undefined, INIT_CWD: undefined };
  await run("sh", [...inPlace, ...task], { cwd: folder, env, onLine: note, background: true });
  const made = join(folder, "target", "tarball");
  const tarball = readdirSync(made).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error(`${place.name} packed nothing`);
  return join(made, tarball);
}
