import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../machine/command.js";
import { upToDate } from "../machine/steps.js";
import { bundledLicences } from "./bundled-licences.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";

const elements = join(root, "pkg", "src", "elements");
const built = {
  browser: join(root, "pkg", "dist", "elements.js"),
  server: join(root, "pkg", "dist", "elements-server.js"),
};
const licences = join(root, "pkg", "dist", "elements-licences.txt");
const stamp = join(root, "target", "elements.stamp");

/**
 * Bundles the elements with Lit into one file, which a page without a bundler can load too. The package itself stays
 * outside: it has to be the very instance that the portal imports.
 */
export async function buildElements() {
  const recipe = ["package-lock.json", "tools/build/elements.js", "tools/build/bundled-licences.js"].map(
    (file) => join(root, file),
  );
  const hash = contentHash([...recipe, join(root, "pkg", "lib", "deadline.js"), ...sources()]);
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
    // Who made what is in it; the texts of their licences lie beside it.
    legalComments: "eof",
    metafile: true,
    logLevel: "silent",
    alias: { ocisign: "../browser.js" },
    external: ["../browser.js"],
  };
  const { metafile } = await build({
    ...options,
    entryPoints: [join(elements, "index.js")],
    outfile: built.browser,
  });
  // With `metafile` there always is one, which the type of options that are spread does not say.
  if (metafile) writeFileSync(licences, bundledLicences("elements.js", metafile));
  await build({ ...options, entryPoints: [join(elements, "server.js")], outfile: built.server });
  writeStamp(stamp, hash);
}

function sources() {
  return readdirSync(elements, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .sort()
    .map((file) => join(elements, file));
}
