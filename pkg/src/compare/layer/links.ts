// The symbolic links of one layer. Runtimes follow those that came before: where `run` leads to `/usr/bin`, they put
// `run/sh` there. What other layers bring they do not follow alike, and mostly not at all.
import { quoted, refuse } from "../../strict/fault.ts";
import { checkLength, cleaned } from "../tar/path.ts";
import { beyond } from "./limits.ts";
import { foldersOf } from "./places.ts";

/** As many as Linux follows on one way. */
const mostFollowed = 40;
/** What all of them may take, in characters: nobody has a million links. */
const mostKept = 16 * 1024 * 1024;
/** So many folders are passed on all ways of a layer: each of its entries could lie behind forty long links. */
const mostPassed = 5_000_000;

export class Links {
  /** Where they lead, by their paths. */
  #targets = new Map<string, string>();
  /** How many are beneath a folder. */
  #beneath = new Map<string, number>();
  #kept = 0;
  #passed = 0;
  /** A whiteout of the same layer may have taken some away. */
  #isDoubtful = false;

  /** Where a file goes. */
  placeOf(path: string): string {
    const place = this.resolved(path);
    if (place !== path && this.#isDoubtful)
      refuse(`A link on the way to ${quoted(path)} may be taken away by its own layer.`);
    return place;
  }

  /** Where an entry goes: its folders as the links lead, and its own name. */
  resolved(path: string): string {
    const isLed = this.#targets.size > 0 && foldersOf(path).some((folder) => this.#targets.has(folder));
    if (!isLed) return path;
    const end = path.lastIndexOf("/");
    const place = [...this.#walked(path.slice(0, end).split("/"), path), path.slice(end + 1)].join("/");
    checkLength(place, "name, as its links lead,");
    // The depth counts, too.
    return cleaned(place).path;
  }

  #walked(parts: readonly string[], path: string): string[] {
    const left = [...parts].reverse();
    const walked: string[] = [];
    let followed = 0;
    for (let part = left.pop(); part !== undefined; part = left.pop()) {
      if (++this.#passed > mostPassed) beyond("Its links lead past more folders than are looked at.");
      if (part === "" || part === ".") continue;
      if (part === "..") walked.pop();
      else walked.push(part);
      const target = part === ".." ? undefined : this.#targets.get(walked.join("/"));
      if (target === undefined) continue;
      followed += 1;
      if (followed > mostFollowed) refuse(`The links on the way to ${quoted(path)} lead in circles.`);
      walked.pop();
      if (target.startsWith("/")) walked.length = 0;
      left.push(...target.split("/").reverse());
    }
    return walked;
  }

  /** Something else than a folder stands here from now on; or a folder, which may take the place of a link. */
  put(path: string, kind: string, target: string | undefined): void {
    if (kind !== "directory") this.#checkFree(path);
    this.#forget(path);
    if (kind !== "symlink" || target === undefined) return;
    this.#targets.set(path, target);
    for (const folder of foldersOf(path)) this.#beneath.set(folder, (this.#beneath.get(folder) ?? 0) + 1);
    this.#kept += path.length + target.length;
    if (this.#kept > mostKept) beyond("It has more links than are followed.");
  }

  /** A whiteout of this path. Some runtimes take away what came before it in the layer, and some do not. */
  takeAway(path: string): void {
    if (this.#targets.has(path) || this.#beneath.get(path)) this.#isDoubtful = true;
  }

  #checkFree(path: string): void {
    if ((this.#beneath.get(path) ?? 0) === 0) return;
    refuse(`Something takes the place of the folder ${quoted(path)} of the same layer, in which links are.`);
  }

  #forget(path: string): void {
    if (!this.#targets.delete(path)) return;
    for (const folder of foldersOf(path)) this.#beneath.set(folder, (this.#beneath.get(folder) ?? 0) - 1);
  }
}
