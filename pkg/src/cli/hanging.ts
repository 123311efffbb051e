// A long value beside its name, on a terminal. The terminal itself would go on at its left edge, where a value could
// imitate the next name. So the value goes on below itself.
import stringWidth from "string-width";

/** A terminal that is narrower than this cannot be helped. */
const leastRoom = 20;

/**
 * @param text one line, with what it hides written out
 * @param indent where it begins
 * @param columns of the terminal; undefined for what is none: a log breaks no lines
 */
export function hanging(text: string, indent: number, columns: number | undefined): string {
  const room = Math.max(leastRoom, (columns ?? Number.POSITIVE_INFINITY) - indent);
  if (text.length <= room && /^[ -~]*$/.test(text)) return text;
  return linesOf(text, room).join(`\n${" ".repeat(indent)}`);
}

const segmenter = new Intl.Segmenter();

function linesOf(text: string, room: number): string[] {
  const lines: string[] = [];
  let [line, width] = ["", 0];
  for (const { segment } of segmenter.segment(text)) {
    const own = stringWidth(segment);
    if (width + own > room && line !== "") {
      lines.push(line);
      [line, width] = ["", 0];
    }
    line += segment;
    width += own;
  }
  return [...lines, line];
}
