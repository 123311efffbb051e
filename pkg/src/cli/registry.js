// How the registry is reached: the options of the library, from the settings. A password is never an argument.
import { readText } from "./files.js";
import { isLoopback } from "./loopback.js";
import { usage } from "./problem.js";
import { keepSecret } from "./secrets.js";
import { claimStdin, readStdin } from "./stdin.js";

/**
 * @param {import("./session.js").Session} session @param {import("../../index.js").ImageReference} image
 * @returns {Promise<import("../../index.js").RegistryOptions>}
 */
export async function registryOptions({ settings, network }, image) {
  const { registryUrl, registryUsername } = settings;
  // Before anything is requested: with `sign --verify` the answer is needed only at the end of a long wait.
  if (registryUrl) checkUrl(registryUrl);
  const password = await readPassword(settings);
  if (password !== undefined && !registryUsername) {
    throw usage("There is a password for the registry, but no user.", "Give --registry-username, too.");
  }
  if (registryUsername && password === undefined) {
    const fix = "Set OCISIGN_REGISTRY_PASSWORD, or give --registry-password-file.";
    throw usage(`${registryUsername.from} is given without a password.`, fix);
  }
  network.mayKnow(registryUrl?.value ?? `https://${image.registry}`);
  return {
    url: registryUrl?.value,
    username: registryUsername?.value,
    password,
    fetch: /** @type {import("../../index.js").RegistryOptions["fetch"]} */ (network.fetch),
  };
}

/** @param {import("./settings.js").Setting} setting */
function checkUrl({ value, from }) {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
  if (url && isSafe && !url.username && !url.password && !url.search && !url.hash) return;
  const fix = "Write it as https://host/path, without user and query; http:// is for localhost only.";
  throw usage(`${from} is not where a registry's answers can be believed.`, fix);
}

/** @param {import("./settings.js").Settings} settings */
async function readPassword({ registryPasswordFile: file }) {
  const given = process.env.OCISIGN_REGISTRY_PASSWORD || undefined;
  if (given !== undefined && file && !file.isFlag && file.from === "OCISIGN_REGISTRY_PASSWORD_FILE") {
    throw usage(`OCISIGN_REGISTRY_PASSWORD and ${file.from} are both set.`, "Unset one of them.");
  }
  // A flag is nearer than the environment, and that is nearer than a file of settings.
  if (given !== undefined && !file?.isFlag) return keepSecret(given);
  if (!file) return undefined;
  if (file.value === "-") {
    claimStdin(file.from);
    return keepSecret((await readStdin(file.from)).replace(/\r?\n$/, ""));
  }
  return keepSecret(readText(file.value, file.from).replace(/\r?\n$/, ""));
}
