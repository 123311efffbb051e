// What takes long to make and is the same in every checkout: kept for the user, beside what other tools keep.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { upToDate } from "./steps.js";

const daysKept = 30;

/** The place of something in the cache. @param {string[]} names */
export function cached(...names) {
  return join(cacheFolder(), "ocisign", ...names);
}

function cacheFolder() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === "win32" && LOCALAPPDATA) return LOCALAPPDATA;
  return process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}

/**
 * Makes a folder of the cache, unless it is there. It gets its name when it is complete, so that an interrupted run
 * leaves nothing that looks made, and two runs at once do not disturb each other.
 *
 * @param {string} folder @param {(unfinished: string) => Promise<void>} make
 * @returns {Promise<typeof upToDate | undefined>}
 */
export async function makeOnce(folder, make) {
  const beside = dirname(folder);
  mkdirSync(beside, { recursive: true });
  if (existsSync(folder)) {
    utimesSync(folder, new Date(), new Date());
    return upToDate;
  }
  removeUnused(beside);
  const unfinished = mkdtempSync(join(beside, `.${basename(folder)}-`));
  try {
    await make(unfinished);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** What no checkout asked for in a long time: earlier versions, and what an interrupted run left. @param {string} folder */
function removeUnused(folder) {
  const oldest = Date.now() - daysKept * 24 * 60 * 60_000;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && found.mtimeMs < oldest) rmSync(path, { recursive: true, force: true });
  }
}
