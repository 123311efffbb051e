import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";
import { writeElementsTypes } from "./elements-types.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";

const elements = join(root, "pkg", "src", "elements");
const built = {
  browser: join(root, "pkg", "dist", "elements.js"),
  server: join(root, "pkg", "dist", "elements-server.js"),
  types: join(root, "pkg", "dist", "elements.d.ts"),
};
const licences = join(root, "pkg", "dist", "elements-licences.txt");
const stamp = join(root, "target", "elements.stamp");

/**
 * Bundles the elements with Lit into one file, which a page without a bundler can load too. The package itself stays
 * outside: it has to be the very instance that the portal imports.
 */
export async function buildElements() {
  const recipe = [
    "package-lock.json",
    "tsconfig.json",
    "tools/build/elements.js",
    "tools/build/elements-types.js",
  ];
  const hash = contentHash([...recipe.map((file) => join(root, file)), ...sources()]);
  if (isFresh(stamp, hash, [...Object.values(built), licences])) return upToDate;
  clearStamp(stamp);

  const { build } = await import("esbuild");
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    // A module is UTF-8 whatever a server says of it.
    charset: "utf8",
    // Who made what is in it; the texts of their licences lie beside it.
    legalComments: "eof",
    metafile: true,
    logLevel: "silent",
    alias: { ocisign: "../browser.js" },
    external: ["../browser.js"],
  };
  const { metafile } = await build({
    ...options,
    entryPoints: [join(elements, "index.ts")],
    outfile: built.browser,
  });
  writeFileSync(
    licences,
    licencesOf(Object.keys(/** @type {import("esbuild").Metafile} */ (metafile).inputs)),
  );
  await build({ ...options, entryPoints: [join(elements, "server.ts")], outfile: built.server });
  await writeElementsTypes(built.types);
  writeStamp(stamp, hash);
}

/** The licence of every package that was taken in, as its authors ask for. @param {string[]} inputs files */
function licencesOf(inputs) {
  const packages = inputs.map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  const names = [...new Set(packages)].filter((name) => name !== undefined).sort();
  const textOf = (/** @type {string} */ name) =>
    readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8");
  const told = names.map((name) => `${name}\n\n${textOf(name).trim()}\n`);
  return `elements.js holds parts of these packages, under these licences.\n\n${told.join("\n\n")}`;
}

function sources() {
  return readdirSync(elements, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => join(elements, file));
}
