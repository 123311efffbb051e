import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";

const folder = join(root, "pkg");

/**
 * Gives the files of the package the modes that they have in its tarball. npm packs them as they are, and under a
 * careful umask it would publish files that only their owner can read.
 */
export function setModes() {
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const programs = Object.values(bin).map((name) => join(folder, name));
  const built = readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" });
  const beside = readdirSync(folder).map((name) => join(folder, name));
  for (const path of [...beside, ...built.map((name) => join(folder, "dist", name))])
    if (statSync(path).isFile()) chmodSync(path, programs.includes(path) ? 0o755 : 0o644);
}
