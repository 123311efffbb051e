// Where the program keeps what it must not lose. It is not beside the configuration, which people copy and share.
import { homedir } from "node:os";
import { join } from "node:path";

export function loginFolder(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  const base =
    XDG_STATE_HOME || (process.platform === "win32" && LOCALAPPDATA) || join(homedir(), ".local", "state");
  return join(base, "ocisign", "login");
}
