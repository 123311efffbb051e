// ECDSA signatures: tools write DER (RFC 3279 §2.2.3), WebCrypto takes r and s side by side, each as long as the curve,
// and quietly answers no to anything else.
import { refuse } from "../../strict/fault.ts";

/** The length of r and of s in bytes. */
const sizes: Readonly<Record<string, number>> = { "P-256": 32, "P-384": 48, "P-521": 66 };

const form = "The signature is not the DER form of an ECDSA signature.";

/** Turns DER into r‖s. */
export function fixedLength(der: Uint8Array, curve: string): Uint8Array<ArrayBuffer> {
  const size = sizes[curve] ?? 0;
  const [content, after] = element(der, 0x30);
  const [r, rest] = element(content, 0x02);
  const [s, end] = element(rest, 0x02);
  if (after.length || end.length) refuse(form);
  const fixed = new Uint8Array(2 * size);
  for (const [index, number] of [magnitude(r), magnitude(s)].entries()) {
    if (number.length > size) refuse("The signature belongs to a larger curve than the key.");
    fixed.set(number, (index + 1) * size - number.length);
  }
  return fixed;
}

/** The content of the element at the front, and what follows it; lengths as short as they can be. */
function element(bytes: Uint8Array, tag: number): [content: Uint8Array, after: Uint8Array] {
  // Beyond the end there is nothing, which is no length.
  const [found, first = 0xff, second = 0] = bytes;
  const isLong = first === 0x81 && second >= 0x80;
  if (found !== tag || !(isLong || first < 0x80)) refuse(form);
  const start = isLong ? 3 : 2;
  const end = start + (isLong ? second : first);
  if (end > bytes.length) refuse(form);
  return [bytes.subarray(start, end), bytes.subarray(end)];
}

/** A number that is not negative and as short as it can be, without the zero that keeps it so. */
function magnitude(number: Uint8Array): Uint8Array {
  // An empty number is none: it has no first byte, so it counts as negative.
  const [first = 0xff, second = 0] = number;
  const isPadded = first === 0 && second >= 0x80;
  const isShortest = first < 0x80 && (first !== 0 || number.length === 1);
  if (!isPadded && !isShortest) refuse(form);
  return isPadded ? number.subarray(1) : number;
}
