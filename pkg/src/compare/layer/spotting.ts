// Finds package databases among the entries of a layer, and keeps their bytes until the layer's digest is known.

import { Fault, quoted } from "../../strict/fault.ts";
import type { Package } from "../changes.ts";
import type { Entry, Taker } from "../tar/reader.ts";
import { packagesIn } from "./databases.ts";
import type { FoundDatabase, LayerFacts } from "./facts.ts";
import { beyond, type Limits } from "./limits.ts";
import {
  concernsDatabases,
  type DatabaseKind,
  databaseAt,
  foldersOf,
  leadsAstray,
  writeAheadLog,
} from "./places.ts";
import type { Whiteout } from "./whiteout.ts";

/** What stands at a place: bytes, or why there are none. */
type Standing = { readonly kind: DatabaseKind } & (
  | { readonly bytes: Uint8Array }
  | { readonly fault: string }
);

/** More bytes than these a file of one package does not have. */
const mostOfPart = 256 * 1024;
const mostFound = 20_000;

export class Spotting {
  #limits: Limits;
  #found = new Map<string, Standing>();
  /** Paths of which it is known that nothing was found beneath. */
  #empty = new Set<string>();
  #gone = new Set<string>();
  #opaque = new Set<string>();
  #astray: string | undefined;
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  whiteout({ path, isOpaque }: Whiteout): void {
    if (path !== "" && !concernsDatabases(path)) return;
    this.#takeAway(isOpaque ? this.#opaque : this.#gone, path);
  }

  /** Returns who takes the bytes, if this is a database. What comes later in a layer counts. */
  entry(entry: Entry): Taker | undefined {
    const { path, kind, target = "" } = entry;
    if (!concernsDatabases(path)) return undefined;
    const database = databaseAt(path);
    // One that is a folder is told below, as what it is.
    if (kind === "directory" && !database) return undefined;
    this.#takeAway(this.#gone, path);
    if (!database || kind === "symlink") this.#forgetBelow(path);
    if (kind === "symlink" && leadsAstray(path, target)) {
      this.#astray ??= `${quoted(path)} is a link that is not followed`;
    }
    if (!database || kind === "symlink") return undefined;
    // As a database is left that was closed.
    if (path.endsWith(writeAheadLog) && entry.size === 0) return undefined;
    const why = this.#whyNot(entry, database);
    if (why === undefined) return this.#taker(entry, database);
    this.#set(path, { kind: database, fault: `${quoted(path)} ${why}` });
    return undefined;
  }

  #takeAway(from: Set<string>, path: string): void {
    from.add(path);
    if (from.size > mostFound)
      beyond(`It has more than ${mostFound} package databases, or takes away so many.`);
  }

  #whyNot({ kind, size, holes }: Entry, database: DatabaseKind): string | undefined {
    if (kind !== "file") return `is a ${kind}, and no file.`;
    if (holes !== "") return "is stored with holes, which are not read.";
    const most = database === "dpkgParts" ? mostOfPart : this.#limits.database;
    if (size > most) return `has ${size} bytes; at most ${most} are read.`;
    if (this.#bytes + size > this.#limits.database) {
      return `is one of databases that have more than ${this.#limits.database} bytes together.`;
    }
    return undefined;
  }

  #taker({ path, size }: Entry, kind: DatabaseKind): Taker {
    const bytes = new Uint8Array(size);
    let at = 0;
    // Counted at once, so that many entries of one name cost no more than one.
    this.#set(path, { kind, bytes });
    return {
      piece: (part) => {
        bytes.set(part, at);
        at += part.length;
      },
      end: () => {},
    };
  }

  #set(path: string, standing: Standing): void {
    this.#forget(path);
    this.#found.set(path, standing);
    for (const folder of foldersOf(path)) this.#empty.delete(folder);
    if ("bytes" in standing) this.#bytes += standing.bytes.length;
  }

  #forget(path: string): void {
    const standing = this.#found.get(path);
    if (standing && "bytes" in standing) this.#bytes -= standing.bytes.length;
    this.#found.delete(path);
  }

  /** What is no folder takes the place of one, with all beneath. */
  #forgetBelow(path: string): void {
    this.#forget(path);
    for (const other of this.#belowOf(path)) this.#forget(other);
    this.#empty.add(path);
  }

  /** What was found in a folder. A layer may ask a million times: where nothing is, nobody looks again. */
  #belowOf(path: string): string[] {
    if (this.#empty.has(path)) return [];
    const below = [...this.#found.keys()].filter((other) => other.startsWith(`${path}/`));
    if (below.length === 0) this.#empty.add(path);
    return below;
  }

  /** What was found. Call it when the layer is known to be the one that was asked for. */
  facts(): LayerFacts {
    return {
      databases: [...this.#found].map(([path, standing]) => read(path, standing)),
      gone: [...this.#gone],
      opaque: [...this.#opaque],
      astray: this.#astray,
    };
  }
}

function read(path: string, standing: Standing): FoundDatabase {
  const { kind } = standing;
  if ("fault" in standing) return { path, kind, fault: standing.fault };
  const named = packages(path, standing.bytes, kind);
  return typeof named === "string" ? { path, kind, fault: named } : { path, kind, packages: named };
}

function packages(path: string, bytes: Uint8Array, kind: DatabaseKind): readonly Package[] | string {
  try {
    return packagesIn(path, bytes, kind);
  } catch (error) {
    if (error instanceof Fault) return `${quoted(path)} cannot be read: ${error.message}`;
    throw error;
  }
}
