// The configuration file: JSON with the settings that are the same every day, and no secret.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import leven from "leven";
import { readText } from "./files.js";
import { knobs } from "./knobs.js";
import { Problem } from "./problem.js";
import { visible } from "./visible.js";

/**
 * The settings of the file that a flag or OCISIGN_CONFIG names, which must be there; or of the usual one, if it is.
 *
 * @param {string | undefined} flag @param {NodeJS.ProcessEnv} env @returns {Promise<import("./settings.js").Settings>}
 */
export async function readConfig(flag, env) {
  const named = flag ?? (env.OCISIGN_CONFIG || undefined);
  const file = named ?? usualPlace(env);
  if (named === undefined && !existsSync(file)) return {};
  const text = readText(file, flag ? "--config" : named ? "OCISIGN_CONFIG" : "the configuration file");
  // Loaded only here: most runs have no such file.
  const { readJsonObject } = await import("./json-file.js");
  const { value, place } = readJsonObject(text, file);
  /** @type {import("./settings.js").Settings} */
  const settings = {};
  for (const [key, given] of Object.entries(value)) {
    const name = knownKey(key, place(key));
    if (typeof given !== "string" || given === "") {
      throw misconfigured(`${place(key)}: "${key}" is not a text.`, `Write it as "${key}": "…".`);
    }
    settings[name] = { value: placed(name, given, file), from: `${place(key)}: "${key}"`, isFlag: false };
  }
  return settings;
}

/** @param {NodeJS.ProcessEnv} env */
export function usualPlace(env) {
  const folder =
    process.platform === "win32"
      ? env.APPDATA || join(homedir(), "AppData", "Roaming")
      : env.XDG_CONFIG_HOME || join(homedir(), ".config");
  return join(folder, "ocisign", "config.json");
}

/** @param {string} key @param {string} place @returns {import("./knobs.js").Name} */
function knownKey(key, place) {
  if (key === "token") {
    const what = `${place}: "token" does not belong into a file that is copied and shared.`;
    throw misconfigured(what, 'Write "tokenFile" or "tokenCommand", or set OCISIGN_TOKEN.');
  }
  const known = Object.entries(knobs)
    .filter(([, knob]) => !("flagOnly" in knob))
    .map(([name]) => name);
  if (known.includes(key)) return /** @type {import("./knobs.js").Name} */ (key);
  const distance = (/** @type {string} */ name) => leven(name.toLowerCase(), key.toLowerCase());
  const [nearest] = known.toSorted((a, b) => distance(a) - distance(b));
  const fix =
    distance(nearest) <= 3 ? `Did you mean "${nearest}"?` : `Known are ${known.toSorted().join(", ")}.`;
  throw misconfigured(`${place}: "${visible(key)}" is not known.`, fix);
}

/**
 * A path is meant from where the file is, not from where the program happens to be started.
 *
 * @param {import("./knobs.js").Name} name @param {string} given @param {string} file
 */
function placed(name, given, file) {
  if (!("isPath" in knobs[name]) || isAbsolute(given) || /^https?:/.test(given)) return given;
  return resolve(dirname(file), given);
}

/** @param {string} message @param {string} fix */
function misconfigured(message, fix) {
  return new Problem("bad-config", message, fix);
}
