// What of an input a message may repeat. People give a secret where something else is asked for: a token where a file is
// named, a password before an `@`, a signed query in a URL. So what could be a secret is withheld, and what is asked for
// as a file is called by its path only if it surely is one. The library quotes by the same rule (src/quote.rs).
import { existsSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { couldBeSecret, shownReference as shownIfHarmless } from "../shown/given-text.ts";
import { visible } from "../shown/visible.ts";
import { withoutSecrets } from "./secrets.ts";

export { couldBeSecret, withheld, withoutUrlSecrets } from "../shown/given-text.ts";

/** What may be shown of a text that was given as a reference. What is known to be a secret is one, whatever it looks like. */
export function shownReference(text: string): string | undefined {
  const shown = shownIfHarmless(text);
  return shown === undefined || withoutSecrets(shown) !== shown ? undefined : shown;
}

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
