// How a layer takes away what lies below it (OCI image specification, "Whiteouts").
import { refuse } from "../../strict/fault.ts";

const mark = ".wh.";
const opaque = ".wh..wh..opq";

/** What an entry takes away: itself and all beneath, or only all beneath. */
export interface Whiteout {
  readonly path: string;
  readonly isOpaque: boolean;
}

/** What an entry of this path takes away; undefined if it is an entry like others, `"nothing"` if it is none at all. */
export function whiteoutAt(path: string): Whiteout | "nothing" | undefined {
  const start = path.lastIndexOf("/") + 1;
  if (!path.startsWith(mark, start)) return undefined;
  const folder = path.slice(0, Math.max(start - 1, 0));
  const name = path.slice(start);
  if (name === opaque) return { path: folder, isOpaque: true };
  // What AUFS left there; runtimes pass it over.
  if (name.startsWith(`${mark}${mark}`)) return "nothing";
  const gone = name.slice(mark.length);
  if (gone === "" || gone === "." || gone === "..")
    refuse("A whiteout names nothing, or a folder above itself.");
  return { path: path.slice(0, start) + gone, isOpaque: false };
}
