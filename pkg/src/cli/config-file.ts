// The configuration file: JSON with the settings that are the same every day, and no secret.
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { nearest } from "../nearest.ts";
import { visible } from "../shown/visible.ts";
import { readText } from "./input.ts";
import { absolute, inHome } from "./own-folders.ts";
import { Problem } from "./problem.ts";
import {
  isSettingName,
  type Setting,
  type SettingName,
  type Settings,
  settingNames,
  settings,
} from "./settings.ts";

/** Reads the file that a flag or OCISIGN_CONFIG names, which must exist; or else the usual file, if it exists. */
export async function readConfig(flag: string | undefined, env: NodeJS.ProcessEnv): Promise<Settings> {
  const named = flag ?? (env.OCISIGN_CONFIG || undefined);
  const file = named ?? usualPlace(env);
  if (file === undefined || (named === undefined && !existsSync(file))) return {};
  const text = readText(file, flag ? "--config" : named ? "OCISIGN_CONFIG" : "the configuration file");
  // Loaded only here: most runs have no such file.
  const { readJsonObject } = await import("./json-file.ts");
  const { value, place } = readJsonObject(text, file);
  const found: { [Name in SettingName]?: Setting } = {};
  for (const [key, given] of Object.entries(value)) {
    const name = knownKey(key, place(key));
    if (typeof given !== "string" || given === "") {
      throw misconfigured(`${place(key)}: "${key}" is not a string.`, `Write it as "${key}": "…".`);
    }
    found[name] = { value: placed(name, given, file), from: `${place(key)}: "${key}"`, isFlag: false };
  }
  return found;
}

function usualPlace(env: NodeJS.ProcessEnv): string | undefined {
  const folder =
    process.platform === "win32"
      ? (absolute(env.APPDATA) ?? inHome("AppData", "Roaming"))
      : (absolute(env.XDG_CONFIG_HOME) ?? inHome(".config"));
  return folder === undefined ? undefined : join(folder, "ocisign", "config.json");
}

function knownKey(key: string, place: string): SettingName {
  if (isSettingName(key) && !settings[key].isSecret) return key;
  if (isSettingName(key)) {
    const what = `${place}: "${key}" does not belong in a file that is copied and shared.`;
    throw misconfigured(what, 'Write "tokenFile" or "tokenCommand", or set OCISIGN_TOKEN.');
  }
  const known = settingNames.filter((name) => !settings[name].isSecret);
  const near = nearest(key, known, () => 3);
  // A key that is near to a known one is no secret.
  if (near) throw misconfigured(`${place}: "${visible(key)}" is not a known key.`, `Did you mean "${near}"?`);
  throw misconfigured(`${place}: this is not a known key.`, `Known keys: ${known.toSorted().join(", ")}.`);
}

/** A relative path starts at the file's folder, not where the program happens to be started. */
function placed(name: SettingName, given: string, file: string): string {
  if (!settings[name].isPath || isAbsolute(given) || /^https?:/.test(given)) return given;
  return resolve(dirname(file), given);
}

function misconfigured(message: string, fix: string): Problem {
  return new Problem("bad-config", message, fix);
}
