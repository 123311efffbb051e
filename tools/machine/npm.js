import { run } from "./command.js";

/** @param {string[]} args @param {import("./command.js").RunOptions} [options] */
export function runNpm(args, options) {
  // The npm that started this, if one did: on Windows "npm" is a script that cannot be started directly.
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
  return run(command, [...first, ...args], options);
}
