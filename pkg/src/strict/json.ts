// JSON as strict as proofs need it: RFC 8259 without its freedoms. A name that stands twice, text after the value, a
// byte order mark, half a surrogate pair, a number that no double holds or deep nesting is an error. So is a field whose
// name differs from a known one only by case, as Go's readers do not. Readers that forgive these disagree about what a
// signed text says. In that gap, a signature comes to cover something else.
import { isList, isRecord } from "../foreign.ts";
import { quoted, refuse } from "./fault.ts";
import type { Shape } from "./shapes.ts";

const deepest = 32;

/**
 * @param what the name of the text in the reason
 * @param shape the fields that it may have
 */
export function parseStrictly(bytes: Uint8Array, what: string, shape: Shape): unknown {
  const text = decode(bytes, what);
  const value = parse(text, what);
  checkNames(text, what);
  if (hasEndlessNumber(value)) refuse(`${what} is damaged: it has a number that is too large.`);
  checkCase(value, what, shape);
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
  let names: Set<string> | undefined;
  // The first string after an opening brace or a comma is a name, in an object.
  let mayName: boolean | undefined;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const end = endOfString(text, at);
        const string = stringIn(text, at, end, what);
        if (names && mayName) {
          if (names.has(string)) refuse(`${what} is damaged: it has the name ${quoted(string)} twice.`);
          names.add(string);
        }
        mayName = false;
        at = end;
        break;
      }
      case openBrace:
      case openBracket:
        names = text.charCodeAt(at) === openBrace ? new Set() : undefined;
        open.push(names);
        if (open.length > deepest) refuse(`${what} is damaged: it is nested too deeply.`);
        mayName = true;
        break;
      case closeBrace:
      case closeBracket:
        open.pop();
        names = open.at(-1);
        break;
      case comma:
        mayName = true;
        break;
    }
  }
}

/** JSON.parse makes Infinity of a number such as 1e999. Go's and Rust's readers refuse the text. It is not nested deeply. */
function hasEndlessNumber(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasEndlessNumber);
}

const [quote, comma] = [0x22, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
const backslash = 0x5c;

/** Where the string ends that begins here: a quote after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end;
  }
}

/** What a string says. Only an escape can stand for something else, or for half a surrogate pair. */
function stringIn(text: string, start: number, end: number, what: string): string {
  const plain = text.slice(start + 1, end);
  if (!plain.includes("\\")) return plain;
  const string = String(JSON.parse(`"${plain}"`));
  if (/\p{Surrogate}/u.test(string)) refuse(`${what} is damaged: it has half a surrogate pair.`);
  return string;
}

/** Refuses a field that other readers take for one of these fields. */
function checkCase(value: unknown, what: string, shape: Shape): void {
  if (isList(value)) {
    for (const item of value) checkCase(item, what, shape);
  } else if (isRecord(value)) {
    const known = namesOf(shape);
    if (known.size === 0) return;
    for (const [name, field] of Object.entries(value)) {
      const own = Object.hasOwn(shape, name) ? name : undefined;
      const meant = own ?? known.get(withoutCase(name));
      if (meant === undefined) continue;
      if (meant !== name) {
        refuse(`${what} has the field ${quoted(name)}, which other readers take for \`${meant}\`.`);
      }
      checkCase(field, what, shape[name] ?? {});
    }
  }
}

/** The fields of a shape, by their names without case. */
function namesOf(shape: Shape): ReadonlyMap<string, string> {
  const names = knownNames.get(shape) ?? new Map(Object.keys(shape).map((name) => [withoutCase(name), name]));
  knownNames.set(shape, names);
  return names;
}

const knownNames = new WeakMap<Shape, ReadonlyMap<string, string>>();

/**
 * One text for all that a reader might take for the same. Go's `encoding/json` folds the letters of ASCII, `\u017f` and
 * the Kelvin sign (`\u212a`); both mappings together fold these and more, such as the dotless i.
 */
function withoutCase(name: string): string {
  return name.toUpperCase().toLowerCase();
}
