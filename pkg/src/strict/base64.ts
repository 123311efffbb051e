// Base64 in exactly its canonical form (RFC 4648 §3.5), which `atob` alone does not insist on.

export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? bytesIn(binary) : undefined;
  } catch {
    return undefined;
  }
}

export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // No function takes millions of arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return btoa(pieces.join(""));
}

/** A byte for each character. */
function bytesIn(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length);
  // `Uint8Array.from` with a function takes ten times as long.
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** A signature's text, which may be wrapped: CR and LF are dropped, and nothing else is forgiven. */
export function signatureFrom(text: string): Uint8Array<ArrayBuffer> | undefined {
  const signature = fromBase64(withoutBreaks(text));
  return signature?.length ? signature : undefined;
}

/** The text without the line breaks at which tools wrap it. */
function withoutBreaks(text: string): string {
  return text.replaceAll(/[\r\n]/g, "");
}
