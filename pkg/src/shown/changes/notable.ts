// What of a comparison an approver has to see, in words, with both sides of it where it is something that has sides.
import type { ImageChanges, Notable } from "ocisign";
import { type Part, type PartKey, partsOf } from "./parts.ts";
import { platformName } from "./platform-name.ts";
import { comparedIn } from "./sides.ts";
import { exact, words as ours, type Told } from "./told.ts";
import type { ChangeWords } from "./words.ts";

export interface Noticed {
  /** For programs. */
  readonly code: string;
  /** In our words: `The image starts another program.` */
  readonly text: string;
  /** What it is about, such as the variable's name. */
  readonly subject?: Told;
  readonly before?: Told;
  readonly after?: Told;
  /** On which platforms; empty for all. */
  readonly platforms: readonly string[];
}

/** What is the same on several platforms is told once. */
export function noticedIn(changes: ImageChanges, words: ChangeWords): Noticed[] {
  const parts = partsByPlatform(changes, words);
  const found = new Map<string, { noticed: Noticed; platforms: Set<string> }>();
  for (const notable of changes.notable.flatMap((one) => bySides(one, parts, words))) {
    const noticed = noticedOf(notable, parts, words);
    const key = JSON.stringify([noticed, notable.platform === undefined]);
    const known = found.get(key) ?? { noticed, platforms: new Set() };
    if (notable.platform !== undefined) known.platforms.add(notable.platform);
    found.set(key, known);
  }
  return [...found.values()].map(({ noticed, platforms }) => ({
    ...noticed,
    platforms: isOfAll(platforms, parts) ? [] : [...platforms],
  }));
}

/** What is notable of all platforms, for each of them where it is not the same: another program may start on each. */
function bySides(notable: Notable, parts: PartsByPlatform, words: ChangeWords): readonly Notable[] {
  if (notable.platform !== undefined || parts.size < 2) return [notable];
  const each = [...parts.keys()].map((platform) => ({ ...notable, platform }));
  const told = new Set(each.map((one) => JSON.stringify(noticedOf(one, parts, words))));
  return told.size > 1 ? each : [notable];
}

function noticedOf(
  { code, platform, subject }: Notable,
  parts: PartsByPlatform,
  words: ChangeWords,
): Noticed {
  const of = platform === undefined ? [...parts.values()].flat() : (parts.get(platform) ?? []);
  const place = places[code];
  const rows = of.filter(({ key }) => key === place?.part).flatMap((part) => part.rows);
  const row = rows.find(({ key, state }) => key === (place?.row ?? subject) && state !== "same");
  return {
    code,
    // A later version of the package may know more than these words.
    text: words.notable[code] ?? code,
    ...(subject !== undefined && {
      subject: code === "unreadable" ? partNamed(subject, words) : exact(subject),
    }),
    ...(row?.before && { before: row.before }),
    ...(row?.after && { after: row.after }),
    platforms: [],
  };
}

/** Is it of each platform that both images have, and of no other? */
function isOfAll(platforms: ReadonlySet<string>, parts: PartsByPlatform) {
  return platforms.size === parts.size && [...platforms].every((name) => parts.has(name));
}

type PartsByPlatform = ReadonlyMap<string, readonly Part[]>;

/** The platforms that both images have, with their parts. */
function partsByPlatform({ platforms }: ImageChanges, words: ChangeWords): PartsByPlatform {
  const compared = platforms.map(comparedIn).filter((changes) => changes !== undefined);
  return new Map(
    compared.map((changes) => [
      changes.platform ? platformName(changes.platform) : "",
      partsOf(changes, words),
    ]),
  );
}

/** Where both sides of it stand; without `row`, in the row that its subject names. */
const places: Readonly<Record<string, { readonly part: PartKey; readonly row?: string } | undefined>> = {
  entrypoint: { part: "start", row: "entrypoint" },
  command: { part: "start", row: "command" },
  user: { part: "start", row: "user" },
  "user-root": { part: "start", row: "user" },
  "working-directory": { part: "start", row: "workingDirectory" },
  "health-check": { part: "start", row: "healthCheck" },
  "on-build": { part: "others", row: "config.OnBuild" },
  "base-replaced": { part: "layers", row: "base" },
  "created-earlier": { part: "age", row: "created" },
  source: { part: "labels", row: "org.opencontainers.image.source" },
  "variable-loads-code": { part: "environment" },
  "variable-reroutes": { part: "environment" },
  "file-setuid": { part: "files" },
  "file-setgid": { part: "files" },
  "file-capabilities": { part: "files" },
  "file-device": { part: "files" },
  "file-unusual-place": { part: "files" },
  "file-world-writable": { part: "files" },
};

/** A part is named as the data name it. */
function partNamed(name: string, { fields, lists, unread }: ChangeWords): Told {
  const all: Readonly<Record<string, string>> = { ...fields, ...lists, ...unread };
  const word = Object.hasOwn(all, name) ? all[name] : undefined;
  return word === undefined ? exact(name) : ours(word);
}
