import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";

/** The files of a folder and those below it, named from the root, in one order everywhere. @param {string} folder @param {RegExp} form */
export function sourcesIn(folder, form) {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => form.test(file))
    .sort();
}
