// Texts of a service or of a file may hold escape sequences, line breaks and marks of direction. A terminal would obey
// them, or show the text in another order. So they are written out, by the same list as on the page. A pipeline would
// obey other texts, in whichever line of a log they stand: those are written out, too.
import { type Kind, type Piece, pieces } from "./hidden-characters.ts";

/** The text on one line, with everything that it hides written out. `exact` is what should be ASCII. */
export function visible(text: unknown, kind: Kind = "prose"): string {
  return pieces(String(text), kind).map(writtenOut).join("").replace(commands, orderless);
}

/**
 * What begins a command of a runner: `##[name]` of GitHub, also in the middle of a line, `##vso[name]` of Azure and
 * `##teamcity[name]`; and `::name::` of GitHub where a line begins, perhaps behind blanks. The name's end is looked for
 * nowhere: from each of its letters, the rest of the text would be searched again.
 */
const commands = /#(?=#\w*\[)|^(?<blanks> *):(?=:\s*-*\w.*::)/g;

function orderless(_: string, blanks: string | undefined): string {
  return blanks === undefined ? escaped(0x23, 1) : `${blanks}${escaped(0x3a, 1)}`;
}

function writtenOut(piece: Piece): string {
  if (piece.kind === "plain")
    return piece.text.replace(blanks, (run) => ` ${escaped(space, run.length - 1)}`);
  if (piece.kind === "look-alike") return piece.text + escaped(piece.code, 1);
  return escaped(piece.code, piece.times);
}

/** A terminal breaks long lines: many blanks could push a text to where another line seems to begin. */
const blanks = / {2,}/g;
const space = 0x20;

const named = new Map([
  [0x09, "\\t"],
  [0x0a, "\\n"],
]);

/** A character as a terminal may show it; a long run of it as a count. */
function escaped(code: number, times: number): string {
  const one = named.get(code) ?? `\\u{${code.toString(16)}}`;
  return times > mostRepeated ? `${one}×${times}` : one.repeat(times);
}

const mostRepeated = 4;

/** JSON that a terminal can show: what is invisible within its texts is escaped. */
export function visibleJson(value: unknown): string {
  // Line breaks between the fields are JSON's own; those in texts are escaped already.
  return JSON.stringify(value, null, 2).split("\n").map(visibleLine).join("\n");
}

/** The same on one line. Whoever parses it gets exactly what was given. */
export function visibleJsonLine(value: unknown): string {
  return visibleLine(JSON.stringify(value));
}

/** In JSON, what stands here stands within a text; and a line begins with none. */
function visibleLine(written: string): string {
  const line = written.replace(/#(?=#\w*\[)/g, inJson("#"));
  if (!/[^\x20-\x7e]/.test(line)) return line;
  const shown = (piece: Piece) =>
    piece.kind === "hidden" ? inJson(String.fromCodePoint(piece.code)).repeat(piece.times) : piece.text;
  return pieces(line).map(shown).join("");
}

function inJson(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }).join("");
}
