// What makes a file worth a look; docs/changes.md lists it.
import { invisible } from "../../shown/invisible.ts";
import type { FileMark } from "../changes.ts";
import type { OverlaidFile } from "./overlay.ts";

/** Most important first: in this order files are told. */
export const ranked: readonly FileMark[] = [
  ...(["setuid", "setgid", "capabilities", "device", "worldWritable", "unusualPlace", "executable"] as const),
];

const [setuid, setgid, sticky, anyExecutes, othersWrite] = [0o4000, 0o2000, 0o1000, 0o111, 0o002];

/** Where a runtime mounts something else, or where nothing of an image stays. */
const passing = /^(dev|proc|sys|run|tmp|var\/tmp|var\/run)\//;
/** A name that begins or ends with a blank looks like another one. */
const blankEnd = /(^|\/) | (\/|$)/;
/** A whiteout's name in the middle of a path, which readers understand differently. */
const whiteoutInside = /(^|\/)\.wh\.[^/]*\//;

/** The marks of one file. */
export function marksOf(path: string, file: OverlaidFile): FileMark[] {
  const { kind, mode } = file;
  const isProgram = kind === "file" || kind === "hardlink";
  const executes = isProgram && (mode & anyExecutes) !== 0;
  const is: Record<FileMark, boolean> = {
    setuid: isProgram && (mode & setuid) !== 0,
    // On a folder it hands its group on, and on a file that nobody executes it once meant a lock.
    setgid: executes && (mode & setgid) !== 0,
    capabilities: file.capabilities !== "",
    device: kind === "device",
    worldWritable: isWorldWritable(file),
    unusualPlace: isUnusual(path, file, executes),
    executable: executes,
  };
  return ranked.filter((mark) => is[mark]);
}

/** In a folder with the sticky bit, such as /tmp, nobody can replace what is another's. */
function isWorldWritable({ kind, mode }: OverlaidFile): boolean {
  if (kind === "symlink" || kind === "device" || (mode & othersWrite) === 0) return false;
  return kind !== "directory" || (mode & sticky) === 0;
}

function isUnusual(path: string, { kind, isCrooked }: OverlaidFile, executes: boolean): boolean {
  if (isCrooked || invisible.test(path) || blankEnd.test(path) || whiteoutInside.test(path)) return true;
  if (kind === "directory") return false;
  if (passing.test(path)) return true;
  // A program that hides, or that lies beside the folders of the root.
  return executes && (/(^|\/)\./.test(path) || !path.includes("/"));
}
