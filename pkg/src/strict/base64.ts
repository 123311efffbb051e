// Base64 in exactly its canonical form (RFC 4648 §3.5), which `atob` alone does not insist on.

export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? Uint8Array.from(binary, (it) => it.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
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
