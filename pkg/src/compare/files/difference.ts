// The files that differ between two overlays.
import type { FileChange, FileMark, ImageFile } from "../changes.ts";
import { marksOf, ranked } from "./marks.ts";
import { isBlunt, type OverlaidFile, type Overlay } from "./overlay.ts";

/** The layers of an image that the other one has as well, by their places from the bottom. */
export interface Shared {
  readonly lowest: number | undefined;
  readonly highest: number | undefined;
}

/** One of the images, as far as its files were read. */
export interface FilesOfSide {
  readonly overlay: Overlay;
  readonly shared: Shared;
}

/** More are counted, and not told. */
export const mostTold = 1000;

export interface FileDifference {
  readonly changes: readonly FileChange[];
  readonly total: number;
}

export function differenceOf(before: FilesOfSide, after: FilesOfSide): FileDifference {
  const told = new Told();
  for (const path of before.overlay.files.keys()) told.add(compared(path, before, after));
  for (const path of after.overlay.files.keys()) {
    if (!before.overlay.files.has(path)) told.add(compared(path, before, after));
  }
  for (const change of takenAway(before, after)) told.add(change);
  return told.result();
}

/** Keeps the most important of what differs, and counts all. */
class Told {
  #kept: FileChange[] = [];
  #total = 0;

  add(change: FileChange | undefined): void {
    if (!change) return;
    this.#total += 1;
    this.#kept.push(change);
    // Now and then, so that a million costs no memory.
    if (this.#kept.length >= 8 * mostTold) this.#cut();
  }

  result(): FileDifference {
    this.#cut();
    return { changes: this.#kept, total: this.#total };
  }

  #cut(): void {
    const places = new Map(this.#kept.map((change) => [change, [rankOf(change), pathOf(change)] as const]));
    const place = (change: FileChange) => places.get(change) ?? ([0, ""] as const);
    this.#kept.sort((one, other) => {
      const [[rank, path], [otherRank, otherPath]] = [place(one), place(other)];
      return rank - otherRank || (path < otherPath ? -1 : Number(path > otherPath));
    });
    this.#kept.length = Math.min(this.#kept.length, mostTold);
  }
}

/** What has a mark comes first. */
function rankOf({ marks: [first] }: FileChange): number {
  return first === undefined ? ranked.length : ranked.indexOf(first);
}

function pathOf({ change }: FileChange): string {
  return (change.state === "removed" ? change.before : change.after).path;
}

/** A path that at least one overlay has a file at. */
function compared(path: string, before: FilesOfSide, after: FilesOfSide): FileChange | undefined {
  const [old, now] = [before.overlay.files.get(path), after.overlay.files.get(path)];
  if (old && now) {
    if (isSame(old, now)) return undefined;
    const change = { state: "changed", before: shown(path, old), after: shown(path, now) } as const;
    return { change, marks: newMarks(path, old, now), ...sharedOf(above(old, before) || above(now, after)) };
  }
  const file = (now ?? old) as OverlaidFile;
  const [own, other] = now ? [after, before] : [before, after];
  const marks = now ? newMarks(path, undefined, now) : [];
  const isAbove = above(file, own);
  // The other one has taken away what lies below, or nothing does.
  const isBelow = other.shared.lowest !== undefined && !other.overlay.takesAway(path);
  // Layers name each folder on the way to what they bring: that it is new is not known, and says nothing.
  if (file.kind === "directory" && isBelow && marks.length === 0) return undefined;
  const change = now
    ? ({ state: "added", after: shown(path, now) } as const)
    : ({ state: "removed", before: shown(path, file) } as const);
  return { change, marks, ...sharedOf(isAbove, isBelow) };
}

function isSame(one: OverlaidFile, other: OverlaidFile): boolean {
  return (
    one.kind === other.kind &&
    one.size === other.size &&
    one.mode === other.mode &&
    one.uid === other.uid &&
    one.gid === other.gid &&
    one.device === other.device &&
    one.target === other.target &&
    one.content === other.content &&
    one.capabilities === other.capabilities
  );
}

/** What a mark is worth: where it is another, the mark is new. */
const worth: Readonly<Partial<Record<FileMark, "uid" | "gid" | "capabilities" | "device">>> = {
  ...{ setuid: "uid", setgid: "gid", capabilities: "capabilities", device: "device" },
};

function newMarks(path: string, old: OverlaidFile | undefined, now: OverlaidFile): FileMark[] {
  const had = old ? marksOf(path, old) : [];
  return marksOf(path, now).filter((mark) => {
    const what = worth[mark];
    return !had.includes(mark) || (what !== undefined && old?.[what] !== now[what]);
  });
}

function above({ layer }: { readonly layer: number }, { shared: { highest = -1 } }: FilesOfSide): boolean {
  return highest > layer;
}

function sharedOf(isAbove: boolean, isBelow = false): Pick<FileChange, "shared"> {
  if (isAbove) return { shared: "above" };
  return isBelow ? { shared: "below" } : {};
}

/** What one of them takes away of layers that both share, and the other one leaves there. */
function* takenAway(before: FilesOfSide, after: FilesOfSide): Generator<FileChange> {
  yield* takenBy(after, before, (file) => ({ state: "removed", before: file }));
  yield* takenBy(before, after, (file) => ({ state: "added", after: file }));
}

function* takenBy(
  taker: FilesOfSide,
  other: FilesOfSide,
  told: (file: ImageFile) => FileChange["change"],
): Generator<FileChange> {
  for (const at of [taker.overlay.gone, taker.overlay.opaque]) {
    for (const [path, gone] of at) {
      // Without a shared layer below it, there is nothing to take away.
      if ((taker.shared.lowest ?? Number.POSITIVE_INFINITY) > gone.layer) continue;
      const isGone = at === taker.overlay.gone;
      // That one of them has a file there, is told of that file. Of a folder, nothing is told but what is in it.
      if (isGone && [taker, other].some(({ overlay }) => isBlunt(overlay.files.get(path)))) continue;
      if (other.overlay.takesAway(path) || other.overlay.opaque.has(path)) continue;
      const file = { path, kind: "unread", sizeBytes: 0, mode: 0, uid: 0 } as const;
      yield { change: told(file), marks: [], ...sharedOf(above(gone, taker), true) };
    }
  }
}

function shown(path: string, { kind, size, mode, uid, gid, ...file }: OverlaidFile): ImageFile {
  const { device, capabilities, target } = file;
  return {
    ...{ path, kind, sizeBytes: size, mode, uid },
    ...(gid !== uid && { gid }),
    ...(device !== undefined && { device }),
    ...(capabilities !== "" && { capabilities }),
    ...(target !== undefined && { target }),
  };
}
