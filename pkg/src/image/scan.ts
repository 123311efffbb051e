// Many references in one text, one a line.
import * as core from "../core.ts";
import { instance } from "../instance.ts";
import { ask, at, between, longest, put, wellFormed, whyWrong } from "../texts.ts";
import { readPut } from "./read.ts";
import type { CanonicalReference, ReferenceScan, ScanError, ScannedReference } from "./reference.ts";

/** How much of a line is looked at that is longer than the module's room: more than a reference can have. */
const enough = 1000;

/**
 * Checks many references in one call, one a line. Empty lines and lines that begin with `#` are passed over. A wrong
 * line is no exception: it stands in the result.
 *
 * @throws {OcisignError} `bad-input` when it is not text.
 * @example
 * ```js
 * import { scanReferences } from "ocisign";
 *
 * const { references, errors } = scanReferences(`# tonight\n${image}\nlocalhost/app:1.0\n`);
 * console.log(references.length); // 1
 * for (const { line, code } of errors) console.log(line, code); // 3 digest-missing
 * ```
 */
export function scanReferences(text: string): ReferenceScan {
  if (typeof text !== "string") throw core.wrongReference(text, "list");
  // A list without lines, too, needs the module to be there.
  void instance.functions;
  const references: ScannedReference[] = [];
  const errors: ScanError[] = [];
  // Windows writes a byte order mark in front of a file; it is not of the first line.
  let begin = text.startsWith("\ufeff") ? 1 : 0;
  let before = 1;
  while (begin < text.length) {
    const { lines, left } = linesFrom(text, begin);
    // No line with another character than ASCII is right. Then places in bytes are those in UTF-16 units.
    if (put(lines) !== lines.length) put(lines.replace(/[\u0080-\uffff]/g, "\x7f"));
    const count = ask("readLines", lines.length);
    const [end, passed] = [begin + at(0), at(1)];
    const places = between(2, 2 + 5 * count);
    for (let place = 0; place < places.length; place += 5) {
      const line = before + (places[place] ?? 0);
      const from = begin + (places[place + 1] ?? 0);
      const name = places[place + 2] ?? 0;
      const digest = places[place + 3] ?? 0;
      const to = begin + (places[place + 4] ?? 0) + left;
      if (name > 0) {
        references.push({ line, canonical: canonicalIn(text, from, begin + name, begin + digest, to) });
      } else {
        readAlone(line, text.slice(from, to), references, errors);
      }
    }
    begin = end + left;
    before += passed;
  }
  return { references, errors };
}

/** As many whole lines as the module has room for; of a line that is too long, its two ends, and how much was left out. */
function linesFrom(text: string, begin: number): { lines: string; left: number } {
  const lines = text.slice(begin, begin + longest);
  if (begin + longest >= text.length) return { lines, left: 0 };
  const end = lines.lastIndexOf("\n") + 1;
  if (end > 0) return { lines: lines.slice(0, end), left: 0 };
  const lineBreak = text.indexOf("\n", begin);
  const next = lineBreak < 0 ? text.length : lineBreak + 1;
  const ends = text.slice(begin, begin + enough) + text.slice(next - 2, next);
  return { lines: ends, left: next - begin - ends.length };
}

/** The text of a line whose name has its one spelling, without the tag. */
function canonicalIn(
  text: string,
  from: number,
  name: number,
  digest: number,
  to: number,
): CanonicalReference {
  // The module has read it as one.
  return (
    name + 1 === digest ? text.slice(from, to) : text.slice(from, name) + text.slice(digest - 1, to)
  ) as CanonicalReference;
}

/** Reads a line that is wrong, or whose name has another spelling. */
function readAlone(line: number, given: string, references: ScannedReference[], errors: ScanError[]): void {
  const bytes = put(given);
  const reference = bytes === undefined ? undefined : readPut(given, bytes);
  if (reference) {
    references.push({ line, canonical: reference.canonical });
    return;
  }
  const wrong = bytes === undefined ? core.wrongReference(given, "reference") : whyWrong(bytes);
  const { code, message, fix, offset } = wrong;
  errors.push({ line, text: bytes === given.length ? given : wellFormed(given), code, message, fix, offset });
}
