import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";
import { bundledLicences } from "./bundled-licences.js";
import { writeElementsTypes } from "./elements-types.js";
import { writeLookAlikes } from "./look-alikes.js";
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
  writeLookAlikes();
  const recipe = [
    "package-lock.json",
    "tsconfig.json",
    "tools/build/bundled-licences.js",
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
    alias: { ocisign: "./browser.js" },
    external: ["./browser.js"],
  };
  const { metafile } = await build({
    ...options,
    entryPoints: [join(elements, "index.ts")],
    outfile: built.browser,
  });
  // With `metafile` there always is one, which the type of options that are spread does not say.
  if (metafile) writeFileSync(licences, bundledLicences("elements.js", metafile));
  await build({ ...options, entryPoints: [join(elements, "server.ts")], outfile: built.server });
  await writeElementsTypes(built.types);
  writeStamp(stamp, hash);
}

function sources() {
  return readdirSync(elements, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => join(elements, file));
}
