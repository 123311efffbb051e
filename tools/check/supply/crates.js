// Licences, sources and advisories of crates, by cargo-deny and deny.toml.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { cargoDeny, needCargoTool } from "../../machine/cargo-tools.js";
import { finish, root, run } from "../../machine/command.js";
import { acceptedOn } from "./accepted.js";
import { answered, notAsked, reasonIn } from "./answers.js";

const folder = join(root, "target", "supply");
const fetchedInto = join(folder, "advisories");
const rustSec = "https://github.com/RustSec/advisory-db";
/** Git would wait for a person's password. */
const neverAsks = { GIT_TERMINAL_PROMPT: "0" };
/** That a copy knows nothing is no answer when it is older than this. */
const mostDays = 90;

/** @typedef {import("./answers.js").Answer} Answer @typedef {import("./answers.js").Question} Question */

/** @param {string | undefined} copy of RustSec's repository, on this machine @returns {Question[]} */
export function crateQuestions(copy) {
  return [
    { name: "crates: licences, sources, bans", about: "crates", ask: askRules },
    {
      name: "crates: advisories of RustSec",
      about: "crates",
      isOfAdvisories: true,
      ask: (note) => askRustSec(copy, note),
    },
  ];
}

/**
 * Why a folder is no copy of RustSec's repository that can be asked; nothing when it is one.
 *
 * @param {string} copy @returns {Promise<string | undefined>}
 */
export async function whyNoCopy(copy) {
  const { code, output } = await finish("git", ["-C", copy, "ls-tree", "--name-only", "main:crates"]);
  // RustSec's branch has this name, and cargo-deny fetches it by that.
  if (code !== 0) return `${copy} is no clone of ${rustSec} with its branch main: ${reasonIn(output)}`;
  return output.trim() ? undefined : `${copy} holds no advisory`;
}

/** @param {(text: string) => void} note @returns {Promise<Answer>} */
async function askRules(note) {
  const deny = await needCargoTool(cargoDeny, note);
  return check(deny, ["bans", "licenses", "sources"], "deny.toml and Cargo.lock");
}

/** @param {string | undefined} copy @param {(text: string) => void} note @returns {Promise<Answer>} */
async function askRustSec(copy, note) {
  const env = copy === undefined ? {} : inPlaceOfRustSec(copy);
  // Before cargo-deny is compiled, which takes minutes.
  const looked = await finish("git", ["ls-remote", rustSec, "HEAD"], { env: { ...env, ...neverAsks } });
  if (looked.code !== 0) return notAsked(`${copy ?? rustSec} could not be read: ${reasonIn(looked.output)}`);
  const deny = await needCargoTool(cargoDeny, note);
  const config = writeConfig();
  const fetched = await finish(deny, ["--config", config, "fetch", "db"], { env, onLine: note });
  if (/failed to validate configuration/.test(fetched.output)) throw new Error(fetched.output.trim());
  if (fetched.code !== 0)
    return notAsked(`${copy ?? rustSec} could not be read: ${reasonIn(fetched.output)}`);
  const day = await lastDay(copy);
  const of = `RustSec as of ${day}, with ${await countAdvisories()} advisories; the index of crates.io`;
  const answer = await check(deny, ["advisories"], of, { config, env });
  const days = Math.floor((Date.now() - Date.parse(day)) / (24 * 60 * 60_000));
  if (answer.state === "nothing" && days > mostDays)
    return notAsked(`the copy is of ${day}: it finds nothing, and does not know the last ${days} days`);
  return answer;
}

/**
 * @param {string} deny the program @param {string[]} what @param {string} of
 * @param {{ config?: string, env?: Record<string, string> }} [how] @returns {Promise<Answer>}
 */
async function check(deny, what, of, { config = join(root, "deny.toml"), env } = {}) {
  const plain = ["--color", "never", "--log-level", "warn", "--locked", "--workspace", "--config", config];
  const args = [...plain, "check", "--hide-inclusion-graph", ...what];
  const { code, output } = await finish(deny, args, { env });
  // So cargo-deny ends when it has judged. Else it could not read crates, or their index.
  if (code !== 0 && !/^.* FAILED\b/m.test(output))
    return notAsked(`cargo-deny ended with ${code}: ${reasonIn(output)}`);
  // Whether a crate was taken back, only the index knows.
  if (code === 0 && output.includes("[index-"))
    return notAsked(`the index of crates was not read: ${reasonIn(output)}`);
  return answered(of, code === 0 ? "" : output.trim());
}

/** When RustSec's repository changed last, as far as is known here. @param {string | undefined} copy */
async function lastDay(copy) {
  const clones =
    copy === undefined ? readdirSync(fetchedInto).map((name) => join(fetchedInto, name)) : [copy];
  const days = await Promise.all(
    clones.map((clone) => run("git", ["-C", clone, "log", "-1", "--format=%cs"])),
  );
  return (
    days
      .map(({ stdout }) => stdout.trim())
      .sort()
      .at(-1) ?? "an unknown day"
  );
}

/** How many cargo-deny compares with: a copy may hold a part of them. */
async function countAdvisories() {
  if (!existsSync(fetchedInto)) return 0;
  const files = readdirSync(fetchedInto, { recursive: true }).map(String);
  return new Set(files.map((file) => /RUSTSEC-\d+-\d+(?=\.md$)/.exec(file)?.[0]).filter(Boolean)).size;
}

/** Has git fetch a copy on this machine: cargo-deny takes only addresses with a domain. @param {string} copy */
function inPlaceOfRustSec(copy) {
  const key = `url.${pathToFileURL(resolve(copy)).href}.insteadOf`;
  return { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: key, GIT_CONFIG_VALUE_0: rustSec };
}

/** deny.toml, with the source of advisories, and with what is accepted today. */
function writeConfig() {
  const ignored = acceptedOn(new Date())
    .filter(({ id }) => id.startsWith("RUSTSEC-"))
    .map(({ id, reason }) => `{ id = ${JSON.stringify(id)}, reason = ${JSON.stringify(reason)} }`);
  const settings = [
    `db-path = ${JSON.stringify(fetchedInto)}`,
    `db-urls = [${JSON.stringify(rustSec)}]`,
    `ignore = [${ignored.join(", ")}]`,
  ];
  const text = readFileSync(join(root, "deny.toml"), "utf8");
  const file = join(folder, "deny.toml");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text.replace("[advisories]\n", `[advisories]\n${settings.join("\n")}\n`));
  return file;
}
