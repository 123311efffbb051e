// A signature in a file, as its signer wrote it: bytes, or base64, base64url or hexadecimal digits.
import { readBytes, readStdinBytes, unreadable } from "../input.ts";

/** Longer than any signature, also in hexadecimal and in lines. */
const longest = 64 * 1024;

/** @param from how the user named the file, such as `--signature` @param file its path; `-` is standard input */
export async function readSignature(file: string, from: string): Promise<string | Uint8Array> {
  const bytes = file === "-" ? await readStdinBytes(`${from} -`) : readBytes(file, from);
  const fix = "Name the file that holds the signature alone, as the signer wrote it.";
  if (bytes.length === 0) throw unreadable(file, from, "it is empty", fix);
  if (bytes.length > longest) throw unreadable(file, from, "it is too large for a signature", fix);
  return isWritten(bytes) ? bytes.toString("latin1") : new Uint8Array(bytes);
}

/** A signature in bytes has others than these, but for one in some 10^13 of the shortest. */
function isWritten(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));
}
