import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root, run } from "../machine/command.js";

const built = join(root, "pkg", "dist");

/** By which Node knows that it carries a program (nodejs.org/api/single-executable-applications.html). */
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** The files of the package that the command line loads, by their names in it. */
export function carried() {
  const ofProgram = readdirSync(join(built, "cli")).filter((name) => /\.(cjs|json)$/.test(name));
  const names = [
    ...ofProgram.map((name) => `cli/${name}`),
    "node.cjs",
    "certificates.cjs",
    "trust.cjs",
    "ocisign.wasm",
  ];
  return Object.fromEntries(names.map((name) => [name, join(built, name)]));
}

/**
 * Makes one file of the Node that runs this and the command line. The package has to be built.
 *
 * @param {string} folder for the file and what it is made of
 * @returns {Promise<string>} its path
 */
export async function buildExecutable(folder) {
  if (process.platform !== "linux") throw new Error("The executable is made on Linux only, so far.");
  mkdirSync(folder, { recursive: true });
  const [config, blob, file] = ["sea.json", "sea.blob", "ocisign"].map((name) => join(folder, name));
  const settings = {
    main: join(root, "tools", "build", "executable-entry.cjs"),
    output: blob,
    disableExperimentalSEAWarning: true,
    assets: carried(),
  };
  writeFileSync(config, JSON.stringify(settings));
  await run(process.execPath, ["--experimental-sea-config", config]);
  copyFileSync(process.execPath, file);
  chmodSync(file, 0o755);
  // Node's documentation names this tool; Node does the same itself from 25.5 on. It is MIT, and only runs here.
  /** @type {{ inject(file: string, name: string, blob: Buffer, how: { sentinelFuse: string }): Promise<void> }} */
  const { inject } = createRequire(import.meta.url)("postject");
  await inject(file, "NODE_SEA_BLOB", readFileSync(blob), { sentinelFuse: fuse });
  writeFileSync(join(folder, "licences.txt"), licencesOf(built));
  const ofNode = join(dirname(process.execPath), "..", "LICENSE");
  if (existsSync(ofNode)) copyFileSync(ofNode, join(folder, "licence-of-node.txt"));
  return file;
}

/** The texts for all that the file holds: the command line, the library, the module. @param {string} dist */
function licencesOf(dist) {
  const files = readdirSync(dist, { recursive: true, encoding: "utf8" });
  const texts = files.filter((name) => name.endsWith("licences.txt") && !name.startsWith("elements"));
  return texts
    .sort()
    .map((name) => readFileSync(join(dist, name), "utf8"))
    .join("\n\n");
}
