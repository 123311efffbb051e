import { finish, which } from "./command.js";

/** @type {Promise<string | undefined> | undefined} */
let updated;

/**
 * Makes sure that a command exists, if need be by installing Debian packages.
 *
 * @param {string} command @param {...string} packages
 * @returns {Promise<{ ok: true, path: string } | { ok: false, reason: string }>}
 */
export async function needDebianPackage(command, ...packages) {
  const present = which(command);
  if (present) return { ok: true, path: present };

  const missing = (/** @type {string} */ why) => ({
    ok: /** @type {const} */ (false),
    reason: `${command} is missing (Debian package ${packages.join(", ")}): ${why}`,
  });
  if (!which("apt-get")) return missing("there is no apt-get here");
  if (!(await isRoot())) return missing(`run \`sudo apt-get install ${packages.join(" ")}\``);

  console.log(`installing the Debian package ${packages.join(", ")}, for ${command}`);
  updated ??= apt(["update"]);
  const problem = (await updated) ?? (await apt(["install", "-y", "--no-install-recommends", ...packages]));
  const path = which(command);
  return path ? { ok: true, path } : missing(problem ?? "the package does not contain it");
}

async function isRoot() {
  if (process.getuid?.() === 0) return true;
  return Boolean(which("sudo")) && (await finish("sudo", ["-n", "true"])).code === 0;
}

/** @param {string[]} args @returns {Promise<string | undefined>} what went wrong */
async function apt(args) {
  const command = [
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-o",
    "DPkg::Lock::Timeout=120",
    ...args,
  ];
  if (process.getuid?.() !== 0) command.unshift("sudo", "-n");
  const [program, ...rest] = command;
  const { code, output } = await finish(program, rest);
  if (code === 0) return undefined;
  const errors = output.split("\n").filter((line) => line.startsWith("E:"));
  return `apt-get ${args[0]} failed: ${errors[0]?.slice(3) ?? `code ${code}`}`;
}
