// What of an input a message may repeat. People give a secret where something else is asked for: a token where a file is
// named, a password before an `@`, a signed query in a URL. So what could be a secret is withheld, and what is asked for
// as a file is called by its path only if it surely is one. The library quotes by the same rule (src/quote.rs).
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { visible } from "../shown/visible.ts";

/** Stands in a message in the place of what could be a secret. */
export const withheld = "[withheld]";

/** Could this be a secret, or hold one? A key in PEM, several lines, and what looks random, as tokens and keys do. */
export function couldBeSecret(text: string): boolean {
  // `echo` adds a line break to anything.
  const inner = text.trimEnd();
  return /[\r\n]|-----/.test(inner) || (inner.match(/[\w+/=-]+/g) ?? []).some(looksRandom);
}

/** Small letters and capitals, of which at least each fifth is of another kind than the one before it. */
function looksRandom(part: string): boolean {
  const changes = part.match(/(?<=[a-z])[A-Z\d]|(?<=[A-Z])[a-z\d]|(?<=\d)[A-Za-z]/g)?.length ?? 0;
  return part.length >= 18 && /[a-z]/.test(part) && /[A-Z]/.test(part) && changes * 5 >= part.length;
}

/**
 * A URL, or a text that should be one or a reference, as it may be shown. What stands before its `@` and what follows a
 * `?` or `#` can be a password or a key: it becomes stars, one a byte, so that an offset still points to its place.
 */
export function withoutUrlSecrets(text: string): string {
  const stars = (secret: string) => "*".repeat(Buffer.byteLength(secret));
  const [, scheme = "", rest = "", digest = ""] =
    text.match(/^([a-z][a-z0-9+.-]*:\/\/)?(.*?)(@sha\d+:[^@]*)?$/is) ?? [];
  const shown = rest.replace(/^.*(?=@)/s, stars).replace(/(?<=[?#]).*/s, stars);
  return scheme + shown + digest;
}

/** A reference of the user's, unless it could be something else: a secret has no path and no digest. */
export function shownReference(text: string): string | undefined {
  const couldBeReference = text.includes("/") || /@sha\d+:/.test(text);
  const couldBeOther = couldBeSecret(text) || foreign.some((it) => it.test(text.replace(/[?#].*/s, "")));
  return couldBeReference && !couldBeOther ? withoutUrlSecrets(text) : undefined;
}

/**
 * What a reference has not even by mistake, and lines of settings have, each of which may hold a password. What follows
 * a `?` or `#` is passed over, since it is never shown.
 */
const foreign: readonly RegExp[] = [
  // Assignments, JSON and other quoted texts, variables of a shell.
  /["'`{}<>$;=]/,
  // YAML, headers, and the keys of `.npmrc`.
  /:[\s_]/,
  // A path, or an option.
  /^\s*[/\\~.-]/,
  // `user:password`: a registry without a dot has a port of digits.
  /^[^/@.[\]]+:(?!\/\/|\d+(\/|$))/,
  // A command, or a sentence.
  /\S\s+\S+\s+\S/,
];

/** Of a text that is longer than any reference, only the surroundings of the place are shown. In bytes. */
const [longest, ahead, behind] = [1000, 60, 100] as const;

/** A text with a mark below each place that is wrong: offsets in bytes of its UTF-8 form. */
export function pointedAt(text: string, ...offsets: number[]): string | undefined {
  const shown = shownReference(text);
  if (shown === undefined) return undefined;
  const bytes = Buffer.from(shown);
  const isLong = bytes.length > longest;
  const [first = 0] = offsets;
  const start = isLong ? Math.max(0, first - ahead) : 0;
  const end = isLong ? Math.min(bytes.length, first + behind) : bytes.length;
  const places = [...new Set(offsets)]
    .filter((place) => place >= start && place <= end)
    .sort((a, b) => a - b);
  let [line, marks, from] = [start > 0 ? "…" : "", "", start];
  for (const place of places) {
    line += visible(bytes.subarray(from, place));
    marks = `${marks.padEnd(line.length)}^`;
    from = place;
  }
  return `${line}${visible(bytes.subarray(from, end))}${end < bytes.length ? "…" : ""}\n${marks}`;
}

/** The endings by which a name is surely a file's. */
const endings = [
  ...["pem", "key", "pub", "crt", "cer", "der", "p12", "pfx", "jwt", "token"],
  ...[
    "txt",
    "json",
    "jsonl",
    "list",
    "lst",
    "csv",
    "xml",
    "conf",
    "cfg",
    "ini",
    "env",
    "yaml",
    "yml",
    "journal",
  ],
];
const fileName = new RegExp(`^[\\w.-]{1,60}\\.(?:${endings.join("|")})$`);

/**
 * A file as a message calls it: by its path if the file exists; else as far as its folder exists, and by its name only
 * if that has the ending of a file. Nothing is left of what is given in the place of a file.
 */
export function shownPath(path: string): string | undefined {
  if (isThere(path)) return visible(path);
  const [folder, name] = [dirname(path), basename(path)];
  const shownName = fileName.test(name) && !couldBeSecret(name) ? name : undefined;
  // What is named without a folder lies where the program was started.
  if (!/[/\\]/.test(path)) return shownName;
  return isFolder(folder) ? visible(join(folder, shownName ?? "…")) : undefined;
}

/** A name that no file can have is one that is not there. */
function isThere(path: string): boolean {
  return path !== "" && existsSync(path);
}

function isFolder(path: string): boolean {
  return isThere(path) && statSync(path).isDirectory();
}
