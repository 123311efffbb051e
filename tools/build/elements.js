import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { bundledLicences, licenceInputs } from "./bundled-licences.js";
import { writeElementsTypes } from "./elements-types.js";
import { writeLookAlikes } from "./look-alikes.js";
import { buildWhenStale, inputsOf } from "./stamp.js";

const elements = join(root, "pkg", "src", "elements");
const built = {
  browser: join(root, "pkg", "dist", "elements.js"),
  server: join(root, "pkg", "dist", "elements-server.js"),
  types: join(root, "pkg", "dist", "elements.d.ts"),
};
const licences = join(root, "pkg", "dist", "elements-licences.txt");

export async function buildElements() {
  await writeLookAlikes();
  const builders = ["elements.js", "elements-types.js", "declaration-bundle.js"];
  return buildWhenStale(join(root, "target", "elements.stamp"), {
    extraInputs: [
      "package-lock.json",
      "tsconfig.json",
      ...builders.map((name) => `tools/build/${name}`),
      ...licenceInputs,
    ],
    build: async () => {
      const read = [...(await bundle()).flatMap(inputsOf), ...(await writeElementsTypes(built.types))];
      return { inputs: read, outputs: [...Object.values(built), licences] };
    },
  });
}

/**
 * Bundles the elements with Lit into one file, which a page without a bundler can load too. The package itself stays
 * outside: it has to be the very instance that the portal imports.
 */
async function bundle() {
  const { build } = await import("esbuild");
  const options = /** @type {const} */ ({
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
  });
  const external = ["./browser.js"];
  const browser = await build({
    ...options,
    external,
    entryPoints: [join(elements, "index.ts")],
    outfile: built.browser,
  });
  writeFileSync(licences, bundledLicences("elements.js", browser.metafile));
  const server = await build({
    ...options,
    external,
    entryPoints: [join(elements, "server.ts")],
    outfile: built.server,
  });
  return [browser.metafile, server.metafile];
}
