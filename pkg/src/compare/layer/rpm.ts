// The packages of an rpm database in SQLite: the rows of its table `Packages`, each of which is a header of rpm. Reading
// a table from its pages needs no SQL, and SQLite's own build for browsers has half a megabyte.
// Sources: "Database File Format" (sqlite.org/fileformat2.html); rpm's docs/manual, "Header format" and "Tags".

import { refuse } from "../../strict/fault.ts";
import type { Package } from "../changes.ts";
import { checkCount, type Installed, packageOf, toldApart } from "./package-of.ts";
import { rowsOf } from "./sqlite.ts";

export function isSqlite(bytes: Uint8Array): boolean {
  const start = "SQLite format 3\0";
  return [...start].every((character, at) => bytes[at] === character.charCodeAt(0));
}

export function rpmPackages(bytes: Uint8Array): Package[] {
  const packages: Installed[] = [];
  for (const row of rowsOf(bytes, "Packages")) {
    // hnum, blob
    const header = row[1];
    if (!(header instanceof Uint8Array)) refuse("A row of its packages holds no header.");
    const one = packageIn(header as Uint8Array);
    // Keys that were imported stand there, too, as if they were packages.
    if (one.one.name !== "gpg-pubkey") packages.push(one);
    checkCount(packages);
  }
  return toldApart(packages);
}

const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  licence: 1014,
  architecture: 1022,
} as const;
/** Types of values: numbers of 32 bits, and texts. */
const [int32, string, strings, i18n] = [4, 6, 8, 9];
const entrySize = 16;

/** A header: how many entries, how many bytes, the entries (tag, type, offset, count), the bytes. All big-endian. */
function packageIn(header: Uint8Array): Installed {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < 8) damaged();
  const [count, length] = [view.getUint32(0), view.getUint32(4)];
  const store = 8 + count * entrySize;
  if (store + length > header.length) damaged();
  const bytes = header.subarray(store, store + length);
  const found = new Map<number, { type: number; offset: number }>();
  for (let at = 8; at < store; at += entrySize) {
    const tag = view.getUint32(at);
    if (!found.has(tag)) found.set(tag, { type: view.getUint32(at + 4), offset: view.getUint32(at + 8) });
  }
  const text = (tag: number): string => {
    const { type, offset = bytes.length } = found.get(tag) ?? {};
    if (type === undefined) return "";
    const end = bytes.indexOf(0, offset);
    if (![string, strings, i18n].includes(type) || end === -1) damaged();
    return new TextDecoder().decode(bytes.subarray(offset, end));
  };
  const name = text(tags.name) || damaged();
  const epoch = numberIn(bytes, found.get(tags.epoch));
  const release = text(tags.release);
  const version = `${epoch ? `${epoch}:` : ""}${text(tags.version)}${release && `-${release}`}`;
  const licence = text(tags.licence);
  const one = packageOf("rpm", name, version, licence ? [licence] : []);
  return { one, architecture: text(tags.architecture) };
}

function numberIn(bytes: Uint8Array, entry: { type: number; offset: number } | undefined): number {
  if (!entry) return 0;
  if (entry.type !== int32 || entry.offset + 4 > bytes.length) damaged();
  return new DataView(bytes.buffer, bytes.byteOffset + entry.offset, 4).getUint32(0);
}

function damaged(): never {
  return refuse("A package's header is damaged.");
}
