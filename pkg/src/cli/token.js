// The bearer token: from wherever it was said to be, and asked for again when the service refuses it.
import { spawn } from "node:child_process";
import { readText } from "./files.js";
import { Problem, usage } from "./problem.js";
import { keepSecret } from "./secrets.js";
import { claimStdin, readStdin } from "./stdin.js";

/** More than any token has. */
const longest = 64 * 1024;

/**
 * Asks for the token; `current` is the last one that was given.
 *
 * @typedef {{ ask: () => Promise<string>, current: () => string | undefined }} Token
 */

/**
 * @param {import("./settings.js").Settings} settings @param {AbortSignal} signal @returns {Token}
 */
export function openToken(settings, signal) {
  const read = reader(settings, signal);
  /** @type {string | undefined} */
  let current;
  return {
    current: () => current,
    async ask() {
      current = keepSecret(await read());
      return current;
    },
  };
}

/**
 * @param {import("./settings.js").Settings} settings @param {AbortSignal} signal
 * @returns {() => string | Promise<string>}
 */
function reader({ token, tokenFile, tokenCommand }, signal) {
  if (tokenCommand) return () => run(tokenCommand, signal);
  if (tokenFile) return () => readText(tokenFile.value, tokenFile.from);
  if (!token) {
    const fix = "Give -t @FILE, --token-command or OCISIGN_TOKEN; `ocisign --help` says more.";
    throw usage("There is no token.", fix);
  }
  if (token.isFlag && token.value === "@-") return fromStdin(`${token.from} @-`);
  if (token.isFlag && token.value === "@") {
    throw usage(`${token.from} @ names no file.`, "Write it as -t @FILE; -t @- is standard input.");
  }
  if (token.isFlag && token.value.startsWith("@")) {
    return () => readText(token.value.slice(1), `${token.from} @…`);
  }
  return () => token.value;
}

/**
 * Claims standard input, if the token is to come from there, before a command reads it.
 *
 * @param {import("./settings.js").Settings} settings
 */
export function claimForToken({ token }) {
  if (token?.isFlag && token.value === "@-") claimStdin(`${token.from} @-`);
}

/** @param {string} from */
function fromStdin(from) {
  /** @type {Promise<string> | undefined} */
  let content;
  return () => {
    content ??= readStdin(from);
    return content;
  };
}

/**
 * Runs the command as the user wrote it, in the shell. What it says on standard error is shown as it comes; what
 * it prints is the token, and is shown nowhere.
 *
 * @param {import("./settings.js").Setting} command @param {AbortSignal} signal @returns {Promise<string>}
 */
function run({ value, from }, signal) {
  const failed = (/** @type {string} */ what) =>
    new Problem("bad-token", `${from}: the command ${what}.`, "Run it by itself to see what is wrong.");
  return new Promise((resolve, reject) => {
    const child = spawn(value, {
      shell: true,
      // It may ask a person for something, but must not eat a list of images.
      stdio: [process.stdin.isTTY ? "inherit" : "ignore", "pipe", "inherit"],
      signal,
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
      if (printed.length <= longest) return;
      // The shell alone would be ended by a signal; what it started ends when nobody reads it.
      child.stdout.destroy();
      reject(failed("prints more than a token"));
    });
    child.on("error", () => reject(failed(signal.aborted ? "was stopped" : "could not be started")));
    child.on("close", (code, by) => {
      if (code !== 0) reject(failed(by ? `was ended by ${by}` : `ended with code ${code}`));
      else if (printed.trim() === "") reject(failed("prints nothing"));
      else resolve(printed);
    });
  });
}

/** When a JSON Web Token said of itself that it ends, if it is one. @param {string | undefined} token */
export function expiryOf(token) {
  try {
    const claims = JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString());
    return typeof claims.exp === "number" ? new Date(claims.exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}
