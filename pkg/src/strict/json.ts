// JSON as strict as proofs need it: RFC 8259 without its freedoms. A name that stands twice, text after the value, a
// byte order mark, half a surrogate pair or deep nesting is an error. Readers that forgive these disagree about what a
// signed text says. In that gap, a signature comes to cover something else.
import { quoted, refuse } from "./fault.ts";

const deepest = 32;

/**
 * In a text that is JSON, everything that matters: strings, and what opens, divides and closes. Whole runs at once: an
 * engine that remembers each character of a long string runs out of stack.
 */
const marks = /"(?:[^"\\]+|\\.)*"|[{}[\],:]/g;

/** @param what the name of the text in the reason */
export function parseStrictly(bytes: Uint8Array, what: string): unknown {
  const text = decode(bytes, what);
  const value = parse(text, what);
  checkNames(text, what);
  return value;
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(`${what} is damaged: it is not JSON.`);
  }
}

function decode(bytes: Uint8Array, what: string): string {
  try {
    // A byte order mark stays, and is then no JSON.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(`${what} is damaged: it is not UTF-8.`);
  }
}

/** Refuses what JSON.parse forgives. JSON.parse has seen the text, so its form can be trusted. */
function checkNames(text: string, what: string): void {
  // The names of each object that is open; nothing for a list.
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (const [mark] of text.matchAll(marks)) {
    if (mark === "{") open.push(new Set());
    else if (mark === "[") open.push(undefined);
    else if (mark === "}" || mark === "]") open.pop();
    if (open.length > deepest) refuse(`${what} is damaged: it is nested too deeply.`);
    if (mark.startsWith('"')) {
      const string = String(JSON.parse(mark));
      if (/\p{Surrogate}/u.test(string)) refuse(`${what} is damaged: it has half a surrogate pair.`);
      const names = open.at(-1);
      // After an opening brace or a comma, a string in an object is a name.
      if (names && (last === "{" || last === ",")) {
        if (names.has(string)) refuse(`${what} is damaged: it has the name ${quoted(string)} twice.`);
        names.add(string);
      }
    }
    last = mark;
  }
}
