import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";

/** What decides about the text, beside the packages. */
export const licenceInputs = ["LICENSE-MIT", "tools/build/bundled-licences.js"];

/** Files of ours that are made from a package's data, so that a bundle holds parts of it, too. */
const madeFrom = new Map([["pkg/src/shown/look-alikes.ts", "unhomoglyph"]]);

/**
 * The packages that a bundle took in, by their names.
 *
 * @param {string[]} inputs what the bundler read, from the root
 */
export function packagesAmong(inputs) {
  const names = inputs.map(
    (file) => madeFrom.get(file) ?? /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1],
  );
  return [...new Set(names)].filter((name) => name !== undefined).sort();
}

/**
 * The licences of the packages that a bundle took in, as their authors ask for.
 *
 * @param {string} bundle how the text calls it @param {Pick<import("esbuild").Metafile, "inputs">} metafile
 */
export function bundledLicences(bundle, { inputs }) {
  const told = packagesAmong(Object.keys(inputs)).map((name) => `${name}\n\n${licenceOf(name)}\n`);
  return `${bundle} holds parts of these packages, under these licences.\n\n${told.join("\n\n")}`;
}

/** @param {string} name */
function licenceOf(name) {
  const folder = join(root, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  return file ? readFileSync(join(folder, file), "utf8").trim() : declaredLicence(name, folder);
}

/**
 * Of a package that carries no text: what its package.json declares, with that licence's own text.
 *
 * @param {string} name @param {string} folder
 */
function declaredLicence(name, folder) {
  const { license, author, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (license !== "MIT") throw new Error(`${name} is under ${license}, and its text is not in the package`);
  const by = author?.name ?? author;
  const text = readFileSync(join(root, "LICENSE-MIT"), "utf8");
  const terms = text.slice(text.indexOf("Permission is hereby granted"));
  return `MIT License, as its package.json says\n\nCopyright (c) ${by}\n${repository?.url}\n\n${terms.trim()}`;
}
