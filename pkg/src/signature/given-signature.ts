// A signature as signing services and tools give it. What is pushed is one form: base64 of RSASSA-PKCS1-v1_5, or of
// ECDSA in DER, as cosign writes it.

/** No key of ours makes a longer one. */
const mostBytes = 4096;

/** Bytes in whatever holds them. */
export type ByteContainer = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;

/**
 * What the value may mean, the likeliest first; none if it is neither text nor bytes. Which of them it is, only the key
 * says: 64 bytes can be an ECDSA signature in either form.
 *
 * - ECDSA with r and s side by side, each as long as the curve (IEEE P1363), as Azure Key Vault, PKCS #11 and
 *   `crypto.subtle.sign` give it;
 * - text in base64, in base64url (RFC 4648 §5), which has no padding, or in hexadecimal.
 */
export function readings(signature: unknown): readonly Uint8Array<ArrayBuffer>[] {
  const given =
    typeof signature === "string"
      ? bytesOfText(signature)
      : [bytesIn(signature)].filter((it) => it !== undefined);
  const whole = given.filter(({ length }) => length > 0 && length <= mostBytes);
  return whole.flatMap((bytes) => (isSideBySide(bytes) ? [bytes, derOf(bytes)] : [bytes]));
}

function bytesOfText(text: string): Uint8Array<ArrayBuffer>[] {
  const packed = text.replace(/\s/g, "");
  if (packed.length > 2 * mostBytes) return [];
  const isHex = packed.length % 2 === 0 && /^[0-9a-f]+$/i.test(packed);
  const hex = Array.from({ length: packed.length / 2 }, (_, at) =>
    Number.parseInt(packed.slice(2 * at, 2 * at + 2), 16),
  );
  const bytes = fromAnyBase64(packed);
  return [...(bytes ? [bytes] : []), ...(isHex ? [Uint8Array.from(hex)] : [])];
}

function fromAnyBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const standard = text.replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(standard), (it) => it.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** A copy. A caller's value may throw at every touch: that is no bytes either. */
function bytesIn(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  try {
    if (ArrayBuffer.isView(value)) {
      return Uint8Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
    // Not `instanceof`: each realm has a class of its own.
    const kind = Object.prototype.toString.call(value);
    const isBuffer = kind === "[object ArrayBuffer]" || kind === "[object SharedArrayBuffer]";
    return isBuffer ? Uint8Array.from(new Uint8Array(value as ArrayBuffer)) : undefined;
  } catch {
    return undefined;
  }
}

/** The lengths for P-256, P-384 and P-521. */
function isSideBySide({ length }: Uint8Array): boolean {
  return [64, 96, 132].includes(length);
}

/** r and s side by side, as DER (RFC 3279 §2.2.3). */
function derOf(fixed: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = fixed.length / 2;
  const numbers = [...integer(fixed.subarray(0, half)), ...integer(fixed.subarray(half))];
  const length = numbers.length < 0x80 ? [numbers.length] : [0x81, numbers.length];
  return Uint8Array.from([0x30, ...length, ...numbers]);
}

/** As short as it can be, with a zero in front where it would be negative. */
function integer(bytes: Uint8Array): number[] {
  // Of zeros alone, the last one stays: -1 counts from the end.
  const short = [...bytes.subarray(bytes.findIndex((byte) => byte !== 0))];
  const number = (short[0] ?? 0) < 0x80 ? short : [0, ...short];
  return [0x02, number.length, ...number];
}
