// JSON as strict as proofs need it: RFC 8259 without its freedoms. A name that stands twice, text after the value, a
// byte order mark, half a surrogate pair or deep nesting is an error. Readers that forgive these disagree about what a
// signed text says, and that is how a signature comes to cover something else.
import { quoted, refuse } from "./fault.js";

const deepest = 32;

/**
 * In a text that is JSON, everything that matters: strings, and what opens, divides and closes. Whole runs at once: an
 * engine that remembers each character of a long string runs out of stack.
 */
const marks = /"(?:[^"\\]+|\\.)*"|[{}[\],:]/g;

/** @param {Uint8Array} bytes @param {string} what as it is called in the reason @returns {any} */
export function parseStrictly(bytes, what) {
  const text = decode(bytes, what);
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse(`${what} is damaged: it is not JSON.`);
  }
  checkNames(text, what);
  return value;
}

/** @param {Uint8Array} bytes @param {string} what */
function decode(bytes, what) {
  try {
    // A byte order mark stays, and is then no JSON.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(`${what} is damaged: it is not UTF-8.`);
  }
}

/** What JSON.parse forgives. It has seen the text, so this may trust in its form. @param {string} text @param {string} what */
function checkNames(text, what) {
  /** The names of each object that is open; nothing for a list. @type {(Set<string> | undefined)[]} */
  const open = [];
  let last = "";
  for (const [mark] of text.matchAll(marks)) {
    if (mark === "{") open.push(new Set());
    else if (mark === "[") open.push(undefined);
    else if (mark === "}" || mark === "]") open.pop();
    if (open.length > deepest) refuse(`${what} is damaged: it is nested too deeply.`);
    if (mark.startsWith('"')) {
      const string = JSON.parse(mark);
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
