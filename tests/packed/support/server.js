// A server program of a bundler: started on a port that the sandbox was told of before, stopped by its id.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { quietEnvironment } from "./project.js";

/**
 * @param {string[]} args for Node @param {string} cwd @param {RegExp} ready what it says once it listens
 * @returns {Promise<{ said: () => string, stop: () => Promise<void> }>}
 */
export async function startServer(args, cwd, ready) {
  const child = spawn(process.execPath, args, { cwd, env: quietEnvironment(cwd) });
  const gone = once(child, "exit");
  let said = "";
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        said += text;
        if (ready.test(said)) resolve(undefined);
      });
    }
    gone.then(() => reject(new Error(`${args[0]} ended:\n${said}`)), reject);
  });
  const stop = async () => {
    child.kill();
    await gone;
  };
  return { said: () => said, stop };
}
