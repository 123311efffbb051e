import { run } from "./command.js";

/**
 * By which words npm is started: the one that started this, if one did, since on Windows "npm" is a script that cannot
 * be started directly.
 *
 * @returns {[string, ...string[]]}
 */
export function npmCommand() {
  const npm = process.env.npm_execpath;
  return npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
}

/** @param {string[]} args @param {import("./command.js").RunOptions} [options] */
export function runNpm(args, options) {
  const [command, ...first] = npmCommand();
  return run(command, [...first, ...args], options);
}
