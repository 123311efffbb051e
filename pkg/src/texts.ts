// Hands texts to the module as bytes, and reads where their parts are: what src/js/texts.rs does, from this side. No
// object crosses the boundary, which is most of what a call costs.
import type { ReferenceErrorCode } from "./error.ts";
import { instance, seen } from "./instance.ts";

/** How many numbers and how many bytes the room has, as src/js/texts.rs says. */
const numbers = 5002;
export const longest = 1 << 14;

const encoder = new TextEncoder();
// A byte order mark within a text is one of its characters.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Whose room it is. */
let functions: typeof instance.functions | undefined;
let found = new Uint16Array();
const none = new Uint8Array();
let room = none;

/** Where the room is now: elsewhere in a new instance, and in a new buffer when the memory has grown. */
function look(now: typeof instance.functions): void {
  // Should this be broken off, the next one looks again.
  room = none;
  functions = now;
  const place = ask("roomAt", 0);
  const { buffer } = instance.memory;
  found = new Uint16Array(buffer, place, numbers);
  room = new Uint8Array(buffer, place + 2 * numbers, longest);
}

/** Puts a text into the room, and says how many bytes it has; nothing if there is not enough room. */
export function put(text: string): number | undefined {
  const now = instance.functions;
  if (now !== functions) look(now);
  let { read, written } = encoder.encodeInto(text, room);
  // A memory that has grown leaves an empty view behind.
  if (read !== text.length && room.length === 0) {
    look(now);
    ({ read, written } = encoder.encodeInto(text, room));
  }
  return read === text.length ? written : undefined;
}

type Asked = "roomAt" | "readReference" | "readLines" | "readArtifact" | "whyWrong";

/** Calls a function of the module about the text in the room, of so many bytes. */
export function ask(name: Asked, bytes: number): number {
  try {
    // The functions are known since a text was put into their room, and return a number.
    return functions?.[name]?.(bytes) as number;
  } catch (error) {
    instance.isBroken = true;
    throw seen(error);
  }
}

/** One of the numbers that were found: of ASCII, a place in bytes is one in UTF-16 units as well. */
export function at(place: number): number {
  return found[place] ?? 0;
}

/** All numbers from one place up to another: they stay when another text is asked about. */
export function between(begin: number, end: number): Uint16Array {
  return found.slice(begin, end);
}

/** What the module wrote into the room. */
export function written(bytes: number): string {
  // It may have needed more memory for that.
  if (room.length === 0 && functions) look(functions);
  return decoder.decode(room.subarray(0, bytes));
}

/** What is said of a wrong reference. */
export interface Wrong {
  readonly code: ReferenceErrorCode;
  readonly message: string;
  readonly fix: string;
  readonly offset: number;
}

/** What is wrong with the reference in the room. */
export function whyWrong(bytes: number): Wrong {
  const [code, message, fix] = written(ask("whyWrong", bytes)).split("\n");
  // The module writes these three.
  return { code, message, fix, offset: at(0) } as Wrong;
}

/** A text as the module sees it: half a character of UTF-16 is none. */
export function wellFormed(text: string): string {
  return decoder.decode(encoder.encode(text));
}
