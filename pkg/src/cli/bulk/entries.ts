// What the lines of a list say: an image, or something that is none. Empty lines and comments say nothing.
import type { FileHandle } from "node:fs/promises";
import type { ScanError } from "ocisign";
import { linesOf, type Piece } from "./lines.ts";

/** A line that names no image. */
export interface WrongLine {
  readonly line: number;
  readonly text: string;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  /** Where, in bytes from the beginning of the line. */
  readonly offset: number;
}

/** A line that says something. */
export interface Entry {
  readonly line: number;
  /** The canonical reference, or the line as it stands there if it is none. */
  readonly text: string;
  readonly wrong?: WrongLine;
}

/** In their order; those of one piece of the file together. */
export async function* entriesIn(handle: FileHandle, name: string): AsyncGenerator<readonly Entry[]> {
  const { scanReferences } = await import("ocisign");
  for await (const piece of linesOf(handle, name)) {
    // A line of spaces, or an indented comment, is no mistake.
    const { references, errors } = scanReferences(piece.text.replace(/^[ \t]+(#.*)?$/gm, ""));
    const before = piece.line - 1;
    const right = references.map(({ line, canonical }): Entry => ({ line: line + before, text: canonical }));
    if (errors.length === 0) {
      yield right;
      continue;
    }
    const wrong = errors.map((error) => wrongEntry(error, piece));
    yield [...right, ...wrong].sort((a, b) => a.line - b.line);
  }
}

function wrongEntry({ line: within, text, code, message, fix, offset }: ScanError, piece: Piece): Entry {
  const line = within + piece.line - 1;
  const wrong = noText(line, piece) ?? { code, message, fix, offset };
  return { line, text, wrong: { line, text, ...wrong } };
}

/** What no rule for references can say. */
function noText(line: number, { line: first, broken, cutFrom }: Piece) {
  const place = broken.get(line);
  if (line === first && cutFrom !== undefined) {
    const message = `The line has ${cutFrom} bytes, more than any reference.`;
    return { code: "bad-line", message, fix: "Write one image a line.", offset: 0 };
  }
  if (place === undefined) return undefined;
  const message = `The line is not UTF-8 text: no character begins at byte ${place}.`;
  return { code: "bad-utf8", message, fix: "Save the list as UTF-8.", offset: place };
}

/** Does its text show what is wrong with it? */
export function isOfReference({ code }: WrongLine): boolean {
  return code !== "bad-line" && code !== "bad-utf8";
}
