// The records of an extended header (POSIX pax, "pax Header Block"): `length key=value\n`, one after the other.
import { quoted, refuse } from "../../strict/fault.ts";
import { textOf } from "./bytes.ts";

/** What is read of them, by key. */
export type PaxRecords = ReadonlyMap<string, string>;

const known = new Set(["path", "linkpath", "size", "uid", "SCHILY.xattr.security.capability"]);
const sparse = "GNU.sparse.";
const [space, equals, newline] = [0x20, 0x3d, 0x0a];

export function paxRecords(bytes: Uint8Array): PaxRecords {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const gap = bytes.indexOf(space, at);
    const digits = gap === -1 || gap - at > 7 ? "" : textOf(bytes.subarray(at, gap));
    const length = /^[1-9]\d*$/.test(digits) ? Number(digits) : damaged();
    const end = at + length;
    if (end > bytes.length || end <= gap + 1 || bytes[end - 1] !== newline) damaged();
    const middle = bytes.indexOf(equals, gap);
    if (middle === -1 || middle >= end || middle === gap + 1) damaged();
    const key = textOf(bytes.subarray(gap + 1, middle));
    if (known.has(key) || key.startsWith(sparse)) {
      records.set(key, textAt(key, bytes.subarray(middle + 1, end - 1)));
    }
    at = end;
  }
  return records;
}

/** Binary values are only noted. */
function textAt(key: string, bytes: Uint8Array): string {
  if (key.startsWith("SCHILY.xattr.")) return bytes.length > 0 ? "there" : "";
  if (bytes.includes(0)) refuse(`An extended header's ${quoted(key)} has a NUL in it.`);
  return textOf(bytes);
}

function damaged(): never {
  return refuse("An extended header is damaged.");
}

/** A global header says something of all entries that follow. Readers disagree whether they heed it, beside comments. */
export function checkGlobal(records: PaxRecords): void {
  const [first] = records.keys();
  if (first !== undefined)
    refuse(`A global header sets ${quoted(first)}, which readers understand differently.`);
}
