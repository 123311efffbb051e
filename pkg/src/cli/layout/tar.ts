// An OCI layout in a tar archive, as skopeo (`oci-archive:`) and BuildKit write it. It is walked along once, to learn
// where each file begins; nothing of it is unpacked. Its reader is the one that reads layers.
import type { Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type Entry, type Taker, TarReader } from "../../compare/tar/reader.ts";
import { Fault } from "../../strict/fault.ts";
import { cannotRead, unreadable } from "../input.ts";
import type { OpenLayout } from "./open.ts";
import { pieceAt, piecesOf } from "./pieces.ts";

/** Where the content of a file begins, and how long it is. */
interface Place {
  readonly from: number;
  readonly size: number;
}

/** No layout that is carried in one archive has more files. */
const mostFiles = 100_000;

export async function tarFiles(path: string, about: Stats, signal: AbortSignal): Promise<OpenLayout> {
  const notTar = (what: string, fix: string) => unreadable(path, "--layout", what, fix);
  if (!about.isFile()) throw notTar("it is neither a folder nor a file", "Name a folder or a tar archive.");
  const file = await open(path).catch((cause: unknown) => {
    throw cannotRead(path, "--layout", cause);
  });
  try {
    const packer = await packerOf(file);
    if (packer) throw notTar(`it is compressed with ${packer}`, `Unpack it first: ${packer} -d`);
    const places = await placesIn(file, about.size, signal);
    return {
      read(name) {
        const place = places.get(name);
        if (place instanceof Fault) throw place;
        return place && piecesOf(file, place.from, place.size);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    signal.throwIfAborted();
    if (!(error instanceof Fault)) throw cannotRead(path, "--layout", error);
    throw notTar(
      `it is no tar archive, or a damaged one. ${error.message.replace(/\.$/, "")}`,
      "Make it anew.",
    );
  }
}

async function packerOf(file: FileHandle): Promise<string | undefined> {
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
  const first = buffer.toString("hex");
  if (first.startsWith("1f8b")) return "gzip";
  if (first === "28b52ffd") return "zstd";
  return first.startsWith("425a68") ? "bzip2" : first === "fd377a58" ? "xz" : undefined;
}

/** Where each file is. The last of a name counts, as for what unpacks; of what says what is there, there is one. */
async function placesIn(
  file: FileHandle,
  size: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Place | Fault>> {
  const places = new Map<string, Place | Fault>();
  /** Where the piece begins that is read now. */
  let [begin, piece] = [0, new Uint8Array()];
  const reader = new TarReader((entry) => {
    if (places.size >= mostFiles) throw new Fault(`It has more than ${mostFiles} files.`);
    if (entry.kind === "directory") return undefined;
    if (["index.json", "oci-layout"].includes(entry.path) && places.has(entry.path)) {
      throw new Fault(`It has two files ${entry.path}.`);
    }
    places.set(entry.path, unreadyPlace(entry, places));
    return entry.kind === "file" ? noting(entry) : undefined;
  });
  const noting = ({ path, size: length }: Entry): Taker => {
    let isNoted = length === 0;
    return {
      get hasEnough() {
        return isNoted;
      },
      piece(part) {
        if (isNoted || part.length === 0) return;
        isNoted = true;
        places.set(path, { from: begin + part.byteOffset - piece.byteOffset, size: length });
      },
      end() {},
    };
  };
  // A file may be longer than its archive, and what is in it longer than anybody waits for: that is passed over.
  while (begin < size && !reader.isOver) {
    signal.throwIfAborted();
    const next = await pieceAt(file, begin, size - begin);
    if (!next) break;
    piece = next;
    reader.write(piece);
    begin += piece.length;
    begin += reader.skip(size - begin);
  }
  reader.end();
  return places;
}

/** Until its content comes, a file has none. A second name of a file has its place; other links lead nowhere here. */
function unreadyPlace(
  { path, kind, target, holes }: Entry,
  places: ReadonlyMap<string, Place | Fault>,
): Place | Fault {
  if (kind === "file" && holes === "") return { from: 0, size: 0 };
  const other =
    kind === "hardlink" && target !== undefined ? places.get(target.replace(/^\.\//, "")) : undefined;
  return other ?? new Fault(`${path} is stored in a way that is not read.`);
}
