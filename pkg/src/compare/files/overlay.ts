// The files of the layers that differ, laid over each other as a runtime does it: what comes later wins, and whiteouts
// take away what lies below. Layers that both images share are not among them.
import { newHash } from "../../strict/hashing.ts";
import { beyond } from "../layer/limits.ts";
import { foldersOf } from "../layer/places.ts";
import type { Whiteout } from "../layer/whiteout.ts";
import type { Entry, Taker } from "../tar/reader.ts";

/** A file, and the place of its layer in the image. */
export class OverlaidFile {
  readonly kind: Entry["kind"];
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly device: string | undefined;
  readonly target: string | undefined;
  readonly capabilities: string;
  readonly isCrooked: boolean;
  readonly layer: number;
  /** Of a file's bytes: the first half of its SHA-256, a character for each byte. */
  content: string;

  /** @param linked what a hard link is another name of, as far as that was read */
  constructor(entry: Entry, layer: number, linked?: OverlaidFile) {
    this.kind = linked && linked.kind !== "file" ? linked.kind : entry.kind;
    this.size = entry.size;
    // Nothing heeds the permissions of a symbolic link. Of a hard link, runtimes heed those of the file, or of both.
    this.mode = this.kind === "symlink" ? 0o777 : entry.mode | (linked?.mode ?? 0);
    this.uid = entry.uid;
    this.gid = entry.gid;
    this.device = linked?.device ?? entry.device;
    this.target = linked?.kind === "symlink" ? linked.target : entry.target;
    this.capabilities = entry.capabilities || (linked?.capabilities ?? "");
    this.isCrooked = entry.isCrooked;
    this.layer = layer;
    this.content = linked?.content ?? "";
  }
}

/** Of layers below these, a path and all beneath it is taken away. */
export interface Gone {
  readonly layer: number;
}

/** What lists of files cost, together. */
export interface Room {
  left: number;
}

/** About what a file costs in memory, beside its names. */
const costOfFile = 200;

export class Overlay {
  readonly files = new Map<string, OverlaidFile>();
  /** What was taken away and not put there again. */
  readonly gone = new Map<string, Gone>();
  /** Folders of which everything below was taken away. */
  readonly opaque = new Map<string, Gone>();
  #room: Room;
  #layer = 0;
  /** Of the layer that is read: nothing of it counts before the whole was read. */
  #fresh = new Map<string, OverlaidFile>();
  #whiteouts: Whiteout[] = [];
  /** What it took of the room. */
  #paid = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Which layer comes next, from the bottom. */
  set layer(at: number) {
    this.#layer = at;
  }

  /** Begins a layer. What was left of one that could not be read is forgotten. */
  begin(): void {
    this.#whiteouts = [];
    this.#fresh = new Map();
    this.#room.left += this.#paid;
    this.#paid = 0;
  }

  whiteout(whiteout: Whiteout): void {
    this.#pay(costOfFile + whiteout.path.length);
    this.#whiteouts.push(whiteout);
  }

  /** @param linked the path that a hard link is another name of */
  entry(entry: Entry, linked?: string): Taker | undefined {
    const { path, kind, holes } = entry;
    const other = linked === undefined ? undefined : (this.#fresh.get(linked) ?? this.files.get(linked));
    const file = new OverlaidFile(entry, this.#layer, other);
    if (!this.#fresh.has(path)) this.#pay(costOf(path, entry.target));
    this.#fresh.set(path, file);
    if (kind !== "file") return undefined;
    const hash = newHash("sha256");
    // Where its holes are is a part of its content.
    if (holes !== "") hash.update(new TextEncoder().encode(`${file.size}\n${holes}\n`));
    return {
      piece: (bytes) => hash.update(bytes),
      end: () => {
        file.content = String.fromCharCode(...hash.digest().subarray(0, 16));
      },
    };
  }

  /** Call it when the layer was read. Whiteouts concern what is below it, wherever in the layer they stand. */
  end(): void {
    const layer = this.#layer;
    const removed = new Set<string>();
    const emptied = new Set<string>();
    for (const { path, isOpaque } of this.#whiteouts) {
      (isOpaque ? emptied : removed).add(path);
      (isOpaque ? this.opaque : this.gone).set(path, { layer });
    }
    this.#takeAway(removed, emptied);
    for (const [path, file] of this.#fresh) {
      // Of two of one name, one is kept.
      if (this.files.has(path)) this.#room.left += costOf(path, file.target);
      this.files.set(path, file);
    }
    this.#paid = 0;
    this.begin();
  }

  #takeAway(removed: ReadonlySet<string>, emptied: ReadonlySet<string>): void {
    /** Whether what is in a folder goes with it, by the folder. */
    const goes = new Map<string, boolean>();
    const isInGone = (path: string): boolean => {
      const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
      const known = goes.get(folder);
      if (known !== undefined) return known;
      const isGone =
        emptied.has("") ||
        foldersOf(path).some((it) => removed.has(it) || emptied.has(it) || isBlunt(this.#fresh.get(it)));
      goes.set(folder, isGone);
      return isGone;
    };
    for (const path of this.files.keys()) if (removed.has(path) || isInGone(path)) this.files.delete(path);
  }

  /** Is a path of the layers below taken away, by itself or with a folder? */
  takesAway(path: string): boolean {
    if (this.gone.has(path) || this.opaque.has("")) return true;
    return foldersOf(path).some(
      (it) => this.gone.has(it) || this.opaque.has(it) || isBlunt(this.files.get(it)),
    );
  }

  #pay(cost: number): void {
    this.#paid += cost;
    this.#room.left -= cost;
    if (this.#room.left < 0) {
      beyond("The layers that differ hold more files than can be compared here.");
    }
  }
}

function costOf(path: string, target: string | undefined): number {
  return costOfFile + path.length + (target?.length ?? 0);
}

/** Is it no folder, so that nothing is beneath? */
export function isBlunt(file: OverlaidFile | undefined): boolean {
  return file !== undefined && file.kind !== "directory";
}
