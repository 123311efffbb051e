// Where the program keeps what it can make anew.
import { homedir } from "node:os";
import { join } from "node:path";

export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const base = XDG_CACHE_HOME || (process.platform === "win32" && LOCALAPPDATA) || join(homedir(), ".cache");
  return join(base, "ocisign");
}
