import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./command.js";
import { clearStamp, contentHash, isFresh, writeStamp } from "./stamp.js";
import { upToDate } from "./steps.js";

const elements = join(root, "pkg", "elements");
const built = {
  browser: join(root, "pkg", "wasm", "elements.js"),
  server: join(root, "pkg", "wasm", "elements-server.js"),
};
const stamp = join(root, "target", "elements.stamp");

/**
 * Bundles the elements with Lit into one file, which a page without a bundler can load too. The package itself stays
 * outside: it has to be the very instance that the portal imports.
 */
export async function buildElements() {
  const recipe = ["package-lock.json", "tools/build-elements.js"].map((file) => join(root, file));
  const hash = contentHash([...recipe, join(root, "pkg", "lib", "deadline.js"), ...sources()]);
  if (isFresh(stamp, hash, Object.values(built))) return upToDate;
  clearStamp(stamp);

  const { build } = await import("esbuild");
  /** @type {import("esbuild").BuildOptions} */
  const options = {
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    // Lit's licence asks to be named.
    legalComments: "eof",
    logLevel: "silent",
    alias: { ocisign: "../browser.js" },
    external: ["../browser.js"],
  };
  await build({ ...options, entryPoints: [join(elements, "index.js")], outfile: built.browser });
  await build({ ...options, entryPoints: [join(elements, "server.js")], outfile: built.server });
  writeStamp(stamp, hash);
}

function sources() {
  return readdirSync(elements, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .sort()
    .map((file) => join(elements, file));
}
