// Where an entry of a layer goes. A runtime resolves its name within the root (containerd: `filepath.Clean`, then
// `fs.RootPath`), so `var/../etc/passwd`, `/etc/passwd` and `../etc/passwd` are the same file.
import { refuse } from "../../strict/fault.ts";

/** The longest path that Linux takes, in bytes; of a name here, in UTF-16 units. */
const longest = 4096;
/** The most folders on the way: programs that walk along it would be kept busy. */
const deepest = 200;

/** A path from the root, without slashes at its ends, and whether its name tried to leave the root or hid the way. */
export interface Cleaned {
  /** Empty for the root itself. */
  readonly path: string;
  /** There was a `..` in it. */
  readonly isCrooked: boolean;
}

/** Refuses what no Linux takes. @param what is it, of an entry? */
export function checkLength(text: string, what: string): void {
  if (text.length <= longest) return;
  refuse(`An entry's ${what} has ${text.length} characters; at most ${longest} are read.`);
}

export function cleaned(name: string): Cleaned {
  checkLength(name, "name");
  if (isClean(name)) return { path: name, isCrooked: false };
  const parts: string[] = [];
  let isCrooked = false;
  for (const part of name.split("/")) {
    if (part === "..") {
      isCrooked = true;
      parts.pop();
    } else if (part !== "" && part !== ".") parts.push(part);
  }
  return { path: checkDepth(parts).join("/"), isCrooked };
}

function checkDepth(parts: string[]): string[] {
  if (parts.length <= deepest) return parts;
  return refuse(`An entry lies ${parts.length} folders deep; at most ${deepest} are read.`);
}

/** Most are: this costs less than to take them apart. */
function isClean(name: string): boolean {
  return name.length < deepest && !/(^|\/)\.{0,2}(\/|$)/.test(name);
}

/** Where a link leads, from the root, as far as its text says. @param path of the link itself */
export function leadsTo(path: string, target: string): string {
  if (target.startsWith("/")) return cleaned(target).path;
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return cleaned(`${folder}${target}`).path;
}
