// Reads a reply's body, and no more of it than is allowed.
import { fieldOf, hasMethod } from "../foreign.ts";
import type { Budget } from "./budget.ts";

/** The bytes, and whether there would have been more. */
export interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly cut: boolean;
  /** The answer, if nothing of it was read yet. */
  readonly open?: unknown;
}

/** Counts the bytes as they come: a registry may announce none, or fewer. What all calls may bring ends it, too. */
export async function readBody(
  answer: unknown,
  most: number,
  budget: Budget,
  signal: AbortSignal,
): Promise<Body> {
  const body = fieldOf(answer, "body");
  if (!isStream(body)) {
    const whole = await wholeBody(answer);
    budget.spend(Math.min(whole.length, most));
    return cutAt(most, whole);
  }
  const reader = body.getReader();
  const giveUp = () => reader.cancel().catch(() => {});
  signal.addEventListener("abort", giveUp);
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      budget.spend(Math.min(value.length, most - length));
      length += value.length;
      if (length > most || budget.bytesLeft < 0) {
        giveUp();
        break;
      }
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  return cutAt(most, joined(pieces, length));
}

/** A body that is read piece by piece. */
export interface OpenBody {
  /** The next piece; undefined at the end. */
  readonly next: () => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Tells the sender that nobody reads on; does nothing at the end. */
  readonly cancel: () => void;
}

/** Opens the body of an answer. What a replaced fetch gives in one piece is one, if it is not too large. */
export function openBody(answer: unknown, most: number): OpenBody {
  const body = fieldOf(answer, "body");
  if (isStream(body)) {
    const reader = body.getReader();
    const next = async () => {
      const { done, value } = await reader.read();
      return done ? undefined : (value as Uint8Array<ArrayBuffer>);
    };
    return { next, cancel: () => reader.cancel().catch(() => {}) };
  }
  let whole: Promise<Uint8Array<ArrayBuffer>> | undefined;
  const next = async () => {
    if (whole) return undefined;
    whole = wholeBody(answer);
    // One byte more than may come says that it is too much.
    return (await whole).subarray(0, most + 1);
  };
  return { next, cancel: () => {} };
}

/** Tells the sender of a body that nobody reads it. */
export function cancelBody(answer: unknown): void {
  const body = fieldOf(answer, "body");
  // A locked stream refuses; the connection is then left to the platform.
  if (isStream(body)) body.cancel().catch(() => {});
}

function isStream(body: unknown): body is ReadableStream<Uint8Array> {
  return hasMethod(body, "getReader");
}

function cutAt(most: number, bytes: Uint8Array<ArrayBuffer>): Body {
  return bytes.length > most ? { bytes: bytes.slice(0, most), cut: true } : { bytes, cut: false };
}

/** Pieces in one. @param length of all together */
export function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** `text()` serves for UTF-8 only; the digest's check refuses bytes that it garbles. */
async function wholeBody(answer: unknown): Promise<Uint8Array<ArrayBuffer>> {
  if (hasMethod(answer, "arrayBuffer")) return new Uint8Array((await answer.arrayBuffer()) as ArrayBuffer);
  if (hasMethod(answer, "text")) return new TextEncoder().encode(String(await answer.text()));
  // Not an empty body: that can mean something.
  throw new TypeError("fetch returned something without a body");
}
