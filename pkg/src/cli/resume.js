// The command that goes on where one was interrupted: with the same settings, but without anything secret.
import { knobs } from "./knobs.js";
import { quoted } from "./shell.js";

const repeated = /** @type {const} */ (["url", "profile", "cert", "tlsKey", "cacert", "tokenFile"]);

/**
 * @param {import("./session.js").Session} session @param {string[]} words such as `status` and an id
 * @returns {string[]} the command, and what has to be added to it
 */
export function resumeWith({ settings, config }, words) {
  const flags = config ? ["--config", config] : [];
  for (const name of repeated) {
    const setting = settings[name];
    if (setting?.isFlag)
      flags.push(/** @type {string} */ (knobs[name].flags.match(/--[\w-]+/)?.[0]), setting.value);
  }
  const { token, tokenCommand } = settings;
  const fromFile = token?.isFlag && /^@[^-]/.test(token.value);
  if (fromFile) flags.push("-t", token.value);
  const command = ["ocisign", ...words, ...flags].map(quoted).join(" ");
  const needsToken = !fromFile && (token?.isFlag || tokenCommand?.isFlag);
  return needsToken ? [command, "and the token, given as before"] : [command];
}
