// Text and numbers in the fields of tar headers.
import { refuse } from "../../strict/fault.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * A name. What is not UTF-8 stays apart from all that is: each of its bytes above 127 becomes half a surrogate pair, as
 * Python's `surrogateescape` has it.
 */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    if (byte > 127) return foreignText(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

function foreignText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte > 127 ? 0xdc00 + byte : byte)).join("");
  }
}

/** A field up to its first NUL. */
export function fieldOf(bytes: Uint8Array, from: number, length: number): Uint8Array {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return end === -1 ? field : field.subarray(0, end);
}

/** A number: octal digits, or the whole field in base 256 where its first bit says so (GNU). */
export function numberAt(block: Uint8Array, from: number, length: number, what: string): number {
  const first = block[from] ?? 0;
  if (first < 0x80) return octalAt(block, from, length, what);
  if (first !== 0x80) return refuse(`An entry's ${what} is below zero, or beyond all numbers.`);
  let value = 0;
  for (let at = from + 1; at < from + length; at++) {
    value = value * 256 + (block[at] ?? 0);
    if (!Number.isSafeInteger(value)) return refuse(`An entry's ${what} is beyond all numbers.`);
  }
  return value;
}

const [zero, seven, space] = [0x30, 0x37, 0x20];

function octalAt(block: Uint8Array, from: number, length: number, what: string): number {
  let [at, end] = [from, from + length];
  while (at < end && isPadding(block[at])) at++;
  while (end > at && isPadding(block[end - 1])) end--;
  let value = 0;
  for (; at < end; at++) {
    const digit = block[at] ?? 0;
    // What follows a NUL is no part of the field.
    if (digit === 0) break;
    if (digit < zero || digit > seven) return refuse(`An entry's ${what} is no number.`);
    value = value * 8 + (digit - zero);
  }
  return value;
}

function isPadding(byte: number | undefined): boolean {
  return byte === space || byte === 0;
}

/** A whole number in decimal digits, as pax writes it. */
export function decimal(text: string, what: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : refuse(`An entry's ${what} is no number.`);
}
