// Bytes that a caller hands over. A caller's value may throw at every touch, as a revoked proxy does: that is no bytes
// either.
import { fieldOf } from "./foreign.ts";

/** A copy of some bytes, if there are no more than `most`; also of a typed array of another realm. */
export function bytesOf(value: unknown, most: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    return isBytes(value) && value.byteLength <= most ? new Uint8Array(value) : undefined;
  } catch {
    return undefined;
  }
}

/** The same of a field of an object. */
export function bytesIn(value: unknown, key: string, most: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    return bytesOf(fieldOf(value, key), most);
  } catch {
    return undefined;
  }
}

/** Not `instanceof`: each realm has a class of its own. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** The bytes of a text in UTF-8. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
