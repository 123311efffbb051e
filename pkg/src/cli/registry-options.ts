// How an image's registry is reached: the library's options, from the settings. A password is never an argument.

import type { ImageReference, RegistryOptions } from "ocisign";
import { claimStdin, readStdin, readText } from "./input.ts";
import { usage } from "./problem.ts";
import { checkRegistryUrl } from "./safe-url.ts";
import { keepSecret } from "./secrets.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";

export async function registryOptions(
  { settings, network }: Session,
  image: Pick<ImageReference, "registry">,
): Promise<RegistryOptions> {
  const { registryUrl, registryUsername } = settings;
  // Before anything is requested: `sign --verify` needs the answer only at the end of a long wait.
  if (registryUrl) await checkRegistryUrl(registryUrl);
  const password = await readPassword(settings);
  if (password !== undefined && !registryUsername) {
    throw usage("The registry's password is given without a user name.", "Give --registry-username, too.");
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
    fetch: network.registryFetch,
  };
}

async function readPassword({ registryPasswordFile: file }: Settings): Promise<string | undefined> {
  const given = process.env.OCISIGN_REGISTRY_PASSWORD || undefined;
  if (given !== undefined && file && !file.isFlag && file.from === "OCISIGN_REGISTRY_PASSWORD_FILE") {
    throw usage(`OCISIGN_REGISTRY_PASSWORD and ${file.from} are both set.`, "Unset one of them.");
  }
  // A flag goes before the environment, and that before the configuration file.
  if (given !== undefined && !file?.isFlag) return keepSecret(given);
  if (!file) return undefined;
  const isStdin = file.value === "-";
  if (isStdin) claimStdin(file.from);
  const text = isStdin ? await readStdin(file.from) : readText(file.value, file.from);
  return keepSecret(text.replace(/\r?\n$/, ""));
}
