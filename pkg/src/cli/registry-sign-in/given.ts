// What flags, the environment or the configuration file say of a registry's user and password. A password is never an
// argument.
import { claimStdin, readStdin, readText } from "../input.ts";
import { usage } from "../problem.ts";
import { keepSecret } from "../secrets.ts";
import type { Setting, Settings } from "../settings.ts";
import type { Credentials } from "./credentials.ts";

export async function givenCredentials(settings: Settings): Promise<Credentials | undefined> {
  const { registryUsername: user } = settings;
  const password = await readPassword(settings);
  if (password !== undefined && !user) {
    throw usage("The registry's password is given without a user name.", "Give --registry-username, too.");
  }
  if (user && password === undefined) {
    const fix = "Set OCISIGN_REGISTRY_PASSWORD, or give --registry-password-file.";
    throw usage(`${user.from} is given without a password.`, fix);
  }
  return user && { signIn: { username: user.value, password }, from: user.from };
}

async function readPassword({ registryPasswordFile: file }: Settings): Promise<string | undefined> {
  const given = process.env.OCISIGN_REGISTRY_PASSWORD || undefined;
  if (given !== undefined && file && !file.isFlag && file.from === "OCISIGN_REGISTRY_PASSWORD_FILE") {
    throw usage(`OCISIGN_REGISTRY_PASSWORD and ${file.from} are both set.`, "Unset one of them.");
  }
  // A flag goes before the environment, and that before the configuration file.
  if (given !== undefined && !file?.isFlag) return keepSecret(given);
  if (!file) return undefined;
  return readSecret(file);
}

/** Of a command's own options: a user, and a file that holds the password. */
export async function signInFrom(
  user: Setting | undefined,
  file: Setting | undefined,
): Promise<Credentials | undefined> {
  if (!user && !file) return undefined;
  if (!user || !file) {
    const [there, lacking] = user ? [user.from, "the file of its password"] : [file?.from, "a user name"];
    throw usage(`${there} is given without ${lacking}.`, "Give both, or neither.");
  }
  return { signIn: { username: user.value, password: await readSecret(file) }, from: user.from };
}

async function readSecret(file: Setting): Promise<string> {
  const isStdin = file.value === "-";
  if (isStdin) claimStdin(file.from);
  const text = isStdin ? await readStdin(file.from) : readText(file.value, file.from);
  return keepSecret(text.replace(/\r?\n$/, ""));
}
