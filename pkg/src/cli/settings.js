// What can be set for every command: by a flag, else by the environment, else by the configuration file.
import { readConfig } from "./config-file.js";
import { knobs } from "./knobs.js";
import { usage } from "./problem.js";

/**
 * @typedef {import("./knobs.js").Name} Name
 * @typedef {import("./knobs.js").Knob} Knob
 */

/** Names of which only one can be meant at a time. @type {Name[]} */
const tokenNames = ["token", "tokenFile", "tokenCommand"];

/**
 * A value, and how it was given: for messages.
 *
 * @typedef {{ value: string, from: string, isFlag: boolean }} Setting
 *
 * @typedef {{ [name in Name]?: Setting }} Settings
 */

/**
 * Flags before environment before file. Of the three ways to a token, the first place that has one counts.
 *
 * @param {{ [name in Name | "config"]?: string }} flags @param {NodeJS.ProcessEnv} env @returns {Promise<Settings>}
 */
export async function readSettings(flags, env) {
  const fromFlags = asFlags(flags);
  const fromEnvironment = asEnvironment(env);
  const layers = [fromFlags, fromEnvironment, await readConfig(flags.config, env)];
  for (const layer of layers) checkOneToken(layer);
  const tokens = layers.find((layer) => tokenNames.some((name) => layer[name])) ?? {};
  /** @type {Settings} */
  const merged = {};
  for (const layer of layers.reverse()) Object.assign(merged, layer);
  for (const name of tokenNames) merged[name] = tokens[name];
  return merged;
}

/** @param {{ [name in Name]?: string }} flags @returns {Settings} */
function asFlags(flags) {
  return collect((name, { flags: spelled }) => {
    const long = spelled.match(/--[\w-]+/)?.[0] ?? name;
    return [flags[name], long, true];
  });
}

/** @param {NodeJS.ProcessEnv} env @returns {Settings} */
function asEnvironment(env) {
  // One that is set to nothing is not set: that is how a shell or a CI system takes a variable away.
  return collect((_, { env: variable }) => [(variable && env[variable]) || undefined, variable ?? "", false]);
}

/** @param {(name: Name, knob: Knob) => [value: string | undefined, from: string, isFlag: boolean]} read */
function collect(read) {
  /** @type {Settings} */
  const settings = {};
  for (const [name, knob] of Object.entries(knobs)) {
    const [value, from, isFlag] = read(/** @type {Name} */ (name), knob);
    if (value !== undefined) settings[/** @type {Name} */ (name)] = { value, from, isFlag };
  }
  return settings;
}

/** @param {Settings} layer */
function checkOneToken(layer) {
  const [first, second] = tokenNames.flatMap((name) => layer[name]?.from ?? []);
  if (second) throw usage(`${first} and ${second} both give a token.`, "Leave one of them out.");
}
