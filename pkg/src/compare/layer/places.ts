// Where package managers keep what they have installed, in layers.
import { leadsTo } from "../tar/path.ts";

/** One database in one file, but for distroless images: they have a file for each package. */
export type DatabaseKind = "dpkg" | "dpkgParts" | "apk" | "rpm";

interface Place {
  readonly path: string;
  readonly kind: DatabaseKind;
}

/** Formats of rpm before SQLite are known, so that they are told, and not read. */
const rpmFolders = ["var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"];
/** What SQLite has written down and not put into its database yet, beside it. */
export const writeAheadLog = "-wal";
const rpmFiles = ["rpmdb.sqlite", `rpmdb.sqlite${writeAheadLog}`, "Packages.db", "Packages"];

const places: readonly Place[] = [
  { path: "var/lib/dpkg/status", kind: "dpkg" },
  { path: "var/lib/dpkg/status.d", kind: "dpkgParts" },
  { path: "lib/apk/db/installed", kind: "apk" },
  // Since apk-tools 3, and where /lib is a link.
  { path: "usr/lib/apk/db/installed", kind: "apk" },
  ...rpmFolders.flatMap((folder) =>
    rpmFiles.map((file) => ({ path: `${folder}/${file}`, kind: "rpm" as const })),
  ),
];

const exactly = new Map(places.map((place) => [place.path, place.kind]));
/** All folders on the way to them. */
const onTheWay = new Set(places.flatMap(({ path }) => foldersOf(path)));
const parts = "var/lib/dpkg/status.d/";

/** The database that a path is, if it is one. */
export function databaseAt(path: string): DatabaseKind | undefined {
  const kind = exactly.get(path);
  if (kind !== undefined) return kind === "dpkgParts" ? undefined : kind;
  return isPart(path) && !path.endsWith(".md5sums") ? "dpkgParts" : undefined;
}

/** Whatever happens to this path concerns a database. */
export function concernsDatabases(path: string): boolean {
  return onTheWay.has(path) || exactly.has(path) || isPart(path);
}

function isPart(path: string): boolean {
  return path.startsWith(parts) && !path.slice(parts.length).includes("/");
}

/** Would a link in the place of a folder, or of a database, lead to where nobody looks? */
export function leadsAstray(path: string, target: string): boolean {
  const to = leadsTo(path, target);
  return places.some((place) => {
    if (place.path !== path && !place.path.startsWith(`${path}/`)) return false;
    return !exactly.has(`${to}${place.path.slice(path.length)}`);
  });
}

/** The folders above a path, from the root. */
export function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) folders.push(path.slice(0, at));
  return folders;
}
