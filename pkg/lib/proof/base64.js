// Base64 in exactly its canonical form (RFC 4648 §3.5), which `atob` alone does not insist on.

/** @param {string} text @returns {Uint8Array<ArrayBuffer> | undefined} */
export function fromBase64(text) {
  try {
    const binary = atob(text);
    return btoa(binary) === text ? Uint8Array.from(binary, (it) => it.charCodeAt(0)) : undefined;
  } catch {
    return undefined;
  }
}

/** A signature's text, which may be wrapped: CR and LF are dropped, and nothing else is forgiven. @param {string} text */
export function signatureFrom(text) {
  const signature = fromBase64(text.replaceAll(/[\r\n]/g, ""));
  return signature?.length ? signature : undefined;
}
