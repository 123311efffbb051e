// What package databases say is installed.

import { refuse } from "../../strict/fault.ts";
import type { Package } from "../changes.ts";
import { checkCount, type Installed, packageOf, toldApart } from "./package-of.ts";
import { type DatabaseKind, writeAheadLog } from "./places.ts";
import { isSqlite, rpmPackages } from "./rpm.ts";

/** @param path for what a format is called by */
export function packagesIn(path: string, bytes: Uint8Array, kind: DatabaseKind): readonly Package[] {
  switch (kind) {
    case "dpkg":
    case "dpkgParts":
      return listed(bytes, ["package", "status", "version", "architecture"], dpkgPackage);
    case "apk":
      return listed(bytes, ["P", "V", "L", "A"], apkPackage);
    case "rpm":
      if (path.endsWith(writeAheadLog)) refuse("It holds changes of the database that are not read.");
      if (!path.endsWith(".sqlite") || !isSqlite(bytes)) {
        refuse("It is in a format of rpm that is not read: only SQLite is.");
      }
      return rpmPackages(bytes);
  }
}

type Fields = ReadonlyMap<string, string>;

/**
 * Paragraphs of lines, with an empty line between two of them. Only the lines that are wanted become texts: a database
 * may have megabytes of others.
 *
 * @param wanted the names of fields, in lower case where case does not count
 * @param read gives nothing for what is not installed
 */
function listed(
  bytes: Uint8Array,
  wanted: readonly string[],
  read: (fields: Fields) => Package | undefined,
): Package[] {
  const packages: Installed[] = [];
  let fields = new Map<string, string>();
  let isAny = false;
  const end = () => {
    const one = isAny ? read(fields) : undefined;
    if (one) packages.push({ one, architecture: fields.get("architecture") ?? fields.get("A") ?? "" });
    checkCount(packages);
    fields = new Map();
    isAny = false;
  };
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(lineFeed, at);
    const next = newline === -1 ? bytes.length : newline;
    const line = bytes.subarray(at, next);
    at = next + 1;
    if (isBlank(line)) {
      end();
      continue;
    }
    isAny = true;
    const [name, value] = fieldIn(line) ?? [];
    if (name !== undefined && value && wanted.includes(name) && !fields.has(name))
      fields.set(name, textIn(value));
  }
  end();
  return toldApart(packages);
}

const [lineFeed, carriageReturn, colon, space, tab] = [0x0a, 0x0d, 0x3a, 0x20, 0x09];
/** The longest name of a field that is looked at. */
const longestName = 20;
/** The longest value that becomes a text, in bytes: what is longer than a package's name may be, is told as that. */
const longestValue = 8192;

function isBlank(line: Uint8Array): boolean {
  return line.length < 100 && line.every((byte) => byte === space || byte === tab || byte === carriageReturn);
}

/** `Name: value`. A line that begins with a space goes on with what stands before, which none of the fields needs. */
function fieldIn(line: Uint8Array): readonly [name: string, value: Uint8Array] | undefined {
  const first = line[0];
  const end = line.subarray(0, longestName).indexOf(colon);
  if (first === space || first === tab || end < 1) return undefined;
  const name = textIn(line.subarray(0, end));
  // apk's names are letters, of which both cases are in use.
  return [name.length > 1 ? name.toLowerCase() : name, line.subarray(end + 1)];
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What is no UTF-8 shows as that. */
function textIn(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, longestValue)).trim();
}

/** States in which nothing of a package is there but, perhaps, its configuration (dpkg(1), "Package states"). */
const absent = ["not-installed", "config-files"];

function dpkgPackage(fields: Fields): Package | undefined {
  const name = fields.get("package") || refuse("A paragraph names no package.");
  // Files of single packages, as in distroless images, have no state.
  const state = fields.get("status")?.split(/\s+/)[2];
  if (state !== undefined && absent.includes(state)) return undefined;
  return packageOf("deb", name, fields.get("version"), []);
}

function apkPackage(fields: Fields): Package {
  const name = fields.get("P") || refuse("A paragraph names no package.");
  const licence = fields.get("L");
  return packageOf("apk", name, fields.get("V"), licence ? [licence] : []);
}
