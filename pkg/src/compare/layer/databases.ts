// What package databases say is installed.

import { refuse } from "../../strict/fault.ts";
import type { Package } from "../changes.ts";
import { packageOf } from "./package-of.ts";
import { type DatabaseKind, writeAheadLog } from "./places.ts";
import { isSqlite, rpmPackages } from "./rpm.ts";

/** More packages than this no image has. */
export const mostPackages = 50_000;

/** @param path for what a format is called by */
export function packagesIn(path: string, bytes: Uint8Array, kind: DatabaseKind): readonly Package[] {
  switch (kind) {
    case "dpkg":
    case "dpkgParts":
      return listed(bytes, dpkgPackage);
    case "apk":
      return listed(bytes, apkPackage);
    case "rpm":
      if (path.endsWith(writeAheadLog)) refuse("It holds changes of the database that are not read.");
      if (!path.endsWith(".sqlite") || !isSqlite(bytes)) {
        refuse("It is in a format of rpm that is not read: only SQLite is.");
      }
      return checkCount(rpmPackages(bytes));
  }
}

/** Paragraphs of lines, with an empty line between two of them. @param read gives nothing for what is not installed */
function listed(bytes: Uint8Array, read: (fields: Fields) => Package | undefined): Package[] {
  const packages: Package[] = [];
  for (const paragraph of textIn(bytes).split(/\n(?:[ \t]*\n)+/)) {
    const fields = fieldsIn(paragraph);
    const one = fields.size > 0 ? read(fields) : undefined;
    if (one) packages.push(one);
    checkCount(packages);
  }
  return packages;
}

/** What is no UTF-8 in a maintainer's name says nothing of the rest. */
function textIn(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replaceAll("\r\n", "\n");
}

type Fields = ReadonlyMap<string, string>;

/** `Name: value`. A line that begins with a space goes on with what stands before, which none of the fields here needs. */
function fieldsIn(paragraph: string): Fields {
  const fields = new Map<string, string>();
  for (const line of paragraph.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0 || /^\s/.test(line)) continue;
    const name = line.slice(0, colon);
    // apk's names are letters, of which both cases are in use.
    const key = name.length > 1 ? name.toLowerCase() : name;
    if (!fields.has(key)) fields.set(key, line.slice(colon + 1).trim());
  }
  return fields;
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

export function checkCount<T extends readonly unknown[]>(packages: T): T {
  if (packages.length > mostPackages) refuse(`It names more than ${mostPackages} packages.`);
  return packages;
}
