// One header of a tar archive: ustar, with what GNU, star and the time before any of them did with it.
import { quoted, refuse } from "../../strict/fault.ts";
import { fieldOf, numberAt, textOf } from "./bytes.ts";

export const blockSize = 512;

export interface Header {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
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
    size: numberAt(block, 124, 12, "size"),
    type,
    target: textOf(fieldOf(block, 157, 100)),
  };
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
  const isPosix = textOf(fieldOf(block, 257, 6)) === "ustar" && block[262] === 0;
  if (!isPosix) return "";
  const isStar = textOf(block.subarray(508, 512)) === "tar\0";
  return textOf(fieldOf(block, 345, isStar ? 131 : 155));
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
