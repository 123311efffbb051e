// What `JSON.parse` loses without a word: all but the last of fields with one name, and the end of a number with more
// digits than JavaScript keeps. Two requests that differ there would look the same, and have the same hash. Of a name
// that is written in two cases it keeps both, and many services read one of them: Go's and .NET's readers pass over case.
import { withoutTrailing } from "../trailing.ts";
import { liveParts } from "./binding.ts";

/** Live parts with parts of their own, or a time: a product's state is no such thing. */
const moving = liveParts.filter((part) => !["status", "code", "state", "final"].includes(part));

/** What people read by its name, as names are compared. Another `artifactURI` would stand unread among other fields. */
const readByName: ReadonlySet<string> = new Set(
  [
    ...["id", "name", "description", "productId", "idProductOperation", "requester", "createdAt"],
    ...["requiredGroups", "requiredApprovals", "payload", "metadata", "value", "optionalParameters"],
    ...["artifactURI", "digest", "hashAlgorithm", "enabled", "state", "productConfigItems"],
    ...["productOperations", "operationType", "token", "keyType", "publicKey"],
  ].map(withoutCase),
);

/** A string, a number, or a sign of structure. The text is JSON: all else between them says nothing. */
const token = /"|-?\d[-+.\deE]*|[{}[\],:]/g;

/**
 * What a reader of a reply's text would not see, in words; nothing where all of it is kept. Not of what moves by itself
 * ({@link moving}): no decision is bound to it.
 *
 * @param text JSON that was parsed
 */
export function lostIn(text: string): string | undefined {
  /** The names of each object that is open, as they are compared, and as they are written; nothing for a list. */
  const open: (Map<string, string> | undefined)[] = [];
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
      const folded = withoutCase(name);
      const key = readByName.has(folded) ? folded : name;
      const before = names.get(key);
      if (before !== undefined && !isMoving)
        return before === name ? "two fields of one name" : "two fields whose names differ only in case";
      names.set(key, name);
    } else if (sign === "{" || sign === "[") {
      open.push(sign === "{" ? new Map() : undefined);
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

/** As Go compares names: `ſ` is an s, and the Kelvin sign a k. */
function withoutCase(name: string): string {
  return name.toUpperCase().toLowerCase();
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
