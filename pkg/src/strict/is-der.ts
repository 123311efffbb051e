/**
 * Are these bytes DER? A SEQUENCE (X.690 §8.1) that is long, or exactly as long as it says: no text begins so. What lies
 * in it is content, even if it reads like PEM.
 */
export function isDer(bytes: Uint8Array): boolean {
  const [tag, length = 0] = bytes;
  return tag === 0x30 && (length >= 0x80 || length === bytes.length - 2);
}
