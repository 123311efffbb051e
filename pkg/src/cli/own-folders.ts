// The folders in which a person's programs keep things: the XDG Base Directory Specification's, and those of Windows. Only
// an absolute path is one. Any other would lie below the folder in which the program is started, so that whoever filled
// that folder would choose the service that gets the token, and the keys that are trusted.
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The path, if it is absolute. The specification has the others ignored. */
export function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/** A folder below the home. Undefined without a home: an empty HOME is none, and the user of a container may have none. */
export function inHome(...parts: readonly string[]): string | undefined {
  const home = absolute(homeOrNothing());
  return home === undefined ? undefined : join(home, ...parts);
}

function homeOrNothing(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** What the program can make anew. */
export function cacheFolder(): string | undefined {
  return ownFolder("XDG_CACHE_HOME", ".cache");
}

/** What it must not lose. It is not beside the configuration, which people copy and share. */
export function stateFolder(): string | undefined {
  return ownFolder("XDG_STATE_HOME", ".local", "state");
}

function ownFolder(variable: "XDG_CACHE_HOME" | "XDG_STATE_HOME", ...usual: readonly string[]) {
  const { [variable]: named, LOCALAPPDATA } = process.env;
  const windows = process.platform === "win32" ? LOCALAPPDATA : undefined;
  const base = absolute(named) ?? absolute(windows) ?? inHome(...usual);
  return base === undefined ? undefined : join(base, "ocisign");
}
