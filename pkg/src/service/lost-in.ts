// What `JSON.parse` loses without a word: all but the last of fields with one name, and the end of a number with more
// digits than JavaScript keeps. Two requests that differ there would look the same, and have the same hash.
import { withoutTrailing } from "../trailing.ts";
import { liveParts } from "./binding.ts";

/** Live parts with parts of their own, or a time: a product's state is no such thing. */
const moving = liveParts.filter((part) => !["status", "code", "state", "final"].includes(part));

/** A string, a number, or a sign of structure. The text is JSON: all else between them says nothing. */
const token = /"|-?\d[-+.\deE]*|[{}[\],:]/g;

/**
 * What a reader of a reply's text would not see, in words; nothing where all of it is kept. Not of what moves by itself
 * ({@link moving}): no decision is bound to it.
 *
 * @param text JSON that was parsed
 */
export function lostIn(text: string): string | undefined {
  /** The names of each object that is open; nothing for a list. */
  const open: (Set<string> | undefined)[] = [];
  let mayName = false;
  /** Within a part that moves by itself. */
  let isMoving = false;
  token.lastIndex = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [sign] = found;
    const names = open.at(-1);
    if (sign === '"') {
      const end = endOfString(text, found.index);
      token.lastIndex = end + 1;
      if (!names || !mayName) continue;
      mayName = false;
      const name = String(JSON.parse(text.slice(found.index, end + 1)));
      if (open.length === 1) isMoving = moving.includes(name);
      if (names.has(name) && !isMoving) return "two fields of one name";
      names.add(name);
    } else if (sign === "{" || sign === "[") {
      open.push(sign === "{" ? new Set() : undefined);
      mayName = true;
    } else if (sign === "}" || sign === "]") {
      open.pop();
    } else if (sign === ",") {
      mayName = true;
    } else if (sign !== ":" && !isMoving && exactValue(sign) !== exactValue(String(Number(sign)))) {
      return "a number that JavaScript cannot keep";
    }
  }
  return undefined;
}

/** Where the string ends that begins here: at a quote after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"' || at >= text.length) return at;
  }
}

/** One text for all spellings of a number's value, such as `1.50`, `15e-1` and `1.5`. Zero has no sign. */
function exactValue(number: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(number);
  if (!parts) return number;
  const [, sign, whole = "", fraction = "", exponent = "0"] = parts;
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = withoutTrailing(digits, "0");
  if (kept === "") return "0";
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}
