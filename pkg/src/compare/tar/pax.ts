// The records of an extended header (POSIX pax, "pax Header Block"): `length key=value\n`, one after the other.
import { quoted, refuse } from "../../strict/fault.ts";
import { textOf } from "./bytes.ts";

/** What is read of them, by key. */
export type PaxRecords = ReadonlyMap<string, string>;

/** Under this name: the attribute of that name, in hexadecimal digits. */
export const capabilities = "capabilities";
/** Under this name: all that is said of holes. */
export const holes = "holes";

const known = new Set(["path", "linkpath", "size", "uid", "gid"]);
const sparse = "GNU.sparse.";
const attribute = "SCHILY.xattr.";
const capability = `${attribute}security.capability`;
/** Attributes by which overlayfs takes away, renames or replaces what lies below; runtimes set what a layer says. */
const ofOverlays = /^(?:trusted|user)\.overlay\./;
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
    const value = bytes.subarray(middle + 1, end - 1);
    checkAttribute(key);
    if (known.has(key)) records.set(key, textAt(key, value));
    else if (key === capability) records.set(capabilities, Array.from(value, inHex).join(""));
    else if (key.startsWith(sparse)) addHoles(records, key, textAt(key, value));
    at = end;
  }
  return records;
}

function textAt(key: string, bytes: Uint8Array): string {
  if (bytes.includes(0)) refuse(`An extended header's ${quoted(key)} has a NUL in it.`);
  return textOf(bytes);
}

function inHex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function checkAttribute(key: string): void {
  const name = key.slice(attribute.length);
  if (key.startsWith(attribute) && ofOverlays.test(name))
    refuse(`An entry has the attribute ${quoted(name)}, by which it could hide files of other layers.`);
}

/** Which holes a file has, may stand there piece by piece, under the same two names. */
function addHoles(records: Map<string, string>, key: string, value: string): void {
  records.set(key, value);
  records.set(holes, `${records.get(holes) ?? ""}${key}=${value}\n`);
}

function damaged(): never {
  return refuse("An extended header is damaged.");
}

/** What those call a global header that write one: git; GNU tar and Go; Python. */
const namesOfGlobal = /(?:^|\/)(?:pax_global_header|GlobalHead\.[\d.]+|@PaxHeader)$/;

/**
 * A global header says something of all entries that follow. Readers disagree whether they heed it, beside comments.
 * Runtimes remove what lies where its own name says, as they do for every entry.
 */
export function checkGlobal(name: string, records: PaxRecords): void {
  const [first] = records.keys();
  if (first !== undefined)
    refuse(`A global header sets ${quoted(first)}, which readers understand differently.`);
  if (!namesOfGlobal.test(name)) refuse(`A global header is called ${quoted(name)}, which runtimes remove.`);
}

/** Whether a file has holes, as Go sees it. What only others take for holes, or for another name, is refused. */
export function hasHoles(records: PaxRecords): boolean {
  if (!records.has(holes)) return false;
  const [major, minor] = ["major", "minor"].map((key) => records.get(`${sparse}${key}`) || undefined);
  const isListed = ["map", "offset"].some((key) => records.get(`${sparse}${key}`));
  const version = `${major}.${minor}`;
  if (version === "1.0" || (isListed && /^(?:0\.[01]|undefined\.undefined)$/.test(version))) return true;
  return refuse("What an entry says of its holes, readers understand differently.");
}
