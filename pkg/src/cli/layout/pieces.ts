// A part of a file, piece by piece.
import type { FileHandle } from "node:fs/promises";

const pieceSize = 256 * 1024;

/** @param length it ends earlier where the file does */
export async function* piecesOf(
  file: FileHandle,
  from: number,
  length: number,
): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < length; ) {
    // New for each piece: whoever takes one may keep it.
    const piece = new Uint8Array(Math.min(pieceSize, length - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, from + at);
    if (bytesRead === 0) return;
    yield piece.subarray(0, bytesRead);
    at += bytesRead;
  }
}
