// A part of a file, piece by piece.
import type { FileHandle } from "node:fs/promises";

const pieceSize = 256 * 1024;

/** A piece of a file, new each time: whoever takes one may keep it. Undefined where the file has ended. */
export async function pieceAt(
  file: FileHandle,
  from: number,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const piece = new Uint8Array(Math.min(pieceSize, most));
  const { bytesRead } = await file.read(piece, 0, piece.length, from);
  return bytesRead === 0 ? undefined : piece.subarray(0, bytesRead);
}

/** @param length it ends earlier where the file does */
export async function* piecesOf(
  file: FileHandle,
  from: number,
  length: number,
): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < length; ) {
    const piece = await pieceAt(file, from + at, length - at);
    if (!piece) return;
    yield piece;
    at += piece.length;
  }
}
