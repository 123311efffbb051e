// Reads a journal from its beginning, in pieces, and says where it ends: what a killed process left behind its last
// whole line is no record.
import type { FileHandle } from "node:fs/promises";
import type { JournalRecord } from "../bulk/sign/journal.ts";
import { fieldOf } from "../foreign.ts";
import { damagedAt, noJournal, tooNew } from "./faults.ts";
import { beginning, firstBytes, parsed, readLine } from "./line.ts";

/** A line is shorter: it holds one reference and one message. */
const longestLine = 1024 * 1024;
const pieceSize = 256 * 1024;
const lineBreak = 0x0a;

/** Where a journal ends. */
export interface End {
  /** Behind the last whole line. */
  size: number;
  /** The checksum that the next line covers. */
  sum: string;
  /** The last line is whole but for its line break. */
  lacksBreak: boolean;
  /** Bytes of a line that was being written. */
  torn: number;
}

/**
 * The records up to the file's end, or to `limit` bytes.
 *
 * @param path for messages
 * @returns where it ends
 */
export async function* recordsIn(
  file: FileHandle,
  path: string,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<JournalRecord, End> {
  const end: End = { size: 0, sum: beginning, lacksBreak: false, torn: 0 };
  let line = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of piecesOf(file, limit)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    let from = 0;
    for (let to = bytes.indexOf(lineBreak); to >= 0; to = bytes.indexOf(lineBreak, from)) {
      line += 1;
      const { record, sum } = recordAt(path, line, bytes.subarray(from, to), end.sum);
      end.sum = sum;
      end.size += to - from + 1;
      from = to + 1;
      yield record;
    }
    rest = bytes.subarray(from);
    if (line === 0) checkFirst(path, rest);
    if (rest.length > longestLine) throw damagedAt(path, line + 1, "it is longer than any record");
  }
  if (rest.length === 0) return end;
  const last = lastRecord(path, line + 1, rest, end);
  if (last) yield last;
  return end;
}

async function* piecesOf(file: FileHandle, limit: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < limit; ) {
    const piece = Buffer.allocUnsafe(Math.min(pieceSize, limit - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

function recordAt(path: string, line: number, bytes: Buffer, before: string) {
  if (line === 1 && bytes.toString("latin1", 0, firstBytes.length) !== firstBytes) throw noJournal(path);
  const read = readLine(bytes, before);
  if (!("wrong" in read)) return read;
  const version = line === 1 ? fieldOf(parsed(bytes.toString()), "version") : undefined;
  if (typeof version === "number" && version > 1) throw tooNew(path, version);
  throw damagedAt(path, line, read.wrong);
}

/** What does not begin as a journal does, is none; nothing of it is touched. Of a first line that is not whole yet. */
function checkFirst(path: string, bytes: Buffer): void {
  const begins = bytes.subarray(0, firstBytes.length).toString("latin1");
  if (!firstBytes.startsWith(begins)) throw noJournal(path);
}

/** What stands behind the last line break: a record without its line break, or the beginning of one. */
function lastRecord(path: string, line: number, rest: Buffer, end: End): JournalRecord | undefined {
  const read = readLine(rest, end.sum);
  if (!("wrong" in read)) {
    end.size += rest.length;
    end.sum = read.sum;
    end.lacksBreak = true;
    return read.record;
  }
  if (!couldBeTorn(rest, end.sum)) throw damagedAt(path, line, "it is no part of a record");
  end.torn = rest.length;
  return undefined;
}

const recordBytes = '{"kind":"';

/** A process was killed while it wrote, or the machine lost its power: then zeros may stand where the text belongs. */
function couldBeTorn(rest: Buffer, before: string): boolean {
  // Were it whole but for its last byte, then not the record but its line break was changed.
  if (!("wrong" in readLine(rest.subarray(0, -1), before))) return false;
  const begins = rest.subarray(0, recordBytes.length).toString("latin1");
  return recordBytes.startsWith(begins) || rest.every((byte) => byte === 0);
}
