// Node from 22.1 on can keep what it compiled, for the next start.
import { mkdirSync } from "node:fs";
import module from "node:module";
import { join } from "node:path";
import { cacheFolder } from "./own-folders.ts";

/** Not in the folder for temporary files, where Node keeps it by itself: other users can write there. */
export function keepCompiled(): void {
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  if (NODE_COMPILE_CACHE || NODE_DISABLE_COMPILE_CACHE || !hasCache(module)) return;
  const cache = cacheFolder();
  if (cache === undefined) return;
  try {
    const folder = join(cache, "compiled");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    module.enableCompileCache(folder);
  } catch {
    // Without a home that can be written, each start compiles.
  }
}

/** The types are those of Node 20. */
function hasCache(given: object): given is { enableCompileCache(folder: string): unknown } {
  return "enableCompileCache" in given;
}
