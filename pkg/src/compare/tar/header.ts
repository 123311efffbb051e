// One header of a tar archive: ustar, with what GNU, star and the time before any of them did with it.
import { quoted, refuse } from "../../strict/fault.ts";
import { fieldOf, numberAt, textOf } from "./bytes.ts";

export const blockSize = 512;

export interface Header {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Of a device: which one, by its two numbers. */
  readonly device: readonly [major: number, minor: number];
  /** A character. */
  readonly type: string;
  readonly target: string;
}

/** Reads a block of 512 bytes that is not all zero. */
export function headerIn(block: Uint8Array): Header {
  checkSum(block);
  const type = String.fromCharCode(block[156] ?? 0);
  return {
    name: nameIn(block),
    mode: numberAt(block, 100, 8, "mode") & 0o7777,
    uid: numberAt(block, 108, 8, "owner"),
    gid: numberAt(block, 116, 8, "group"),
    size: numberAt(block, 124, 12, "size"),
    type,
    device: deviceIn(block),
    target: textOf(fieldOf(block, 157, 100)),
  };
}

/** What is older than ustar has no such numbers. */
function deviceIn(block: Uint8Array): Header["device"] {
  if (!/^ustar(\0| {2}\0)/.test(textOf(block.subarray(257, 265)))) return [0, 0];
  return [numberAt(block, 329, 8, "device"), numberAt(block, 337, 8, "device")];
}

/** Some have summed up signed bytes. */
function checkSum(block: Uint8Array): void {
  const told = numberAt(block, 148, 8, "checksum");
  let [plain, signed] = [0, 0];
  for (let at = 0; at < blockSize; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
    plain += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  if (told !== plain && told !== signed)
    refuse("What should be an entry's header is none: its checksum is wrong.");
}

function nameIn(block: Uint8Array): string {
  const name = textOf(fieldOf(block, 0, 100));
  const prefix = prefixIn(block);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** GNU keeps times in its place, and what is older keeps nothing there. */
function prefixIn(block: Uint8Array): string {
  const magic = textOf(block.subarray(257, 265));
  if (magic.startsWith("ustar\0")) {
    const isStar = textOf(block.subarray(508, 512)) === "tar\0";
    return textOf(fieldOf(block, 345, isStar ? 131 : 155));
  }
  return magic === "ustar  \0" ? prefixOfGnu(block) : "";
}

/**
 * Go once wrote a prefix over GNU's times. Where these are no times, Go takes them for a prefix to this day, and GNU does
 * not: the entry would be somewhere else for either.
 */
function prefixOfGnu(block: Uint8Array): string {
  const areTimes = [345, 357].every((at) => block[at] === 0 || isNumber(block.subarray(at, at + 12)));
  return areTimes
    ? ""
    : refuse("An entry's times are none, so that readers take them for a part of its name.");
}

/** As Go sees it: base 256 that fits, or octal digits between blanks and NULs, up to the next NUL. */
function isNumber(field: Uint8Array): boolean {
  const [first = 0, ...others] = field.subarray(0, 5);
  if (first > 0x7f) return others.every((byte) => byte === (first === 0xff ? 0xff : 0));
  return /^[ \0]*[0-7]*(?:\0.*|[ \0]*)$/s.test(textOf(field));
}

const kinds = {
  "0": "file",
  "\0": "file",
  // "Contiguous": no system tells it from a file.
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "device",
  "4": "device",
  "5": "directory",
  "6": "fifo",
} as const;

export type Kind = (typeof kinds)[keyof typeof kinds];

/** What an entry is. What no runtime unpacks is refused. */
export function kindOf({ type, name }: Header): Kind {
  if (type === "\0" && name.endsWith("/")) return "directory";
  return type in kinds
    ? kinds[type as keyof typeof kinds]
    : refuse(`The entry ${quoted(name)} is of type ${quoted(type)}, which is not read.`);
}
