// The text of a file: UTF-8, or UTF-16 as PowerShell 5 writes it by `>` and editors of Windows save it.

/** The text without a byte order mark; undefined when the bytes are no text. */
export function textIn(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  return text.includes("\0") ? undefined : text;
}

/** By its byte order mark; without one, in UTF-16 each second byte of ASCII is zero. */
export function encodingOf(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  const isPaired = bytes.length >= 4 && bytes.length % 2 === 0;
  const zeros = (from: number) => bytes.every((byte, at) => at % 2 !== from || byte === 0);
  const letters = (from: number) => bytes.every((byte, at) => at % 2 !== from || byte !== 0);
  if (isPaired && zeros(1) && letters(0)) return "utf-16le";
  if (isPaired && zeros(0) && letters(1)) return "utf-16be";
  return "utf-8";
}
