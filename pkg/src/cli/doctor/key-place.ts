// Where a product shows its public key.
import { type PublicKey, readPublicKey } from "ocisign";
import { isList, isRecord } from "../../foreign.ts";

const deepest = 10;
/** The shortest key that is signed with, a P-256 one, has more characters in base64. */
const shortest = 100;

export interface KeyPlace {
  /** As a profile's `publicKeyPath`. */
  readonly path: string;
  readonly key: PublicKey;
}

/** Every place of a key in a product, in its order. */
export function keyPlacesIn(product: unknown): KeyPlace[] {
  return textsIn(product, "", deepest).flatMap(({ path, text }) => {
    const key = text.length >= shortest ? keyOf(text) : undefined;
    return key ? [{ path, key }] : [];
  });
}

function keyOf(text: string): PublicKey | undefined {
  try {
    return readPublicKey(text);
  } catch {
    // Another long text.
    return undefined;
  }
}

interface TextAt {
  readonly path: string;
  readonly text: string;
}

function textsIn(value: unknown, path: string, depth: number): TextAt[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (depth === 0) return [];
  if (isList(value)) return value.flatMap((part) => textsIn(part, `${path}[]`, depth - 1));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    textsIn(part, path ? `${path}.${name}` : name, depth - 1),
  );
}
