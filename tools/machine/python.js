// Programs that are written in Python, or that come in Python packages: each set in a virtual environment of its own.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needDebianPackage } from "./apt.js";
import { cached, makeOnce } from "./cache.js";
import { finish, root, run } from "./command.js";

/** Every package, with its version. */
const requirements = join(root, "tools", "machine", "python-requirements.txt");

/** Where the environment is. Another list of packages has another. */
function folder() {
  const list = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  return cached("python", `tools-${list}-${process.platform}-${process.arch}`);
}

/** A program of the environment. @param {string} name */
export function pythonProgram(name) {
  return join(folder(), "bin", name);
}

/** How to call Python within the environment. Its scripts name the folder that it was made in, so they are not used. */
export function python() {
  return pythonProgram("python3");
}

/** Why this machine cannot make the environment. @returns {Promise<string | undefined>} */
export async function noPython() {
  const found = await needDebianPackage("python3", "python3", "python3-venv");
  if (!found.ok) return found.reason;
  // Debian's Python can lack what makes environments.
  if ((await finish(found.path, ["-c", "import ensurepip, venv"])).code === 0) return undefined;
  const added = await needDebianPackage("python3-venv", "python3-venv");
  const works = (await finish(found.path, ["-c", "import ensurepip, venv"])).code === 0;
  return works
    ? undefined
    : `python3 cannot make environments: ${added.ok ? "install python3-venv" : added.reason}`;
}

/** Makes the environment, unless it is there. @param {import("./command.js").RunOptions} [running] */
export function needPythonTools(running) {
  return makeOnce(folder(), async (unfinished) => {
    await run("python3", ["-m", "venv", unfinished], running);
    const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-deps"];
    await run(join(unfinished, "bin", "python3"), [...pip, "-r", requirements], running);
  });
}
